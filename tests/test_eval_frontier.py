"""The frontier of accuracy against speed, its knee, its files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from eval.__main__ import main
from eval.bench import WORDS, articles_of
from eval.frontier import FIGURES, MEAN, Figure, Frontier, Point, gather, read_frontiers
from eval.frontierchart import draw_frontier
from eval.speed import Speed
from sayso.bundle import DEFAULT_BUNDLE
from sayso.errors import InputError
from sayso.scorer import Scorer


def _point(name: str, speed: float, figure: float, *, stance: float | None = None) -> Point:
    figures = {one: Figure(figure, figure - 0.02, figure + 0.02) for one in FIGURES}
    if stance is not None:
        figures["stance_macro_f1"] = Figure(stance, stance, stance)
    return Point(name, 6, 1, "int8", speed, 600 * speed, figures, "a machine")


SLOW, BEND, FAST = _point("slow", 4, 0.70), _point("bend", 12, 0.68), _point("fast", 20, 0.50)
BEHIND = _point("behind", 10, 0.60)
ALL = Frontier((SLOW, BEHIND, FAST, BEND))


def test_the_front_is_what_no_other_beats() -> None:
    assert ALL.front(MEAN) == (FAST, BEND, SLOW)
    twin = replace(BEND, name="twin")
    assert Frontier((*ALL.points, twin)).front(MEAN) == (FAST, BEND, SLOW)


def test_the_knee_is_farthest_over_the_chord() -> None:
    assert ALL.knee(MEAN) is BEND
    assert ALL.knee("content_f1") is BEND
    under = _point("under", 12, 0.51)
    assert Frontier((SLOW, under, FAST)).knee(MEAN) is SLOW
    assert Frontier((SLOW,)).knee(MEAN) is SLOW
    assert Frontier((SLOW, FAST)).knee(MEAN) is SLOW


def test_ratios_of_speed_count_not_differences() -> None:
    middle = _point("middle", 10, 0.60)
    ends = (_point("least", 1, 0.70), _point("most", 100, 0.48))
    assert Frontier((*ends, middle)).knee(MEAN) is middle


def test_each_figure_has_its_own_front() -> None:
    odd = _point("odd", 10, 0.60, stance=0.9)
    found = Frontier((SLOW, BEND, FAST, odd))
    assert odd in found.front("stance_macro_f1")
    assert odd not in found.front("content_f1")
    assert odd.figure(MEAN).value == pytest.approx(0.7)


def test_files_are_read_back_and_joined(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text(ALL.to_json())
    assert read_frontiers([first]) == ALL
    plain = {
        "name": "fast",
        "layers": 2,
        "precision": "int8",
        "articles_per_second": 30,
        "tokens_per_second": 1,
        "figures": dict.fromkeys(FIGURES, 0.5),
    }
    second.write_text(json.dumps({"points": [plain]}))
    joined = read_frontiers([first, second])
    assert len(joined.points) == 4
    assert joined.front(MEAN)[0].articles_per_second == 30
    assert joined.front(MEAN)[0].figures["tuple_f1"] == Figure(0.5, 0.5, 0.5)
    assert "cannot be compared" in joined.to_text()


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"points": [{"name": "x"}]}', ALL.to_json().replace(": 20,", ": 0,")],
)
def test_files_without_points_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(InputError, match="expected points of a frontier"):
        read_frontiers([path])


def test_the_command_draws_and_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given, out = tmp_path / "points.json", tmp_path / "new" / "frontier.json"
    given.write_text(ALL.to_json())
    assert main(["frontier", str(given), "-o", str(out)]) == 0
    assert json.loads(out.read_text())["knees"][MEAN] == "bend"
    page = out.with_suffix(".md").read_text()
    assert "| bend | 6 | 1 | int8 | 12.00 | 7,200 | 68.0 | 68.0 | 68.0 | 68.0 | knee |" in page
    assert "| behind | 6 | 1 | int8 | 10.00 | 6,000 | 60.0 | 60.0 | 60.0 | 60.0 |  |" in page
    assert page in capsys.readouterr().out
    png, svg = out.with_suffix(".png").read_bytes(), out.with_suffix(".svg").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert [p.read_bytes() for p in draw_frontier(ALL, tmp_path / "again.x")] == [png, svg]


def test_one_point_can_be_drawn(tmp_path: Path) -> None:
    assert all(
        path.stat().st_size > 1000 for path in draw_frontier(Frontier((SLOW,)), tmp_path / "f")
    )


def test_wrong_use_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["frontier"]) == 2
    assert "found neither" in capsys.readouterr().err
    assert main(["frontier", "--bundle", str(tmp_path)]) == 2
    assert "expected --data" in capsys.readouterr().err


def test_bundles_are_measured_by_turns_with_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    scorer = Scorer.load()
    speeds = iter([Speed(900.0, 1000.0, 0.9), Speed(1500.0, 750.0, 2.0)])
    figure = {"value": 0.6, "low": 0.5, "high": 0.7}
    results = {
        "extraction": {"content_f1": figure, "tuple_f1": figure},
        "stance": {"macro_f1_four": figure},
    }
    names = iter(["first-int8-1", "second-float32-2"])
    monkeypatch.setattr("eval.speed.relative_speed", lambda *_, **__: next(speeds))
    monkeypatch.setattr(
        "sayso.scorer.Scorer.load",
        lambda *_, **__: SimpleNamespace(model_id=next(names), count_tokens=scorer.count_tokens),
    )
    monkeypatch.setattr(
        "eval.evaluation.evaluate", lambda *_, **__: SimpleNamespace(results=results)
    )
    found = gather([DEFAULT_BUNDLE, DEFAULT_BUNDLE], Path("data"))
    texts = [row["text"] for row in articles_of(6)]
    tokens = sum(scorer.count_tokens(text) for text in texts) / 6
    assert tokens > WORDS
    assert [p.tokens_per_second for p in found.points] == [900.0, 2000.0]
    assert found.points[1].articles_per_second == pytest.approx(2000 / tokens)
    assert [p.precision for p in found.points] == ["int8", "float32"]
    assert all(p.layers * p.members > 0 for p in found.points)
    assert found.points[0].figure("tuple_f1") == Figure(0.6, 0.5, 0.7)
