"""Links of denials measured, and their weights fitted."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from data.denials import (
    SECOND,
    DeniedArticle,
    load_denials,
    load_denied_gold,
    load_positions,
)
from data.loaders import load_full
from eval.__main__ import main
from eval.denialagreement import measure_link_agreement
from eval.denialfit import fit_weights
from eval.denials import (
    by_folds,
    first_only,
    latest_other,
    measure_found,
    measure_links,
    measure_positions,
    most_shared,
)
from sayso.claims.denials import Said, Weights, link_denials
from sayso.errors import InputError

TEXT = "Ola Brek said the mill leaks. Una Stamm said it rained. Mill denied that the mill leaks."


def row(name: str) -> dict[str, object]:
    def mark(source: str, cue: str, content: str, stance: str) -> dict[str, object]:
        start = TEXT.index(source)
        places = [TEXT.index(part, start) for part in (source, cue, content)]
        spans = [
            [[at, at + len(part)]] for at, part in zip(places, (source, cue, content), strict=True)
        ]
        return dict(zip(("source", "cue", "content"), spans, strict=True)) | {
            "stance": stance,
            "entity": source,
            "kind": "person",
            "form": "indirect",
            "parent": None,
        }

    return {
        "id": name,
        "text": TEXT,
        "attributions": [
            mark("Ola Brek", "said", "the mill leaks", "assertion"),
            mark("Una Stamm", "said", "it rained", "assertion"),
            mark("Mill", "denied", "that the mill leaks", "denial"),
        ],
    }


def write(folder: Path, denials: Sequence[object], positions: Sequence[object]) -> Path:
    files: dict[str, Sequence[object]] = {
        "news.train.jsonl": [row("a"), row("b")],
        "news.more.jsonl": [],
        "wire.dev.jsonl": [],
        "denials.made.jsonl": [],
        "denials.jsonl": denials,
        "positions.jsonl": positions,
    }
    for name, rows in files.items():
        (folder / name).write_text("".join(json.dumps(one) + "\n" for one in rows))
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    links = [{"id": f"{name}#2", "doc": name, "denies": [f"{name}#0"]} for name in "ab"]
    links.append({"id": "gone#0", "doc": "gone", "denies": []})
    sides = [
        {"id": "a#0", "doc": "a", "position": "for"},
        {"id": "a#2", "doc": "a", "position": "for"},
        {"id": "b#2", "doc": "b", "position": "against"},
    ]
    return write(tmp_path, links, sides)


def test_links_are_loaded_by_article(root: Path) -> None:
    articles = load_denials(root)
    assert [one.article.id for one in articles] == ["a", "b"]
    assert articles[0].denies == {"a#2": ("a#0",)}
    assert [one.position for one in load_positions(root)] == [1, 1, -1]


@pytest.mark.parametrize(
    ("denials", "positions", "message"),
    [
        ([{"id": "a#2", "doc": "a", "denies": "a#0"}], [], "expected denies as a list of ids"),
        ([{"id": "b#2", "doc": "a", "denies": []}], [], "expected id of a statement of 'a'"),
        ([], [{"id": "a#2", "doc": "a", "position": "maybe"}], "expected position to be one of"),
    ],
)
def test_malformed_labels(
    tmp_path: Path, denials: list[object], positions: list[object], message: str
) -> None:
    write(tmp_path, denials, positions)
    with pytest.raises(InputError, match=message):
        load_denials(tmp_path)
        load_positions(tmp_path)


def test_gold_names_all_that_put_a_claim_forward() -> None:
    gold = load_denied_gold()
    several = [ones for one in gold for ones in one.denies.values() if len(ones) > 1]
    labelled = {s.id: s.denies for one in gold for s in one.article.statements}
    assert several
    for one in gold:
        for denial, ones in one.denies.items():
            assert ones[:1] == tuple(filter(None, [labelled[denial]]))
            assert set(ones) <= set(labelled)
    assert max(len(ones) for one in first_only(gold) for ones in one.denies.values()) == 1


def test_a_second_annotator_takes_the_place_of_the_first() -> None:
    first, second = load_denied_gold(), load_denied_gold(links=SECOND)
    assert [one.denies.keys() for one in first] == [one.denies.keys() for one in second]
    assert 0 < measure_link_agreement(first, second).pairs.value < 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: rows[1:], "expected a row for each denial of the gold, found none for"),
        (lambda rows: [*rows, {"id": "gone#0", "denies": []}], "found one, though it is no denial"),
        (lambda rows: [rows[0] | {"denies": ["gone#0"]}, *rows[1:]], "found 'gone#0'"),
    ],
)
def test_links_that_do_not_fit_the_gold(
    tmp_path: Path,
    change: Callable[[list[dict[str, object]]], list[dict[str, object]]],
    message: str,
) -> None:
    rows = [json.loads(line) for line in SECOND.read_text().splitlines()]
    path = tmp_path / "links.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in change(rows)))
    with pytest.raises(InputError, match=message):
        load_denied_gold(links=path)


def test_agreement_counts_denials_and_pairs(root: Path) -> None:
    articles = load_denials(root)
    wider = [replace(one, denies={k: (*v, "x") for k, v in one.denies.items()}) for one in articles]
    other = [replace(one, denies=dict.fromkeys(one.denies, ("x",))) for one in articles]
    nothing = [replace(one, denies=dict.fromkeys(one.denies, ())) for one in articles]
    found = [measure_link_agreement(articles, ones) for ones in (wider, other, nothing)]
    assert [one.alike.value for one in found] == [1, 1, 0]
    assert [one.overlapping.value for one in found] == [1, 0, 0]
    assert [one.pairs.value for one in found] == pytest.approx([2 / 3, 0, 0])


def test_figures_count_links(root: Path) -> None:
    articles = load_denials(root)

    def wrong(said: Sequence[Said]) -> list[int | None]:
        return [None, None, 1]

    right = measure_links(articles, latest_other)
    assert right.links.f1.value == 0
    assert measure_links(articles, most_shared).links.recall.value == 1
    assert measure_links(articles, wrong).links.precision.value == 0
    assert (right.denials, right.linked) == (2, 2)
    nothing = [DeniedArticle(one.article, dict.fromkeys(one.denies, ())) for one in articles]
    assert measure_links(nothing, wrong).nothing.value == 0
    assert measure_links(nothing, lambda said: [None] * len(said)).nothing.value == 1
    assert measure_positions(load_positions(root)).value == pytest.approx(2 / 3)


def test_what_a_scorer_finds_is_matched_by_overlap(root: Path) -> None:
    articles = load_denials(root)
    scored = load_full(root, "news.train.jsonl")
    assert measure_found(articles, scored).links == measure_links(articles).links
    nothing = [replace(one, statements=()) for one in scored]
    assert measure_found(articles, nothing).links.recall.value == 0


def test_weights_are_fitted_and_written(root: Path, tmp_path: Path) -> None:
    articles = load_denials(root)
    weights = fit_weights(articles)
    assert weights.pairs.any()
    assert measure_links(articles, lambda said: link_denials(said, weights=weights)).links == (
        by_folds(articles, folds=2)[0].links
    )
    path = tmp_path / "out" / "weights.json"
    assert main(["denials", "--data", str(root), "--fit", str(path)]) == 0
    assert Weights.from_json(path.read_text()).to_json() == weights.to_json()
