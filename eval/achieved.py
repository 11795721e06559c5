"""What inference reaches: operations a second of the windows that are really run."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime

from eval.operations import GraphOperations, Operations, count_operations
from eval.peaks import Peaks
from eval.timed import BenchError
from sayso.records import Article
from sayso.scorer import Scorer

__all__ = ["Achieved", "measure_achieved"]


@dataclass(frozen=True, slots=True)
class Achieved:
    """A pass over articles in this process; the best of several.

    Attributes:
        articles: scored.
        seconds: of the whole pass, reading and writing of files not included.
        inference_seconds: in onnxruntime, summed over the threads and divided by their number.
        covered_seconds: of the pass, in which onnxruntime was at work in one thread or more.
        int8_operations, float32_operations: multiplications and additions of all matrix products
            of the windows that ran, overlaps and padding included.
        windows: runs of the network.
        threads: windows at once.
    """

    articles: int
    seconds: float
    inference_seconds: float
    covered_seconds: float
    int8_operations: float
    float32_operations: float
    windows: int
    threads: int

    @property
    def gigaops(self) -> float:
        """Billions of operations a second during inference."""
        return (self.int8_operations + self.float32_operations) / self.inference_seconds / 1e9

    @property
    def pipeline_gigaops(self) -> float:
        """Billions of operations a second of the whole pass."""
        return (self.int8_operations + self.float32_operations) / self.seconds / 1e9

    def least_seconds(self, peaks: Peaks) -> float:
        """What the products alone would take at the peaks, each kind at its own."""
        return (
            self.int8_operations / peaks.int8 / 1e9 + self.float32_operations / peaks.float32 / 1e9
        )

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            **asdict(self),
            "gigaops": self.gigaops,
            "pipeline_gigaops": self.pipeline_gigaops,
        }


def measure_achieved(
    articles: Sequence[Article], *, model: Path | None, threads: int, rounds: int = 3
) -> Achieved:
    """Score articles in this process while every run of onnxruntime is timed.

    Args:
        articles: at least one.
        model: bundle folder; None for the one that ships.
        threads: windows at once.
        rounds: passes; the one with the least time in inference counts.

    Raises:
        BenchError: no run of the network was seen.
    """
    with _recording() as runs:
        scorer = Scorer.load(model, threads=threads)
        for _ in scorer.score_each(articles[:1]):
            pass
        best = min(
            (_one_pass(scorer, articles, runs, threads) for _ in range(rounds)),
            key=lambda one: one.inference_seconds,
        )
    if best.windows == 0:
        raise BenchError("expected runs of the network in onnxruntime, found none")
    return best


@dataclass(frozen=True, slots=True)
class _Ran:
    """One run: when it began and ended, its products, and whether tokens attend to each other."""

    began: float
    ended: float
    operations: Operations
    network: bool


def _one_pass(
    scorer: Scorer, articles: Sequence[Article], runs: list[_Ran], threads: int
) -> Achieved:
    runs.clear()
    began = time.perf_counter()
    for _ in scorer.score_each(articles):
        pass
    seconds = time.perf_counter() - began
    operations = sum((run.operations for run in runs), Operations())
    return Achieved(
        articles=len(articles),
        seconds=seconds,
        inference_seconds=max(sum(r.ended - r.began for r in runs) / threads, 1e-9),
        covered_seconds=_covered([(run.began, run.ended) for run in runs]),
        int8_operations=operations.int8,
        float32_operations=operations.float32,
        windows=sum(run.network for run in runs),
        threads=threads,
    )


def _covered(spans: Sequence[tuple[float, float]]) -> float:
    """Length of the union of intervals."""
    covered, reached = 0.0, float("-inf")
    for low, high in sorted(spans):
        covered += max(0.0, high - max(low, reached))
        reached = max(reached, high)
    return covered


@contextmanager
def _recording() -> Iterator[list[_Ran]]:
    """Sessions that are made within tell of each of their runs."""
    runs: list[_Ran] = []
    lock = threading.Lock()
    plain = onnxruntime.InferenceSession

    class Recorded(plain):  # type: ignore[misc,valid-type]
        """A session whose runs are timed."""

        def __init__(self, graph: Any, *args: Any, **named: Any) -> None:
            super().__init__(graph, *args, **named)
            given = graph if isinstance(graph, bytes) else Path(graph)
            self._counted: GraphOperations = count_operations(given)
            self._first = self.get_inputs()[0].name

        def run(self, names: Any, inputs: Any, options: Any = None) -> Any:
            """As of the session itself."""
            began = time.perf_counter()
            outputs = super().run(names, inputs, options)
            ended = time.perf_counter()
            counted = self._counted
            found = _Ran(began, ended, counted.of(inputs[self._first].shape), counted.layers > 0)
            with lock:
                runs.append(found)
            return outputs

    onnxruntime.InferenceSession = Recorded
    try:
        yield runs
    finally:
        onnxruntime.InferenceSession = plain
