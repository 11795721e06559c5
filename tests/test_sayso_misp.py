"""MISP events: the core format's fields, tags of the taxonomies only, the same at every run."""

import json
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import InputError, UsageError
from sayso.rating.misp import MANIFEST, write_misp
from sayso.rating.scale import DIGITS, LETTERS
from sayso.rating.taxonomy import (
    confidence_tag,
    credibility_tag,
    likelihood_tag,
    reliability_tag,
)
from tests.profiled import invented_corpus

# The values of MISP/misp-taxonomies that may be given, and the fields that must be there by
# draft-dulaunoy-misp-core-format.
TAGS = {
    "admiralty-scale:source-reliability": set("abcdef"),
    "admiralty-scale:information-credibility": set("123456"),
    "estimative-language:likelihood-probability": {
        "almost-no-chance",
        "very-unlikely",
        "unlikely",
        "roughly-even-chance",
        "likely",
        "very-likely",
        "almost-certain",
    },
    "estimative-language:confidence-in-analytic-judgment": {"low", "moderate", "high"},
}
EVENT = {
    "info": str, "date": str, "timestamp": str, "publish_timestamp": str, "published": bool,
    "org_id": str, "orgc_id": str, "distribution": str, "uuid": str, "id": str, "analysis": str,
    "threat_level_id": str, "attribute_count": str, "Org": dict, "Orgc": dict, "Object": list,
}  # fmt: skip
OBJECT = {
    "uuid": str, "id": str, "name": str, "meta-category": str, "description": str,
    "template_uuid": str, "template_version": str, "event_id": str, "timestamp": str,
    "distribution": str, "deleted": bool, "Attribute": list, "ObjectReference": list,
}  # fmt: skip
ATTRIBUTE = {
    "uuid": str, "id": str, "type": str, "category": str, "to_ids": bool, "event_id": str,
    "object_id": str, "distribution": str, "timestamp": str, "deleted": bool, "value": str,
}  # fmt: skip
REFERENCE = {"uuid": str, "object_uuid": str, "referenced_uuid": str, "relationship_type": str}


def written(folder: Path, **options: Any) -> list[dict[str, Any]]:
    corpus = invented_corpus()
    *events, manifest = write_misp(corpus, corpus.statements, folder, **options)
    listed = json.loads(manifest.read_text(encoding="utf-8"))
    assert [path.stem for path in events] == list(listed)
    return [json.loads(path.read_text(encoding="utf-8"))["Event"] for path in events]


def objects(event: dict[str, Any], name: str) -> list[dict[str, dict[str, Any]]]:
    return [
        {one["object_relation"]: one for one in thing["Attribute"]}
        for thing in event["Object"]
        if thing["name"] == name
    ]


def tags(attribute: dict[str, Any]) -> list[str]:
    return [tag["name"] for tag in attribute["Tag"]]


def has(value: Mapping[str, Any], fields: Mapping[str, type]) -> None:
    for name, kind in fields.items():
        assert type(value[name]) is kind, name


def all_uuids(event: dict[str, Any]) -> Iterator[str]:
    yield event["uuid"]
    for thing in event["Object"]:
        yield thing["uuid"]
        for one in (*thing["Attribute"], *thing["ObjectReference"]):
            yield one["uuid"]


def test_events_have_the_core_format(tmp_path: Path) -> None:
    for event in written(tmp_path, per_event=3):
        has(event, EVENT)
        datetime.strptime(event["date"], "%Y-%m-%d").replace(tzinfo=UTC)
        assert len(event["info"]) <= 256
        assert int(event["attribute_count"]) == sum(len(o["Attribute"]) for o in event["Object"])
        there = {thing["uuid"] for thing in event["Object"]}
        for thing in event["Object"]:
            has(thing, OBJECT)
            for one in thing["Attribute"]:
                has(one, ATTRIBUTE)
                assert (one["type"], one["category"], one["to_ids"]) == ("text", "Other", False)
                assert one["value"].strip()
                assert one["object_id"] == thing["id"]
            for one in thing["ObjectReference"]:
                has(one, REFERENCE)
                assert one["object_uuid"] == thing["uuid"]
                assert one["referenced_uuid"] in there


def test_every_tag_is_of_its_taxonomy(tmp_path: Path) -> None:
    (event,) = written(tmp_path)
    found = [tag for thing in event["Object"] for one in thing["Attribute"] for tag in tags(one)]
    assert found
    for tag in found:
        name, _, value = tag.partition("=")
        assert value.strip('"') in TAGS[name]
        assert value == f'"{value.strip(chr(34))}"'


def test_uuids_are_of_version_5_and_never_twice(tmp_path: Path) -> None:
    found = [one for event in written(tmp_path, per_event=1) for one in all_uuids(event)]
    assert len(found) == len(set(found))
    assert {uuid.UUID(one).version for one in found} == {5}


