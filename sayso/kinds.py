"""What a source is, read off the head of its noun phrase."""

from __future__ import annotations

import re
from functools import lru_cache

from sayso import lexicon
from sayso.names import CACHED, Word, is_name_word, scan

__all__ = ["clean_mention", "core_mention", "head_of", "kind_of"]

_POSSESSIVE = re.compile(r"(?:[’']s|(?<=s)[’'])$", re.IGNORECASE)
_THE = re.compile(r"^(?:the|both|all of the)\s+", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|an?|both)\s+", re.IGNORECASE)
_MARKS = " ,;:.\"“”'‘’()[]—–-"
_ASIDE = re.compile(r"\s*(?:,\s+(?=[^\W\dA-Z])|;|—|–|\s\(|,\s+(?=\d))")
_CUT = frozenset(
    """of for from in at on with by to about under behind who which that familiar including
    close seen shared said briefed held into over against near within inside outside between
    among this last late during after before following made filed published released issued
    obtained cited""".split()
)
_WRITTEN_OR_RULING = lexicon.DOCUMENT_HEADS | lexicon.GOVERNMENT_HEADS
_NUMBERS = frozenset(
    """one two three four five six seven eight nine ten several some many most few all none
    each both dozens hundreds thousands""".split()
)
_PARTS = frozenset("part parts details detail passage passages story accounts version".split())
_LEADING = frozenset(
    """the a an some many several other most few all both his her its their our my these those
    one two three four five six top senior former independent multiple any every""".split()
)
_INDEFINITE = frozenset("a an one some many several another two three few most other".split())
_DEFINITE = frozenset("the his her its their my our this that".split())
_FACELESS = frozenset("official resident witness reporter journalist officer source".split())
_OUTLET_NOUNS = frozenset(
    "newspaper magazine website broadcaster daily weekly tabloid radio tv television media".split()
)
_INQUIRIES = frozenset("investigation inquiry probe conclusion assessment position mission".split())
_PLURAL_AGENTS = ("ers", "ors", "ists", "iers", "ents", "ants", "ians", "ates")
_PLURAL_PERSONS = (*_PLURAL_AGENTS, "men", "women", "folk")
_PARTISAN = frozenset("lawyers attorneys lawmakers supporters defenders allies".split())
_HUMAN = ("man", "woman", "er", "or", "ist", "ian", "ee", "ant", "year-old")
_OF_MANY_STATES = frozenset("international world global".split())
_PROPER_BODIES = frozenset("board panel council committee commission".split())


@lru_cache(CACHED)
def clean_mention(text: str, *, keep: bool = False) -> str:
    """A mention as a name: white space in order, no article, no possessive, no marks around it.

    Args:
        text: the mention as written.
        keep: whether `a` and `an` stay, as for those without a name.
    """
    flat = " ".join(text.split()).strip(_MARKS + " ")
    flat = _POSSESSIVE.sub("", (_THE if keep else _ARTICLE).sub("", flat)).strip(_MARKS + " ")
    return flat + "." if re.search(r"\b[^\W\d_]\.[^\W\d_]$", flat) else flat


@lru_cache(CACHED)
def core_mention(text: str) -> str:
    """A mention without asides: `Norland, which borders it` gives `Norland`."""
    flat = " ".join(text.split())
    core = _ASIDE.split(flat.strip(_MARKS + " "))[0].strip()
    return core or flat


@lru_cache(CACHED)
def head_of(text: str) -> str:
    """The head noun in lower case: `the minister of finance` gives `minister`."""
    words = _head_words(scan(text))
    return words[-1].lower if words else ""


def _head_words(words: list[Word]) -> list[Word]:
    owner = 0
    for number, word in enumerate(words[:-1]):
        office = number and words[number - 1].lower in lexicon.TITLES
        if word.text in _CUT and (word.text != "of" or office):
            break
        if word.possessive:
            owner = number + 1
    for number in range(max(owner, 1), len(words)):
        word, before = words[number], words[number - 1].lower
        participle = (
            word.text.endswith(("ing", "ed"))
            and before in _WRITTEN_OR_RULING
            and not words[number - 1].possessive
        )
        if word.text in _CUT or participle:
            return words[:number]
    return words


