"""Claims, statements and sources as MISP events, in a folder that MISP takes as a feed.

Events have the MISP core format (draft-dulaunoy-misp-core-format-20), each in a file by its UUID
beside `manifest.json`. A claim, a statement and a source is an object of a template of sayso's own;
a statement refers to its source (`claimed-by`) and to its claim (`supports`, `weakens`, or
`mentions` where it leaves it open). Tags stand at the attribute that they judge: letter at a
source's name, letter and digit at a statement's content, digit and estimates at a claim's text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa

from sayso.errors import UsageError
from sayso.profiles.dates import UNKNOWN_DAY, days
from sayso.profiles.schema import Profiled
from sayso.rating.dossier import Dossier, claim_tags, read_dossiers, statement_tags
from sayso.rating.identifiers import check_time, corpus_key, day_start, make_uuid
from sayso.rating.taxonomy import reliability_tag
from sayso.write import whole_file

__all__ = ["MANIFEST", "PER_EVENT", "write_misp"]

MANIFEST = "manifest.json"
"""The feed's list of its events."""

PER_EVENT = 2_000
"""Statements in an event, after which the next claim begins a new one."""

_ORG = {"id": "1", "name": "sayso", "uuid": make_uuid("organisation", "sayso")}
_NOT_SHARED, _AS_EVENT, _UNDEFINED, _COMPLETE = "0", "5", "4", "2"
_TEMPLATES = {
    "attributed-claim": "A claim, with those who take a side on it",
    "attributed-statement": "What a source is said to have stated in a news article",
    "attributed-source": "A source of statements in news, with how far it can be relied on",
}
_TOWARDS = {"for": "supports", "against": "weakens", "open": "mentions"}

_Json = dict[str, Any]


def write_misp(
    profiles: Profiled,
    statements: pa.Table,
    folder: Path,
    *,
    most: int | None = None,
    per_event: int = PER_EVENT,
    created: datetime | None = None,
) -> list[Path]:
    """Write a corpus as events: claims with the most sources first, each with its statements.

    The same corpus gives the same events under the same UUIDs. MISP takes an event again only if
    it is of a later time than the one it has: give `created` where ratings may have changed.

    Args:
        profiles: the tables.
        statements: with the columns of scored statements, in any order.
        folder: where the files go; made if need be.
        most: so many claims at most.
        per_event: see `PER_EVENT`. A claim stays in one event, however many statements it has.
        created: the events' time; the corpus's latest day of publication if left out.

    Returns:
        The events' files, then the manifest.

    Raises:
        InputError: a column of the statements is missing.
        UsageError: a number is less than 1, the time has no zone, or the folder cannot be made.
    """
    if per_event < 1:
        raise UsageError(f"expected at least 1 statement in an event, found {per_event}")
    check_time(created)
    dossiers = read_dossiers(profiles, statements, most=most)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"expected a folder to write to, found {folder}: {error}") from error
    corpus, time = corpus_key(profiles.said), created or _latest(statements)
    paths, manifest = [], {}
    for number, group in enumerate(_grouped(dossiers, per_event), 1):
        event = _Event(make_uuid("event", corpus, str(number)), time)
        for dossier in group:
            event.add(dossier)
        paths.append(folder / f"{event.uuid}.json")
        _write(paths[-1], {"Event": event.content(number)})
        manifest[event.uuid] = event.summary(number)
    paths.append(folder / MANIFEST)
    _write(paths[-1], manifest)
    return paths


def _grouped(dossiers: Iterator[Dossier], size: int) -> Iterator[list[Dossier]]:
    group, held = [], 0
    for dossier in dossiers:
        group.append(dossier)
        held += len(dossier.said)
        if held >= size:
            yield group
            group, held = [], 0
    if group:
        yield group


def _latest(statements: pa.Table) -> datetime:
    known = days(statements["published"])
    return day_start(max(int(known.max(initial=UNKNOWN_DAY)), 0))


def _sources(claim: Mapping[str, Any], side: str) -> str:
    return str((claim[side] or 0) + (claim[f"{side}_hedged"] or 0))


def _write(path: Path, value: object) -> None:
    text = json.dumps(value, ensure_ascii=False)
    with whole_file(path) as fresh:
        fresh.write_text(text, encoding="utf-8")


