"""STIX bundles: valid by the library, confidence only where there is one, the same at every run."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import stix2
from stix2.confidence.scales import admiralty_credibility_to_value, value_to_admiralty_credibility

from sayso.errors import UsageError
from sayso.rating.stix import CONFIDENCE, write_stix
from tests.profiled import invented_corpus

MARKING = stix2.v21.TLP_GREEN.id


def written(folder: Path, **options: Any) -> list[dict[str, Any]]:
    corpus = invented_corpus()
    paths = write_stix(corpus, corpus.statements, folder, **options)
    return [one for path in paths for one in json.loads(path.read_text("utf-8"))["objects"]]


def of_type(found: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [one for one in found if one["type"] == kind]


def test_every_object_goes_through_the_library_unchanged(tmp_path: Path) -> None:
    found = written(tmp_path, markings=[MARKING])
    assert {one["type"] for one in found} == {"identity", "note", "grouping", "opinion"}
    for one in found:
        parsed = stix2.parse(json.dumps(one), allow_custom=False, version="2.1")
        assert json.loads(parsed.serialize()) == one


def test_a_bundle_goes_through_the_library(tmp_path: Path) -> None:
    written(tmp_path)
    text = (tmp_path / "bundle-00001.json").read_text("utf-8")
    assert json.loads(stix2.parse(text, allow_custom=False).serialize()) == json.loads(text)


def test_references_are_kept_and_no_object_comes_twice(tmp_path: Path) -> None:
    found = written(tmp_path, per_bundle=4)
    names = [one["id"] for one in found]
    assert len(names) == len(set(names))
    for one in found:
        assert {one["created_by_ref"], *one.get("object_refs", [])} <= set(names)


def test_a_bundle_holds_so_many_objects_at_most(tmp_path: Path) -> None:
    whole, parted = written(tmp_path / "a"), written(tmp_path / "b", per_bundle=4)
    assert parted == whole
    sizes = [
        len(json.loads(p.read_text("utf-8"))["objects"]) for p in sorted((tmp_path / "b").iterdir())
    ]
    assert sizes == [4] * (len(whole) // 4) + [len(whole) % 4] * bool(len(whole) % 4)


def test_the_same_corpus_gives_the_same_files(tmp_path: Path) -> None:
    for name in "ab":
        written(tmp_path / name)
    first, second = (tmp_path / name / "bundle-00001.json" for name in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_confidence_is_that_of_the_standard_and_absent_for_a_6(tmp_path: Path) -> None:
    for digit, value in CONFIDENCE.items():
        assert admiralty_credibility_to_value(value_to_admiralty_credibility(value)) == value
        assert value_to_admiralty_credibility(value).startswith(f"{digit} - ")
    notes = of_type(written(tmp_path), "note")
    assert [one.get("confidence") for one in notes] == [50, 50, 50, 90, 90, None, None]


def test_a_letter_is_a_label_and_no_confidence(tmp_path: Path) -> None:
    people = {one["name"]: one for one in of_type(written(tmp_path), "identity")}
    assert not any("confidence" in one for one in people.values())
    assert people["Ruth Abeni"]["labels"] == ['admiralty-scale:source-reliability="b"']
    assert people["Ruth Abeni"]["identity_class"] == "individual"
    assert people["an engineer"]["labels"] == ['admiralty-scale:source-reliability="f"']
    assert people["The Courier"]["roles"] == ["outlet"]


def test_denials_are_opinions_on_what_they_deny(tmp_path: Path) -> None:
    found = written(tmp_path)
    notes, (first, _) = of_type(found, "note"), of_type(found, "grouping")
    denial, hedge = of_type(found, "opinion")
    assert denial["object_refs"] == [notes[0]["id"]]
    assert (denial["opinion"], denial["explanation"]) == ("strongly-disagree", "it is not")
    assert hedge["object_refs"] == [first["id"]]
    assert hedge["opinion"] == "disagree"


def test_a_claim_of_several_statements_groups_them(tmp_path: Path) -> None:
    found = written(tmp_path)
    notes, groupings = of_type(found, "note"), of_type(found, "grouping")
    assert [one["name"] for one in groupings] == ["the bridge is safe", "tolls rise"]
    assert groupings[1]["object_refs"] == [one["id"] for one in notes[3:5]]
    assert (groupings[1]["confidence"], groupings[1]["description"]) == (90, "So it is with c2.")


def test_times_are_of_publication_where_the_day_is_known(tmp_path: Path) -> None:
    notes = of_type(written(tmp_path / "a"), "note")
    days = [one["created"] for one in notes]
    assert days[0] == "2031-04-02T00:00:00.000Z"
    assert days[3] == "1970-01-01T00:00:00.000Z"
    assert days[6] == "2031-05-09T00:00:00.000Z"
    assert days == [one["modified"] for one in notes]
    time = datetime(2031, 4, 20, 1, tzinfo=UTC)
    later = [one["modified"] for one in of_type(written(tmp_path / "b", modified=time), "note")]
    assert later[0] == "2031-04-20T01:00:00.000Z"
    assert later[6] == "2031-05-09T00:00:00.000Z"


def test_markings_are_of_every_object_or_of_none(tmp_path: Path) -> None:
    assert all(
        one["object_marking_refs"] == [MARKING]
        for one in written(tmp_path / "a", markings=[MARKING])
    )
    assert not any("object_marking_refs" in one for one in written(tmp_path / "b"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"per_bundle": 0}, "expected at least 1 object in a bundle, found 0"),
        (
            {"markings": ["tlp:green"]},
            "expected an object of STIX 2.1, found .*object_marking_refs",
        ),
        ({"modified": datetime(2032, 1, 2)}, "expected a time with its zone"),
    ],
)
def test_bad_calls_are_refused(options: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=message):
        written(tmp_path, **options)
    assert not list(tmp_path.iterdir())


def test_without_the_library_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "stix2", None)
    with pytest.raises(UsageError, match=r'pip install "sayso\[stix\]"'):
        written(tmp_path)