@lru_cache(CACHED)
def kind_of(text: str) -> str:
    """The kind of a source that is no full name of a person and no pronoun."""
    every = scan(core_mention(text))
    words = _head_words(every)
    if not words:
        return "unnamed"
    joined = _first_of_several(text, words)
    if joined is not None:
        return joined
    rest = every[len(words) + 1 :]
    if rest and words[-1].lower in _PARTISAN and every[len(words)].text in ("of", "for"):
        return "group"
    if rest and every[len(words)].text == "of":
        partly = _partitive(text, words, rest)
        if partly is not None:
            return partly
    return _by_head(words)


def _first_of_several(text: str, words: list[Word]) -> str | None:
    """Of bodies joined by `and`, the first one's kind: `the U.S. and its allies`."""
    at = [n for n, word in enumerate(words) if word.text == "and"]
    if not at or not 0 < at[0] < len(words) - 1:
        return None
    last = words[-1].lower
    if last not in ("allies", "others") and not words[-1].text[:1].isupper():
        return None
    if words[0].lower not in ("the", "both") and not words[at[0] - 1].text[:1].isupper():
        return None
    kind = _by_head(words[: at[0]])
    return kind if kind in ("government", "organisation", "outlet") else "group"


def _partitive(text: str, words: list[Word], rest: list[Word]) -> str | None:
    """`one of the officials`, `part of the statement`: what the whole is."""
    head = words[-1].lower
    if head in _PARTS:
        return _by_head(_head_words(rest))
    if head in _NUMBERS:
        kind = _by_head(_head_words(rest))
        return "unnamed" if kind in ("group", "person") and head == "one" else kind
    return None


def _by_head(words: list[Word]) -> str:
    """The kind by the last word of a noun phrase and, failing that, the words before it."""
    head, last = words[-1].lower, words[-1].text
    lowers = {word.lower for word in words}
    first = words[0].lower
    proper = last[:1].isupper()
    modified = any(w.text[:1].isupper() or w.possessive for w in words[1:-1]) or (
        len(words) > 1 and words[0].text[:1].isupper() and first not in _LEADING
    )
    owned = any(word.possessive for word in words[:-1])
    if head in _INQUIRIES:
        return "outlet" if lowers & lexicon.OUTLETS or "times" in lowers else "government"
    if head in lexicon.TITLES and head not in _FACELESS and (first in _DEFINITE or owned):
        return "person"
    for kind in (_unnamed(words, head, first, modified), _written(words, head, lowers)):
        if kind:
            return kind
    if proper and not _begins(words) and (kind := _proper(words, lowers)):
        return kind
    return _common(words, lowers, modified or owned)


def _begins(words: list[Word]) -> bool:
    """Whether a plural like `Villagers` is capitalised since it begins a sentence."""
    head = words[-1].lower
    return (
        len(words) == 1
        and len(head) > 6
        and head.endswith(_PLURAL_PERSONS)
        and head not in lexicon.THINGS
    )


def _unnamed(words: list[Word], head: str, first: str, modified: bool) -> str | None:
    if head in _PARTISAN:
        return "group" if modified or first in ("the", "his", "her", "its", "their") else "unnamed"
    if head in ("critics", "opponents") and first in ("some", "many", "other", "several"):
        return "unnamed"
    if head in lexicon.UNNAMED_HEADS or (first in _INDEFINITE and head in lexicon.TITLES):
        return "unnamed"
    if first in ("a", "an", "another", "one") and head.endswith(_HUMAN):
        thing = head in lexicon.THINGS
        return None if thing else "unnamed"
    return None