def test_the_same_corpus_gives_the_same_files(tmp_path: Path) -> None:
    for name in "ab":
        written(tmp_path / name, per_event=2)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_statements_have_both_axes_and_those_against_the_contrary_likelihood(
    tmp_path: Path,
) -> None:
    (event,) = written(tmp_path)
    first, second, third, *_ = objects(event, "attributed-statement")
    assert tags(first["content"]) == [
        'admiralty-scale:source-reliability="b"',
        'admiralty-scale:information-credibility="3"',
        'estimative-language:likelihood-probability="likely"',
    ]
    assert 'estimative-language:likelihood-probability="unlikely"' in tags(second["content"])
    assert third["source"]["value"] == "an engineer"
    assert tags(third["content"])[0] == 'admiralty-scale:source-reliability="f"'
    kinds = [
        [one["relationship_type"] for one in thing["ObjectReference"]]
        for thing in event["Object"]
        if thing["name"] == "attributed-statement"
    ]
    assert kinds[:3] == [["supports", "claimed-by"], ["weakens", "claimed-by"], ["weakens"]]


def test_what_cannot_be_judged_has_no_estimate(tmp_path: Path) -> None:
    (event,) = written(tmp_path)
    claims = objects(event, "attributed-claim")
    assert tags(claims[1]["text"]) == [
        'admiralty-scale:information-credibility="1"',
        'estimative-language:likelihood-probability="almost-certain"',
        'estimative-language:confidence-in-analytic-judgment="high"',
    ]
    assert tags(claims[2]["text"]) == ['admiralty-scale:information-credibility="6"']
    assert (claims[0]["supported-by"]["value"], claims[0]["opposed-by"]["value"]) == ("1", "2")


def test_a_statement_without_content_is_left_out(tmp_path: Path) -> None:
    (event,) = written(tmp_path)
    names = [one["statement-id"]["value"] for one in objects(event, "attributed-statement")]
    assert names == ["a1#0", "a1#1", "a1#2", "a2#0", "a2#1", "a3#0", "a4#0"]


def test_claims_are_kept_whole_and_the_most_sourced_come_first(tmp_path: Path) -> None:
    sizes = [
        (len(objects(event, "attributed-claim")), len(objects(event, "attributed-statement")))
        for event in written(tmp_path / "a", per_event=2)
    ]
    assert sizes == [(1, 3), (1, 2), (2, 2)]
    (event,) = written(tmp_path / "b", most=1)
    assert [one["text"]["value"] for one in objects(event, "attributed-claim")] == [
        "the bridge is safe"
    ]


def test_time_is_the_latest_day_or_the_one_given(tmp_path: Path) -> None:
    (event,) = written(tmp_path / "a")
    assert (event["date"], event["timestamp"]) == ("2031-05-09", "1936051200")
    (event,) = written(tmp_path / "b", created=datetime(2032, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert (event["date"], event["timestamp"]) == ("2032-01-02", "1956625445")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"per_event": 0}, "expected at least 1 statement in an event, found 0"),
        ({"most": 0}, "expected at least 1 claim to export, found 0"),
        ({"created": datetime(2032, 1, 2)}, "expected a time with its zone"),
    ],
)
def test_bad_calls_are_refused(options: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=message):
        written(tmp_path, **options)
    assert not (tmp_path / MANIFEST).exists()


def test_statements_without_their_columns_are_refused(tmp_path: Path) -> None:
    corpus = invented_corpus()
    with pytest.raises(InputError, match="found no 'stance'"):
        write_misp(corpus, corpus.statements.drop_columns(["stance"]), tmp_path)


@pytest.mark.parametrize(
    ("p_true", "word"),
    [
        (0.0, "almost-no-chance"),
        (0.05, "very-unlikely"),
        (0.3, "unlikely"),
        (0.5, "roughly-even-chance"),
        (0.55, "likely"),
        (0.8, "very-likely"),
        (0.95, "almost-certain"),
        (1.0, "almost-certain"),
    ],
)
def test_likelihood_words_are_those_of_icd_203(p_true: float, word: str) -> None:
    assert likelihood_tag(p_true, "3") == f'estimative-language:likelihood-probability="{word}"'
    assert likelihood_tag(p_true, "6") is None
    assert likelihood_tag(None, "3") is None


@pytest.mark.parametrize(
    ("sided", "carriers", "outcome", "word"),
    [(2, 9, None, "low"), (9, 1, None, "low"), (3, 2, None, "moderate"), (0, 0, False, "high")],
)
def test_confidence_is_of_corroboration_and_outcomes(
    sided: int, carriers: int, outcome: bool | None, word: str
) -> None:
    tag = confidence_tag(sided=sided, carriers=carriers, outcome=outcome, digit="2")
    assert tag == f'estimative-language:confidence-in-analytic-judgment="{word}"'
    assert confidence_tag(sided=sided, carriers=carriers, outcome=outcome, digit="6") is None


def test_letters_and_digits_have_tags() -> None:
    assert [reliability_tag(letter)[-2] for letter in LETTERS] == list("abcdef")
    assert [credibility_tag(digit)[-2] for digit in DIGITS] == list("123456")