class _Event:
    """An event under way.

    Args:
        uuid: of the event; those of all within derive from it.
        time: of all that is in it.
    """

    def __init__(self, uuid: str, time: datetime) -> None:
        self.uuid, self._time = uuid, time
        self._stamp = str(int(time.timestamp()))
        self._objects: list[_Json] = []
        self._sources: set[str] = set()
        self._ids = count(1)
        self._attributes = 0

    def add(self, dossier: Dossier) -> None:
        """A claim, its statements, and their sources that are not in the event yet."""
        claim = dossier.claim
        self._add(
            ("attributed-claim", claim["id"]),
            [
                ("text", claim["text"], claim_tags(claim)),
                ("supported-by", _sources(claim, "supporting"), ()),
                ("opposed-by", _sources(claim, "opposing"), ()),
                ("reasons", "\n".join(claim["reasons"] or ()), ()),
            ],
        )
        for row in dossier.said:
            source = dossier.sources.get(row["source_id"] or "")
            if source is not None and source["id"] not in self._sources:
                self._sources.add(source["id"])
                self._add_source(source)
            self._add_statement(row, dossier, source)

    def _add_source(self, source: Mapping[str, Any]) -> None:
        self._add(
            ("attributed-source", source["id"]),
            [
                ("name", source["name"], [reliability_tag(source["letter"])]),
                ("kind", source["kind"], ()),
                ("reasons", "\n".join(source["reasons"] or ()), ()),
            ],
        )

    def _add_statement(
        self, row: Mapping[str, Any], dossier: Dossier, source: Mapping[str, Any] | None
    ) -> None:
        outlet = dossier.outlets.get(row["outlet_id"] or "")
        refers = [(("attributed-claim", row["claim_id"]), _TOWARDS[row["position"]])]
        if source is not None:
            refers.append((("attributed-source", source["id"]), "claimed-by"))
        self._add(
            ("attributed-statement", row["statement_id"]),
            [
                ("content", row["content_text"], statement_tags(row, dossier)),
                ("source", source["name"] if source else row["source_text"], ()),
                ("stance", row["stance"], ()),
                ("outlet", outlet["name"] if outlet else None, ()),
                ("published", row["published"], ()),
                ("statement-id", row["statement_id"], ()),
            ],
            refers,
        )

    def _add(
        self,
        key: tuple[str, str],
        values: Sequence[tuple[str, str | None, Sequence[str]]],
        refers: Sequence[tuple[tuple[str, str], str]] = (),
    ) -> None:
        """An object; attributes without a value are left out, as the format has none."""
        uuid, number = self._uuid(key), str(next(self._ids))
        attributes = []
        for name, value, tags in values:
            if value is not None and value.strip():
                self._attributes += 1
                attributes.append(self._attribute(uuid, number, name, value, tags))
        self._objects.append(
            {
                "id": number,
                "uuid": uuid,
                "name": key[0],
                "meta-category": "misc",
                "description": _TEMPLATES[key[0]],
                "template_uuid": make_uuid("template", key[0]),
                "template_version": "1",
                "event_id": "1",
                "timestamp": self._stamp,
                "distribution": _AS_EVENT,
                "sharing_group_id": "0",
                "comment": "",
                "deleted": False,
                "Attribute": attributes,
                "ObjectReference": [
                    {
                        "uuid": make_uuid("reference", uuid, self._uuid(other), kind),
                        "timestamp": self._stamp,
                        "object_uuid": uuid,
                        "referenced_uuid": self._uuid(other),
                        "relationship_type": kind,
                        "comment": "",
                        "deleted": False,
                    }
                    for other, kind in refers
                ],
            }
        )

    def _attribute(
        self, uuid: str, number: str, name: str, value: str, tags: Sequence[str]
    ) -> _Json:
        return {
            "id": str(self._attributes),
            "uuid": make_uuid("attribute", uuid, name),
            "type": "text",
            "category": "Other",
            "object_relation": name,
            "value": value,
            "to_ids": False,
            "event_id": "1",
            "object_id": number,
            "timestamp": self._stamp,
            "distribution": _AS_EVENT,
            "sharing_group_id": "0",
            "comment": "",
            "deleted": False,
            "disable_correlation": not tags,
            "Tag": [{"name": tag, "exportable": True} for tag in tags],
        }

    def _uuid(self, key: tuple[str, str]) -> str:
        return make_uuid(self.uuid, *key)

    def summary(self, number: int) -> _Json:
        """What the manifest says of it."""
        return {
            "Orgc": _ORG,
            "Tag": [],
            "info": f"Statements in news, by claim, with their sources: part {number}",
            "date": self._time.astimezone(UTC).strftime("%Y-%m-%d"),
            "analysis": _COMPLETE,
            "threat_level_id": _UNDEFINED,
            "timestamp": self._stamp,
        }

    def content(self, number: int) -> _Json:
        """The event."""
        return {
            "id": "1",
            "uuid": self.uuid,
            **self.summary(number),
            "published": False,
            "publish_timestamp": "0",
            "org_id": _ORG["id"],
            "orgc_id": _ORG["id"],
            "Org": _ORG,
            "attribute_count": str(self._attributes),
            "distribution": _NOT_SHARED,
            "sharing_group_id": "0",
            "locked": False,
            "Object": self._objects,
        }