def _written(words: list[Word], head: str, lowers: set[str]) -> str | None:
    """Outlets and documents."""
    capitals = sum(word.text[:1].isupper() for word in words[1:]) + (
        words[0].text[:1].isupper() and words[0].lower != "the"
    )
    news = lowers & lexicon.OUTLETS or lowers & {"news", "media"} or lowers & _OUTLET_NOUNS
    if head == "reports" or (head in ("report", "outlets", "story") and news):
        return "outlet"
    if "." in words[-1].text and re.search(r"\.(?:com|org|net|ru|co|tv|info)\b", head):
        return "outlet"
    if head == "report" and {"post", "times", "journal"} & lowers:
        return "outlet"
    if head == "press" and (capitals > 1 or words[0].lower != "the"):
        return "outlet"
    titled = capitals > 0 and words[-1].text[:1].isupper()
    if titled and head in lexicon.OUTLET_HEADS - {"agency", "review", "network", "program"}:
        return "outlet"
    if head in lexicon.DOCUMENT_HEADS and not (head == "papers" and not lowers - {"papers"}):
        return "document"
    if head in _OUTLET_NOUNS or (lowers & lexicon.OUTLETS and head not in lexicon.GOVERNMENT_HEADS):
        return "outlet"
    if head == "agency" and "news" in lowers:
        return "outlet"
    if lowers & {"news", "newspaper"} and words[-1].text[:1].isupper():
        return "outlet"
    return "outlet" if head in lexicon.OUTLET_HEADS and head not in _NOT_OUTLETS else None


_NOT_OUTLETS = frozenset("agency network program programme show review channel star sun".split())


def _proper(words: list[Word], lowers: set[str]) -> str | None:
    """A phrase that ends in a capitalised word."""
    head, last = words[-1].lower, words[-1].text
    if head in lexicon.TITLES and (len(words) > 1 or head not in _FACELESS):
        return "person"
    if (head in lexicon.INTERNATIONAL and (last.isupper() or head != "who")) or (
        {"united", "nations"} <= lowers
    ):
        return "organisation"
    if head in ("states", "house", "hill") or head in lexicon.STATES or head in lexicon.PLACES:
        return "government"
    if head == "party" or (lowers & {"democratic", "republican"} and head == "committee"):
        return "organisation"
    if lowers & _OF_MANY_STATES and head in lexicon.GOVERNMENT_HEADS:
        return "organisation"
    if head in _PROPER_BODIES or head in lexicon.PORTFOLIOS:
        return "government"
    if head in lexicon.DEMONYMS:
        return "government"
    if head in lexicon.COMPANIES:
        return "organisation"
    if head in lexicon.GROUP_HEADS:
        return "group"
    if head in lexicon.GOVERNMENT_HEADS:
        return "government"
    if head in lexicon.ORGANISATION_HEADS or (last.isupper() and len(last) > 1):
        return "organisation"
    if lowers & (lexicon.GOVERNMENT_HEADS - {"states", "forces", "service", "force"}):
        return "government"
    if lowers & lexicon.ORGANISATION_HEADS:
        return "organisation"
    if head.endswith(("ians", "ans", "is")) and words[0].lower in ("the", "some", "many"):
        return "unnamed" if words[0].lower != "the" else "group"
    if all(is_name_word(word.text) for word in words):
        return "person"
    if words[0].lower == "the" and len(words) > 1:
        return "organisation"
    return "person" if is_name_word(last) else "organisation"


def _common(words: list[Word], lowers: set[str], modified: bool) -> str:
    """A phrase that ends in a common noun."""
    head, first = words[-1].lower, words[0].lower
    if head == "community":
        return "government" if lowers & {"intelligence", "security"} else "group"
    if head == "team" and {"counsel", "prosecutor"} & lowers:
        return "government"
    if head in ("campaign", "airline", "watchdog") or "campaign" in lowers - {head}:
        return "organisation"
    if head.endswith("ies") and head[:-3] + "y" in lexicon.GOVERNMENT_HEADS:
        return "government"
    if head == "communities":
        return "government" if "intelligence" in lowers else "group"
    if head in ("countries", "states"):
        return "government"
    if head in ("party", "union") or (head == "group" and "watchdog" in lowers):
        return "organisation"
    if head in lexicon.GROUP_HEADS:
        return "group"
    if head in lexicon.GOVERNMENT_HEADS or (head in ("alliance",) and "nato" in lowers):
        return "government"
    if head in lexicon.ORGANISATION_HEADS:
        return "organisation"
    if head in lexicon.TITLES:
        return "person" if first == "the" or modified else "unnamed"
    if head.endswith(_PLURAL_AGENTS):
        return "group" if modified or first not in _INDEFINITE else "unnamed"
    if head.endswith(_HUMAN):
        return "person" if first in _DEFINITE else "unnamed"
    return "group" if head.endswith("s") and first not in _INDEFINITE else "unnamed"
