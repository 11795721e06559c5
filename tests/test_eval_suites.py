"""The suites on small data that is written here, with scorers whose figures are known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from data.loaders import load_full, load_polnear
from data.records import LABELS, LabelledArticle, LabelledStatement
from eval.endtoend import measure_end_to_end
from eval.predictions import AnyScorer, digest_found, digest_given, predict
from eval.suites import SUITES, run_suites
from sayso.decode import Attribution
from sayso.errors import InputError
from sayso.records import NONE, Article, Statement
from sayso.scorer import ScoredArticle
from tests.stub import as_found


class Replay:
    """A scorer that gives back the marks of articles it knows, and labels by content."""

    model_id = "replay"

    def __init__(self, known: Sequence[LabelledArticle] = (), *, label: str | None = None) -> None:
        self._known = {article.id: article for article in known}
        self._label = label
        self.scored: list[str] = []
        self.classified: list[str] = []

    def score_each(self, articles: Iterable[Article]) -> Iterator[ScoredArticle]:
        """What is known of each article; nothing of others."""
        for article in articles:
            self.scored.append(article.id)
            marked = self._known.get(article.id)
            rows = tuple(_row(s) for s in marked.statements) if marked else ()
            yield ScoredArticle(article, rows)

    def classify(
        self, article: Article, attributions: Sequence[Attribution]
    ) -> npt.NDArray[np.float64]:
        """All on the known label, or on the one label given."""
        self.classified.append(article.id)
        marked = self._known[article.id].statements
        labels = {(s.cue, s.content): s.stance for s in marked}
        names = [self._label or labels[a.cue, a.content] for a in attributions]
        return np.eye(len(LABELS))[[LABELS.index(name or NONE) for name in names]]


def _row(s: LabelledStatement) -> Statement:
    return as_found(
        s,
        s.stance,
        model="replay",
        parent_id=s.parent,
        form=s.form or "indirect",
        source_entity=s.entity,
        source_kind=s.kind,
    )


TEXT = "The clerk said the gate was shut. Nobody denied that it rained."
MARKS = [
    {"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 32]]},
    {"source": [[34, 40]], "cue": [[41, 47]], "content": [[48, 62]]},
]


def write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two articles of the same marks as PolNeAR, with stance labels, and as wire."""
    write(
        tmp_path / "polnear.dev.jsonl",
        [{"id": name, "text": TEXT, "attributions": MARKS} for name in "ab"],
    )
    write(
        tmp_path / "stance.dev.jsonl",
        [
            {"id": "1", "doc": "a", **MARKS[0], "stance": "assertion"},
            {"id": "2", "doc": "a", **MARKS[1]},
            {"id": "3", "doc": "b", **MARKS[1], "stance": "denial"},
        ],
    )
    marks = [
        {**mark, "stance": stance, "form": "indirect", "entity": None, "kind": "person"}
        for mark, stance in zip(MARKS, ("hedge", "none"), strict=True)
    ]
    write(tmp_path / "wire.dev.jsonl", [{"id": "w", "text": TEXT, "attributions": marks}])
    return tmp_path


def end_to_end(scorer: AnyScorer, golds: Sequence[LabelledArticle]) -> dict[str, Any]:
    return measure_end_to_end(predict(scorer, golds), threshold=0.5).to_dict()


def suite(name: str, scorer: AnyScorer, data: Path) -> dict[str, Any]:
    found: dict[str, Any] = run_suites(scorer, data, suites=[name])[name]
    return found


def values(figures: dict[str, Any]) -> dict[str, float]:
    """The values of the figures that have an interval."""
    return {k: v["value"] for k, v in figures.items() if isinstance(v, dict) and "low" in v}


def test_a_perfect_prediction_of_our_gold_is_all_ones(gold: Sequence[LabelledArticle]) -> None:
    found = end_to_end(Replay(gold), gold)
    assert set(values(found).values()) == {1.0}, found
    assert found["statements"] == sum(len(a.statements) for a in gold)


def test_no_prediction_is_all_zeros(gold: Sequence[LabelledArticle]) -> None:
    found = end_to_end(Replay(), gold)
    assert set(values(found).values()) == {0.0}
    assert np.sum(found["confusion"]) == 0


def test_no_articles_are_no_error() -> None:
    assert end_to_end(Replay(), [])["tuple_overlap_f1"]["value"] == 0.0


def test_wire_tells_all_rows_from_those_kept(data: Path) -> None:
    articles = load_full(data, "wire.dev.jsonl")
    scorer = Replay(articles)
    figures = run_suites(scorer, data, suites=["wire"], threshold=0.5)["wire"]
    assert figures["tuple_overlap_f1"]["value"] == 1.0, "none is found and counts"
    assert figures["kept_f1"]["value"] == 1.0, "none is neither kept nor wanted"
    assert figures["threshold"] == 0.5
    low = run_suites(scorer, data, suites=["wire"], threshold=0.05)["wire"]
    assert low["kept_precision"]["value"] == 0.5, "none is kept and not wanted"
    assert low["kept_recall"]["value"] == 1.0
    assert low["tuple_overlap_f1"] == figures["tuple_overlap_f1"]
    assert figures["confusion"][2][2] == 1
    assert figures["confusion"][4][0] == 1
    assert figures["stance_accuracy"]["value"] == 1.0, "gold none is left out"


