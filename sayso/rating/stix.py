"""Claims, statements and sources as bundles of STIX 2.1.

- `identity`: a source or an outlet; its letter is a label, its reasons are the description.
- `note`: a statement, about its source and its outlet.
- `grouping`: a claim of several statements, with their notes; its reasons are the description.
- `opinion`: that a statement disagrees with the note of what it denies, or with its claim.

`confidence` is the credibility of a statement or a claim on the scale of STIX 2.1, appendix A, and
absent where it cannot be judged. A letter has no place on that scale and gives no confidence.
Labels are the tags of `sayso.rating.taxonomy`. Objects refer to others of the same corpus, which
may be in another bundle.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from sayso.errors import UsageError
from sayso.profiles.schema import Profiled
from sayso.rating.dossier import Dossier, claim_tags, read_dossiers, statement_tags
from sayso.rating.identifiers import check_time, corpus_key, day_start, make_uuid
from sayso.rating.taxonomy import reliability_tag
from sayso.write import whole_file

__all__ = ["CONFIDENCE", "PER_BUNDLE", "write_stix"]

CONFIDENCE = {"1": 90, "2": 70, "3": 50, "4": 30, "5": 10}
"""STIX confidence of an Admiralty credibility (STIX 2.1, appendix A); a 6 has none."""

PER_BUNDLE = 10_000
"""Objects in a bundle."""

_CLASSES = {
    "person": "individual",
    "organisation": "organization",
    "government": "organization",
    "outlet": "organization",
    "group": "group",
}
_NAME_LENGTH = 250

_Json = dict[str, Any]
_Row = Mapping[str, Any]


def write_stix(
    profiles: Profiled,
    statements: pa.Table,
    folder: Path,
    *,
    most: int | None = None,
    per_bundle: int = PER_BUNDLE,
    modified: datetime | None = None,
    markings: Sequence[str] = (),
) -> list[Path]:
    """Write a corpus as bundles: claims with the most sources first, each with its statements.

    Every object is parsed by the stix2 library, nothing custom allowed, before it is written. The
    same corpus gives the same objects under the same ids; whoever has them takes them again only
    if they were modified later: give `modified` where ratings may have changed.

    Args:
        profiles: the tables.
        statements: with the columns of scored statements, in any order.
        folder: where `bundle-00001.json` and so on go; made if need be.
        most: so many claims at most.
        per_bundle: see `PER_BUNDLE`.
        modified: the objects' time of change; of notes and opinions the day of publication if left
            out, of the rest the start of 1970, as of any that has no known day.
        markings: ids of marking definitions that hold for every object.

    Returns:
        The files.

    Raises:
        InputError: a column of the statements is missing.
        UsageError: stix2 is not installed, a number is less than 1, a time has no zone, a marking
            is no id of one, or the folder cannot be made.
    """
    check = _checker()
    check_time(modified)
    if per_bundle < 1:
        raise UsageError(f"expected at least 1 object in a bundle, found {per_bundle}")
    corpus = _Corpus(corpus_key(profiles.said), modified, markings)
    objects = corpus.objects(read_dossiers(profiles, statements, most=most))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"expected a folder to write to, found {folder}: {error}") from error
    paths: list[Path] = []
    while part := list(islice(objects, per_bundle)):
        number = f"{len(paths) + 1:05d}"
        paths.append(folder / f"bundle-{number}.json")
        with whole_file(paths[-1]) as fresh, fresh.open("w", encoding="utf-8") as handle:
            uuid = make_uuid("bundle", corpus.key, number)
            handle.write(f'{{"type": "bundle", "id": "bundle--{uuid}", "objects": [\n')
            handle.write(",\n".join(map(check, part)))
            handle.write("\n]}\n")
    return paths


def _checker() -> Callable[[_Json], str]:
    try:
        import stix2
    except ImportError as error:
        raise UsageError(f'expected stix2, found {error}: pip install "sayso[stix]"') from error

    def check(value: _Json) -> str:
        try:
            stix2.parse(value, allow_custom=False, version="2.1")
        except (stix2.exceptions.STIXError, ValueError) as error:
            raise UsageError(f"expected an object of STIX 2.1, found {error}") from error
        return json.dumps(value, ensure_ascii=False)

    return check


class _Corpus:
    """The objects of a corpus.

    Args:
        key: see `sayso.rating.identifiers.corpus_key`.
        modified, markings: see `write_stix`.
    """

    def __init__(self, key: str, modified: datetime | None, markings: Sequence[str]) -> None:
        self.key, self._modified, self._markings = key, modified, list(markings)
        self._maker = f"identity--{make_uuid('organisation', 'sayso')}"
        self._told: set[str] = set()

    def objects(self, dossiers: Iterator[Dossier]) -> Iterator[_Json]:
        """All of them, an object after most that it refers to."""
        maker = self._object("identity", (), name="sayso", identity_class="system")
        yield {**maker, "id": self._maker}
        for dossier in dossiers:
            yield from self._dossier(dossier)

    def _dossier(self, dossier: Dossier) -> Iterator[_Json]:
        noted = {}
        for row in dossier.said:
            about = [self._source(row, dossier), *self._outlet(row, dossier)]
            yield from (one for one in about if one["id"] not in self._told)
            self._told.update(one["id"] for one in about)
            note = self._note(row, dossier, about)
            noted[row["statement_id"]] = note["id"]
            yield note
        grouping = None
        if len(noted) > 1:
            grouping = self._grouping(dossier.claim, list(noted.values()))
            yield grouping
        for row in dossier.said:
            denied = noted.get(row["denies"]) or (grouping and grouping["id"])
            if row["position"] == "against" and denied:
                yield self._opinion(row, dossier, denied)

    def _source(self, row: _Row, dossier: Dossier) -> _Json:
        source = dossier.sources.get(row["source_id"] or "")
        if source is not None:
            return self._identity("source", source, _CLASSES.get(source["kind"], "unknown"))
        unnamed = {
            "id": row["source_id"] or "",
            "name": row["source_text"] or "source not written",
            "letter": "F",
            "reasons": ["A source without a name has no record to judge it by."],
        }
        return self._identity("source", unnamed, "unknown")

    def _outlet(self, row: _Row, dossier: Dossier) -> list[_Json]:
        outlet = dossier.outlets.get(row["outlet_id"] or "")
        return [self._identity("outlet", outlet, "organization")] if outlet is not None else []

    def _identity(self, role: str, row: _Row, kind: str) -> _Json:
        return self._object(
            "identity",
            (role, row["id"]),
            name=row["name"],
            description="\n".join(row["reasons"] or ()),
            roles=[role],
            identity_class=kind,
            labels=[reliability_tag(row["letter"])],
        )

    def _note(self, row: _Row, dossier: Dossier, about: Sequence[_Json]) -> _Json:
        stance = [f'sayso:stance="{row["stance"]}"'] if row["stance"] else []
        return self._object(
            "note",
            (row["statement_id"],),
            day=row["day"],
            content=row["content_text"],
            authors=[about[0]["name"]],
            object_refs=[one["id"] for one in about],
            labels=statement_tags(row, dossier) + stance,
            confidence=CONFIDENCE.get(row["digit"]),
            external_references=[{"source_name": "sayso", "external_id": row["statement_id"]}],
        )

    def _grouping(self, claim: _Row, notes: list[str]) -> _Json:
        return self._object(
            "grouping",
            (claim["id"],),
            name=(claim["text"] or "")[:_NAME_LENGTH],
            description="\n".join(claim["reasons"] or ()),
            context="unspecified",
            object_refs=notes,
            labels=claim_tags(claim),
            confidence=CONFIDENCE.get(claim["digit"]),
        )

    def _opinion(self, row: _Row, dossier: Dossier, denied: str) -> _Json:
        return self._object(
            "opinion",
            (row["statement_id"],),
            day=row["day"],
            explanation=row["content_text"],
            authors=[self._source(row, dossier)["name"]],
            opinion="disagree" if row["stance"] == "hedge" else "strongly-disagree",
            object_refs=[denied],
        )

    def _object(
        self, kind: str, names: Sequence[str], *, day: int | None = None, **content: Any
    ) -> _Json:
        """An object; what has no value is left out."""
        created = day_start(day or 0)
        value = {
            "type": kind,
            "spec_version": "2.1",
            "id": f"{kind}--{make_uuid(kind, self.key, *names)}",
            "created_by_ref": self._maker,
            "created": _stamp(created),
            "modified": _stamp(max(created, self._modified or created)),
            "object_marking_refs": self._markings,
            **content,
        }
        return {name: one for name, one in value.items() if one not in (None, "", [])}


def _stamp(time: datetime) -> str:
    """To the millisecond, as STIX has it; its years have four digits."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
