"""Time and cost of many articles on many machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.plan import Assumptions, plan, read_rate
from sayso.errors import InputError, UsageError

IDEAL = Assumptions(efficiency=1.0, stragglers=1.0, lost=0.0, start_seconds=0.0)


def test_without_losses_it_is_plain_division() -> None:
    found = plan(
        articles=3600 * 160,
        cores_per_node=16,
        price=0.25,
        articles_per_second=2.0,
        nodes=(1, 4),
        assumptions=IDEAL,
    )
    assert found.core_hours == pytest.approx(80)
    assert [row.hours for row in found.table] == pytest.approx([5.0, 1.25])
    assert [row.cost for row in found.table] == pytest.approx([1.25, 1.25])
    sent = 3600 * 160 * IDEAL.article_bytes * IDEAL.packed
    assert found.table[0].read_mb_per_second == pytest.approx(sent / 5 / 3600 / 1e6)
    assert found.store_cost == pytest.approx((found.input_tb + found.output_tb) * IDEAL.store_price)


def test_each_loss_makes_it_longer_and_dearer() -> None:
    given = {"articles": 10**6, "cores_per_node": 16, "price": 1.0, "articles_per_second": 4.0}
    ideal = plan(**given, nodes=(3,), assumptions=IDEAL).table[0]  # type: ignore[arg-type]
    for name, value in (
        ("efficiency", 0.5),
        ("stragglers", 2.0),
        ("lost", 1.0),
        ("start_seconds", 3600 * ideal.hours),
    ):
        worse = Assumptions(**{f: getattr(IDEAL, f) for f in IDEAL.__slots__} | {name: value})
        row = plan(**given, nodes=(3,), assumptions=worse).table[0]  # type: ignore[arg-type]
        assert row.hours == pytest.approx(2 * ideal.hours), name
        assert row.cost == pytest.approx(2 * ideal.cost), name


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"articles": 0}, "expected articles over 0, found 0"),
        ({"articles_per_second": float("nan")}, "expected articles per second over 0"),
        ({"nodes": ()}, "expected nodes over 0"),
        ({"price": -1.0}, "expected a price of 0 or more"),
    ],
)
def test_numbers_out_of_range_are_refused(wrong: dict[str, object], words: str) -> None:
    given = {"articles": 10, "cores_per_node": 1, "price": 1.0, "articles_per_second": 1.0}
    with pytest.raises(UsageError, match=words):
        plan(**{**given, **wrong})  # type: ignore[arg-type]


def test_the_rate_is_of_one_core_in_the_better_setting(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    one, default = {"articles_per_second": 6.0}, {"articles_per_second": 8.0}
    path.write_text(json.dumps({"one": one, "default": default, "threads": 2}))
    assert read_rate(path) == 4.0
    path.write_text(json.dumps({"one": one, "default": None, "threads": 2}))
    assert read_rate(path) == 3.0
    path.write_text("{}")
    with pytest.raises(InputError, match="expected the JSON of a bench"):
        read_rate(path)


def test_the_command_tells_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "plan.json"
    options = ["--articles-per-second", "5", "--price", "0.4", "-o", str(out)]
    assert main(["plan", "--articles", "1800000", *options]) == 0
    assert "1,800,000 articles at 5 a second and core: 100 core hours." in capsys.readouterr().out
    assert json.loads(out.read_text())["core_hours"] == pytest.approx(100)
    assert main(["plan"]) == 2
    assert "found neither or both" in capsys.readouterr().err
