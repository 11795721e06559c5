"""What choosing saves: curves, the head that learns, and a pool where it is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from data.records import LABELS, Convention, LabelledArticle, LabelledStatement
from data.save import save_articles
from data.uncertainty import Doubted
from eval.__main__ import main
from eval.residual import ResidualHead
from eval.selection import (
    ARTICLES,
    CHOSEN,
    RANDOM,
    STATEMENTS,
    Curve,
    Labelled,
    Savings,
    measure_savings,
)
from sayso.decode import Attribution
from sayso.errors import InputError, UsageError
from sayso.records import Article, Span
from tests.corpus import make_articles, quick_bundle

SIZE = 12
RARE = 0.06


def _pool(count: int, *, each: int = 10, rich: float = 0.2) -> list[Labelled]:
    """Articles most of whose statements are of one label; some articles have the others.

    The bundle is unsure of the rare ones only, and takes them for the common one.
    """
    chance = np.random.default_rng(7)
    means = chance.normal(0, 1.2, (len(LABELS), SIZE))
    out = []
    for number in range(count):
        share = 0.5 if chance.random() < rich else 0.02
        rare = chance.random(each) < share
        labels = np.where(rare, chance.integers(1, len(LABELS), each), 0)
        vectors = means[labels] + chance.normal(0, 1.0, (each, SIZE))
        rows = np.full((each, len(LABELS)), 0.01)
        rows[np.arange(each), labels] += np.where(rare, 0.3, 0.0)
        rows[:, 0] = 1 - rows[:, 1:].sum(axis=1)
        article = LabelledArticle(f"a{number}", "", None, None, None, Convention.FULL, ())
        nothing = (Attribution((), (), (Span(0, 1),)),) * each
        doubted = Doubted(
            Article(article.id, ""), nothing, rows, vectors.astype(np.float32), 50, 0.1
        )
        out.append(Labelled(article, doubted, doubted, labels))
    return out


def test_a_head_without_labels_says_what_the_bundle_says() -> None:
    chance = np.random.default_rng(0)
    vectors, rows = chance.normal(size=(9, 4)), chance.dirichlet(np.ones(5), 9)
    head = ResidualHead.fit(vectors[:0], rows[:0], np.zeros(0, np.int64), known=vectors)
    assert head.predict(vectors, rows) == pytest.approx(rows, abs=1e-5)


def test_a_head_learns_and_the_penalty_holds_it() -> None:
    chance = np.random.default_rng(1)
    labels = chance.integers(0, 5, 300)
    vectors = np.eye(5)[labels] + chance.normal(0, 0.3, (300, 5))
    rows = np.full((300, 5), 0.2)

    def right(penalty: float) -> float:
        head = ResidualHead.fit(vectors[:200], rows[:200], labels[:200], penalty=penalty)
        found = head.predict(vectors[200:], rows[200:])
        assert found.sum(axis=1) == pytest.approx(np.ones(100))
        return float(found[np.arange(100), labels[200:]].mean())

    assert right(1.0) > 0.8
    assert 0.2 <= right(1e7) < 0.21


def test_a_curve_reaches_and_holds() -> None:
    quality = np.array([[0.4, 0.6, 0.5, 0.7, 0.8], [0.4, 0.6, 0.5, 0.7, 0.8]])
    curve = Curve(np.array([0.0, 10, 20, 30, 40]), quality)
    assert curve.reached(0.55) == pytest.approx(7.5)
    assert curve.held(0.55) == pytest.approx(22.5)
    assert curve.reached(0.3) == curve.held(0.3) == 0
    assert curve.reached(0.9) is None
    assert curve.held(0.9) is None
    falls = Curve(curve.labels, quality[:, ::-1])
    assert falls.held(0.6) is None
    chance = Curve(curve.labels, quality - 0.25)
    found = Savings("m", STATEMENTS, 40, 100, 50, {RANDOM: chance, CHOSEN: curve})
    assert found.target == pytest.approx(0.55)
    assert found.share(CHOSEN) == pytest.approx(7.5 / 40)
    assert found.share(RANDOM) == found.share_held(RANDOM) == pytest.approx(1)


@pytest.mark.parametrize("unit", [ARTICLES, STATEMENTS])
def test_choosing_saves_where_rare_labels_are_what_is_doubted(unit: str) -> None:
    found = measure_savings(_pool(90), unit, model="m", budget=200, steps=4, seeds=3)
    share = found.share(CHOSEN)
    assert share is not None
    assert share < 0.6
    assert found.curves[RANDOM].mean[-1] > found.curves[RANDOM].mean[0]
    again = measure_savings(_pool(90), unit, model="m", budget=200, steps=4, seeds=3)
    assert again.to_dict() == found.to_dict()
    assert found.pool + found.held == pytest.approx(900)


def test_a_budget_is_there_to_be_spent() -> None:
    with pytest.raises(InputError, match="500 labels or more to choose from"):
        measure_savings(_pool(20), STATEMENTS, model="m", budget=500)
    with pytest.raises(UsageError, match="no more steps than labels"):
        measure_savings(_pool(20), STATEMENTS, model="m", budget=5, steps=10)
    with pytest.raises(InputError, match="articles on both sides"):
        measure_savings(_pool(1), STATEMENTS, model="m", budget=5, steps=1)


def test_the_command_writes_figures_and_a_plot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_articles(
        [
            LabelledArticle(
                id=row["id"],
                text=row["text"],
                title=None,
                outlet="Courier" if n % 10 else "Wire",
                published=None,
                convention=Convention.FULL,
                statements=tuple(
                    LabelledStatement(
                        id=f"{row['id']}#{at}",
                        doc=row["id"],
                        source=(),
                        cue=(Span(5 * at, 5 * at + 4),),
                        content=(Span(5 * at + 5, 5 * at + 9),),
                        stance=LABELS[(n + at) % 5],
                    )
                    for at in range(4)
                ),
            )
            for n, row in enumerate(make_articles(30))
        ],
        tmp_path / "own.train.jsonl",
    )
    bundle, out = quick_bundle(tmp_path / "bundle"), tmp_path / "out"
    call = ["selection", "--data", str(tmp_path), "--model", str(bundle)]
    call += ["--pool", "own.train.jsonl", "--budget", "16", "--steps", "2", "--seeds", "1"]
    assert main([*call, "-o", str(out), "--without", "Wire"]) == 0
    names = {"selection.json", "selection.md", "selection.png", "selection.svg"}
    assert {path.name for path in out.iterdir()} == names
    report = json.loads((out / "selection.json").read_text())
    assert [one["unit"] for one in report["savings"]] == [ARTICLES, STATEMENTS]
    assert report["savings"][0]["curves"]["chosen"]["labels"] == [0, 8, 16]
    assert "reached | held from" in capsys.readouterr().out
    both = {}
    for part in ("tune", "report", "all"):
        assert main([*call, "--part", part, "--unit", "statements"]) == 0
        both[part] = int(capsys.readouterr().out.split("\n")[2].split()[0])
    assert both["tune"] + both["report"] == both["all"] == 30
    assert main([*call[:-6], "--pool", "none.jsonl"]) == 2
    assert "none.jsonl" in capsys.readouterr().err
    assert main([*call, "--without", "Wire", "--without", "Courier"]) == 2
    assert "found none" in capsys.readouterr().err
