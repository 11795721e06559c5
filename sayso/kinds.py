"""What a source is, read off the head of its noun phrase."""

from __future__ import annotations

import re

from sayso import lexicon

__all__ = ["clean_mention", "kind_of", "person_name", "title_head", "words_of"]

_WORD = re.compile(r"[^\W_](?:[\w.’'&-]*[\w.])?")
_POSSESSIVE = re.compile(r"[’']s?$")
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_INDEFINITE = frozenset("a an one some many several another two three few most other".split())


def words_of(text: str) -> list[str]:
    """The words of a mention, possessive endings dropped."""
    found = (_POSSESSIVE.sub("", word) for word in _WORD.findall(text))
    return [word for word in found if word]


def clean_mention(text: str) -> str:
    """A mention as a name: white space in order, no article, no possessive, no final comma."""
    flat = " ".join(text.split()).strip(" ,;:\"“”'‘’")
    return _POSSESSIVE.sub("", _ARTICLE.sub("", flat)).strip()


def title_head(text: str) -> str | None:
    """The title that a definite description ends in: `the prime minister` gives `minister`."""
    words = [word.lower() for word in words_of(_head_phrase(text))]
    return words[-1] if words and words[-1].rstrip(".") in lexicon.TITLES else None


def person_name(text: str) -> str | None:
    """The full name in a mention: `State Department spokesman John Kirby` gives `John Kirby`.

    None where the mention holds no run of at least two capitalised words that can name a person.
    """
    for phrase in re.split(r"\s*[,;:()–—]\s*", text):
        phrase = _head_phrase(phrase)
        run: list[str] = []
        best: list[str] = []
        for word in [*words_of(phrase), ""]:
            lower = word.lower().rstrip(".")
            thing = _is_thing(lower)
            named = word[:1].isupper() and lower not in lexicon.TITLES and not thing
            if (named and (run or lower not in _OPENERS)) or (
                run and lower in lexicon.NAME_PARTICLES and lower != "of"
            ):
                run.append(word)
            else:
                if _names_person(run) and not (thing and word[:1].isupper()):
                    best = run
                run = []
        if best:
            return " ".join(best)
    return None


_OPENERS = frozenset(
    """but and all when in the a an as if so yet for on at by with after before while though
    although since because now then still also even meanwhile however here there this that
    these those his her its their my our your both many some most other no not what who how
    why""".split()
)


def _names_person(run: list[str]) -> bool:
    named = [word for word in run if word[:1].isupper()]
    return 2 <= len(named) <= 5 and run[-1][:1].isupper()


def _is_thing(lower: str) -> bool:
    return (
        lower in lexicon.GOVERNMENT_HEADS
        or lower in lexicon.STATES
        or lower in lexicon.ORGANISATION_HEADS
        or lower in lexicon.OUTLET_HEADS
        or lower in lexicon.OUTLETS
        or lower in lexicon.GROUP_HEADS
        or lower in lexicon.DOCUMENT_HEADS
        or lower in ("the", "republican", "democratic", "democrat", "american", "russian")
        or (lower.endswith(("ian", "ish", "ese")) and lower in _ADJECTIVES)
    )


_ADJECTIVES = frozenset(
    """ukrainian iranian syrian egyptian brazilian italian canadian australian indian
    indonesian palestinian norwegian austrian hungarian bulgarian romanian belgian serbian
    croatian libyan british irish scottish turkish polish finnish swedish danish spanish
    kurdish english jewish chinese japanese lebanese portuguese vietnamese sudanese
    taiwanese""".split()
)


def kind_of(text: str) -> str:
    """The kind of a source that is no person with a name and no pronoun."""
    phrase = _head_phrase(text)
    words = [word.lower().rstrip(".") for word in words_of(phrase)]
    if not words:
        return "unnamed"
    head, first = words[-1], words[0]
    every = set(words)
    definite = first in _DEFINITE or any(mark in phrase for mark in ("’s ", "'s "))
    if definite and head in lexicon.TITLES and head not in _FACELESS:
        return "person"
    if head in lexicon.UNNAMED_HEADS or (first in _INDEFINITE and head in lexicon.TITLES):
        return "unnamed"
    if every & _OUTLET_NOUNS:
        return "outlet"
    capitals = sum(word[:1].isupper() for word in words_of(phrase)) - (first == "the")
    if head in lexicon.OUTLET_HEADS and capitals > 1 and head not in ("agency", "review"):
        return "outlet"
    if head in lexicon.DOCUMENT_HEADS:
        return "document"
    if every & lexicon.OUTLETS or (head in lexicon.OUTLET_HEADS and head != "agency"):
        return "outlet"
    if head == "agency" and "news" in every:
        return "outlet"
    if head in lexicon.GROUP_HEADS:
        return "group"
    if (
        head in lexicon.GOVERNMENT_HEADS
        or head in lexicon.STATES
        or words_of(phrase)[-1] in _STATES
    ):
        return "government"
    if head in lexicon.ORGANISATION_HEADS:
        return "organisation"
    if every & lexicon.GOVERNMENT_HEADS:
        return "government"
    if len(words) == 1 and head.endswith(_PLURAL_AGENTS):
        return "group"
    if phrase[:1].isupper() and words_of(phrase)[-1][:1].isupper():
        return "organisation" if first == "the" or words_of(phrase)[-1].isupper() else "person"
    if head in lexicon.TITLES:
        return "person" if first == "the" else "unnamed"
    return "group" if head.endswith("s") and first not in _INDEFINITE else "unnamed"


_STATES = frozenset({"U.S", "U.K", "U.N", "E.U"})
_CUT = re.compile(
    r"\s*[,;:()–—]\s*|\s+(?:who|which|that|of|for|from|in|at|on|with|by|to|about|under|behind|"
    r"familiar|including|close|seen|shared|said|briefed|held)\s+",
    re.IGNORECASE,
)


_DEFINITE = frozenset("the his her its their my our".split())
_FACELESS = frozenset("official resident witness reporter journalist officer".split())
_OUTLET_NOUNS = frozenset(
    "newspaper magazine website broadcaster daily weekly tabloid radio tv television".split()
)
_PLURAL_AGENTS = ("ers", "ors", "ists", "iers", "ents", "ants", "ians")


def _head_phrase(text: str) -> str:
    """A noun phrase up to its first post-modifier."""
    flat = " ".join(text.split())
    parts = [part for part in _CUT.split(flat) if part.strip()]
    return parts[0] if parts else flat
