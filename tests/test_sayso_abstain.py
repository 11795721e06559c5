"""Leaving out the labels that the model is least sure of."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from data.loaders import GOLD
from data.records import LabelledArticle
from sayso.bundle import BundleConfig, load_bundle
from sayso.cli import app
from sayso.errors import UsageError
from sayso.records import STANCES, Article, Statement
from sayso.scorer import ScoredArticle, Scorer
from sayso.show import show_article
from sayso.stance import least_confidence
from sayso.statements import read_statements
from sayso.summary import Summary
from sayso.table import statements_to_table, table_to_statements


def _surest(statement: Statement) -> float:
    return float(max(getattr(statement, f"p_{stance}") for stance in STANCES))


@pytest.fixture(scope="module")
def articles(gold: Sequence[LabelledArticle]) -> list[Article]:
    return [Article(a.id, a.text) for a in gold[:6]]


def test_only_the_least_sure_go_without(scorer: Scorer, articles: list[Article]) -> None:
    config = load_bundle().config
    every = list(scorer.score(articles))
    some = list(Scorer.load(threads=2, threshold=0.0, abstain=0.3).score(articles))
    least = least_confidence(config, 0.3)
    assert [replace(s, stance=None) for s in every] == [replace(s, stance=None) for s in some]
    assert {s.stance is None for s in some} == {True, False}
    for before, after in zip(every, some, strict=True):
        assert after.stance == (before.stance if _surest(before) >= least else None)


def test_shares_are_read_between_hundredths() -> None:
    config = replace(load_bundle().config, confidences=(0.4, 0.6, 1.0))
    assert least_confidence(config, 0.0) == 0.0
    assert least_confidence(config, 0.25) == pytest.approx(0.5)
    assert least_confidence(config, 0.75) == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("confidences", "share", "expected"),
    [
        ((0.4, 1.0), 1.0, r"in \[0, 1\), found 1.0"),
        ((0.4, 1.0), -0.1, r"in \[0, 1\), found -0.1"),
        ((), 0.1, "measured confidences, found one without"),
    ],
)
def test_what_cannot_be_abstained(
    confidences: tuple[float, ...], share: float, expected: str
) -> None:
    config: BundleConfig = replace(load_bundle().config, confidences=confidences)
    with pytest.raises(UsageError, match=expected):
        least_confidence(config, share)


def test_the_released_confidences_make_sense() -> None:
    found = load_bundle().config.confidences
    assert len(found) == 101
    assert list(found) == sorted(found)
    assert 0.25 <= found[0] < found[50] < found[100] <= 1


def test_rows_without_a_label_are_written_read_and_shown(
    scorer: Scorer, articles: list[Article]
) -> None:
    statements = [replace(s, stance=None) for s in scorer.score(articles[:1])]
    assert next(iter(table_to_statements(statements_to_table(statements)))).stance is None
    console = Console(width=100, record=True)
    with console.capture() as shown:
        show_article(console, articles[0], statements)
    assert "withheld" in shown.get()
    summary = Summary()
    summary.add(ScoredArticle(articles[0], tuple(statements)))
    with console.capture() as counted:
        console.print(summary.table())
    assert "withheld" in counted.get()


def test_from_the_command_line(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    wanted = ["score", str(GOLD / "articles.jsonl"), "-o", str(out), "--limit", "6"]
    done = CliRunner().invoke(app, [*wanted, "--abstain", "0.5"])
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    stances = [row["stance"] for row in rows]
    assert None in stances
    assert set(stances) - {None} <= set(STANCES)
    assert [s.stance for s in read_statements(str(out))] == stances
    assert CliRunner().invoke(app, [*wanted, "--abstain", "1.5"]).exit_code == 2