def test_a_wire_file_can_be_named(data: Path) -> None:
    other = (data / "wire.dev.jsonl").rename(data / "other.jsonl")
    assert run_suites(Replay(), other, suites=["wire"])["wire"]["statements"] == 2


def test_extraction_by_hand(data: Path) -> None:
    known = load_polnear(data, "dev")
    figures = suite("extraction", Replay(known[:1]), data)
    for name in ("source", "cue", "content", "content_overlap", "tuple", "tuple_overlap"):
        assert figures[f"{name}_precision"]["value"] == 1.0
        assert figures[f"{name}_recall"]["value"] == 0.5
        assert figures[f"{name}_f1"]["value"] == pytest.approx(2 / 3)
    assert figures["cue_f1"]["low"] == 0.0, "a resample may hold the missed article alone"
    assert figures["cue_f1"]["high"] == 1.0


def test_stance_leaves_out_what_has_no_label(data: Path) -> None:
    figures = suite("stance", Replay(load_polnear(data, "dev"), label="denial"), data)
    assert figures["items"] == 2
    assert figures["accuracy"]["value"] == 0.5
    assert figures["confusion"][0] == [0, 1, 0, 0, 0]
    assert figures["confusion"][1] == [0, 1, 0, 0, 0]
    assert figures["labels"]["denial"]["recall"]["value"] == 1.0


def test_stance_without_a_label_is_told(data: Path) -> None:
    write(data / "stance.dev.jsonl", [{"id": "2", "doc": "a", **MARKS[1]}])
    with pytest.raises(InputError, match=r"stance\.dev\.jsonl: expected statements with a stance"):
        suite("stance", Replay(), data)


def test_stance_of_an_unknown_article_is_told(data: Path) -> None:
    write(data / "stance.dev.jsonl", [{"id": "2", "doc": "z", **MARKS[1], "stance": "hedge"}])
    with pytest.raises(InputError, match="expected an article 'z' for label 2"):
        suite("stance", Replay(), data)


def test_suites_without_data_are_named(tmp_path: Path) -> None:
    found = run_suites(Replay(), tmp_path, split="nowhere")
    assert "gold" in found
    assert set(found["skipped"]) == set(SUITES) - {"gold"}
    assert "wire.nowhere.jsonl" in found["skipped"]["wire"]
    with pytest.raises(InputError, match=r"expected wire\.nowhere\.jsonl"):
        run_suites(Replay(), tmp_path, split="nowhere", suites=["wire"])


def test_malformed_data_is_never_skipped(data: Path) -> None:
    (data / "wire.dev.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"wire\.dev\.jsonl:1"):
        run_suites(Replay(load_polnear(data, "dev")), data)


def test_an_unknown_suite_is_told() -> None:
    with pytest.raises(InputError, match=r"expected suites of extraction.* found spelling"):
        run_suites(Replay(), "data", suites=["spelling"])


def test_predictions_keep_the_golds_convention(gold: Sequence[LabelledArticle]) -> None:
    for marked, one in zip(gold, predict(Replay(gold), gold), strict=True):
        found = one.found
        assert (found.id, found.text, found.convention) == (
            marked.id,
            marked.text,
            marked.convention,
        )
        assert set(one.p_statement) == {s.id for s in found.statements}


def test_each_article_is_scored_once_whatever_is_measured(data: Path) -> None:
    scorer = Replay(load_polnear(data, "dev"), label="denial")
    run_suites(scorer, data)
    assert len(scorer.scored) == len(set(scorer.scored))
    assert {"a", "b", "w"} < set(scorer.scored)
    assert scorer.classified == ["a", "b"]
    alone = Replay(load_polnear(data, "dev"), label="denial")
    run_suites(alone, data, suites=["stance", "calibration", "selective"])
    assert (alone.scored, alone.classified) == ([], ["a", "b"]), "nothing is searched in vain"


def test_digests_tell_predictions_apart(data: Path) -> None:
    known = load_polnear(data, "dev")
    digests = run_suites(Replay(known, label="denial"), data)["predictions"]
    assert set(digests) == {"polnear.dev", "stance.dev", "wire.dev", "gold"}
    some = ["extraction", "stance"]
    again = run_suites(Replay(known, label="denial"), data, suites=some)["predictions"]
    assert again == {part: digests[part] for part in ("polnear.dev", "stance.dev")}
    other = run_suites(Replay(known, label="hedge"), data, suites=some)["predictions"]
    assert {part for part in again if again[part] != other[part]} == {"stance.dev"}
    one = predict(Replay(known), known)
    moved = [replace(p, statements=p.statements[:1]) for p in one]
    nudged = [
        replace(p, statements=tuple(replace(s, p_denial=4e-7) for s in p.statements)) for p in one
    ]
    assert digest_found(one) != digest_found(moved)
    assert digest_found(one) == digest_found(nudged), "six decimals count"
    assert digest_given(one) == digest_given([]), "nothing was asked"


def test_results_are_json(data: Path) -> None:
    assert json.loads(json.dumps(run_suites(Replay(), data, suites=["wire", "gold"])))
