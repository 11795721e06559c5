"""One name for each source across articles.

What makes two names of two articles one source:

- **Spelling.** Case, punctuation, diacritics, dots, articles, possessives, titles and legal forms
  do not tell names apart; neither do `department of X` and `X department`, nor kinds.
- **Persons** need a first name. With the same first name and surname they are one unless middle
  names or initials differ (`George H.W. Bush`, `George W. Bush`; a form without is neither's
  then, but for one that is `DOMINANT`), or `Jr.` stands on one side and does not seem optional.
  Ways of transliterating are one (`sayso.who.spelling.skeleton`), and so is a letter off an
  established name, in a word that no other name has. A short first name (`Joe`) is the long
  one's if each is the other's only match beside that surname.
- **A bare surname** is never merged on itself. `Sen. Marsh` is the one senator of that surname
  whom the corpus names in full; any other stays of its article.
- **Bodies.** An acronym is the one body in the corpus that its letters fit; `the U.S. X` is `X`
  unless another country's is named, and the Supreme Court, the Senate and the House are one
  nation's unless several nations' are; `the Marsh campaign` is the one `Ada Marsh campaign`;
  synonyms that hold everywhere are listed (`sayso.who.bodies.SYNONYMS`).
- **What tells nothing beyond its article** stays there: what is unnamed, groups but parties and
  movements, documents but laws, treaties and scriptures, and descriptions: `the ministry`,
  `police`, `his campaign`.
- **An article with both** as two sources speaks against their being one wherever more than plain
  spelling is at stake.

Pairs are found by blocks of equal surname, first name, sound or letters, never all by all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.who.bodies import join_bodies
from sayso.who.columns import Rows, Texts
from sayso.who.forest import Forest
from sayso.who.offices import lend_full_names, read_offices
from sayso.who.persons import join_persons
from sayso.who.reading import Names, person_key, read_names
from sayso.who.spelling import plain_words
from sayso.who.telling import tell

__all__ = ["Merged", "merge_sources"]

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Merged:
    """Sources across articles.

    Attributes:
        ids: source of each input row, [rows]; the most frequent source is 0.
        names: each source's name: the fullest of its common forms.
        kinds: each source's kind, that of most of what it says.
        aliases: the other forms it goes by, most frequent first.
        local: whether the name tells nothing beyond its article, so that a source of the same name
            in another article is another one, [sources].
        named: whether it goes by a name at all, a bare surname too, not by a description or
            a pronoun, [sources].
    """

    ids: Ints
    names: list[str]
    kinds: list[str]
    aliases: list[tuple[str, ...]]
    local: npt.NDArray[np.bool_]
    named: npt.NDArray[np.bool_]


def merge_sources(
    articles: npt.ArrayLike,
    entities: Texts,
    kinds: Texts,
    weights: npt.ArrayLike,
    outlets: npt.ArrayLike | None = None,
    *,
    written: Texts | None = None,
) -> Merged:
    """Merge the sources of articles, each resolved within its article.

    The result does not depend on the order of rows.

    Args:
        articles: article of each row, [rows].
        entities: name of each row's source within its article.
        kinds: its kind, of `sayso.records.KINDS`.
        weights: how many statements it makes there.
        outlets: outlet of each row; not needed by any rule so far.
        written: how its mentions are written, one a line, so that titles attest bare surnames.

    Returns:
        The merged sources, the most frequent first.
    """
    del outlets
    rows = Rows.read(articles, entities, kinds, weights)
    names = read_names(rows)
    nodes = names.node[rows.form]
    named = nodes >= 0
    forest = Forest(nodes[named], rows.article[named], names.count)
    join_persons(forest, names.persons)
    unclear = join_bodies(forest, names.bodies)
    _join_across(forest, names)
    named &= ~np.isin(nodes, list(unclear))
    sources = np.full(len(nodes), -1, np.int64)
    sources[named] = forest.roots()[nodes[named]]
    lend_full_names(sources, read_offices(rows, names, written), names, forest)
    bare = np.isin(rows.form, list(names.bare))
    return _merged(rows, _with_local(sources, rows, names), bare)


def _join_across(forest: Forest, names: Names) -> None:
    """A full name that is told as a person here and as a body there is one."""
    known = {body.key: number for number, body in sorted(names.bodies.items())}
    for number, person in sorted(names.persons.items()):
        other = known.get(person_key(person))
        if other is not None:
            forest.join([number, other])


def _with_local(sources: npt.NDArray[np.int64], rows: Rows, names: Names) -> npt.NDArray[np.int64]:
    """Numbers of their own for what stays in its article: one a (article, plain name)."""
    local = sources < 0
    local_forms = set(rows.form[local].tolist())
    plain = [
        " ".join(plain_words(entity)) or entity if form in local_forms else ""
        for form, (entity, _) in enumerate(rows.forms)
    ]
    key = {text: n for n, text in enumerate(sorted(set(plain)))}
    code = np.array([key[text] for text in plain], np.int64)[rows.form]
    pairs = rows.article[local].astype(np.int64) * len(key) + code[local]
    _, own = np.unique(pairs, return_inverse=True)
    sources[local] = len(rows.forms) + own
    return sources


def _merged(rows: Rows, sources: npt.NDArray[np.int64], bare: npt.NDArray[np.bool_]) -> Merged:
    """The sources in order, each with its name, kind and aliases."""
    distinct, number = np.unique(sources, return_inverse=True)
    first = np.full(len(distinct), np.iinfo(np.int32).max, np.int32)
    np.minimum.at(first, number, rows.article)
    told = tell(rows, number)
    total = np.bincount(number, rows.weight, minlength=len(distinct)).astype(np.int64)
    order = sorted(range(len(told)), key=lambda n: (-total[n], told[n][:2], first[n]))
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    local = distinct >= len(rows.forms)
    surname = np.bincount(number, bare, minlength=len(distinct)) > 0
    return Merged(
        ids=rank[number],
        names=[told[n][0] for n in order],
        kinds=[told[n][1] for n in order],
        aliases=[told[n][2] for n in order],
        local=local[order],
        named=(~local | surname)[order],
    )
