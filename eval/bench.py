"""Throughput, start-up and memory of the command, beside a rival and the machine's own peaks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.loaders import load_gold
from eval.machine import Machine, describe_machine
from eval.timed import Figures, measure_score, score_options
from sayso.errors import UsageError
from sayso.processors import usable_processors
from sayso.records import Article
from sayso.scorer import Scorer

if TYPE_CHECKING:
    from eval.achieved import Achieved
    from eval.peaks import Peaks
    from eval.rival import Rival

__all__ = ["ELSEWHERE", "WORDS", "Bench", "articles_of", "bench"]

WORDS = 500
"""Words of a generated article."""

SAMPLE = 24
"""Most articles of a pass in this process, and of one of the rival."""

ELSEWHERE = {
    "GenderGapTracker": 2400,
    "textacy": 2400,
    "Citron": 1620,
    "spaCy, small pipeline alone": 2350,
}
"""Words a CPU second of other systems, published or measured elsewhere on two such cores."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What was measured in one run.

    Attributes:
        model: id of the bundle.
        articles: scored, of `WORDS` words each.
        threads: at work at once.
        one: the command in one process.
        default: the command as it comes, with all its workers; None where it has no workers.
        peaks: of matrix products; None where the training stack is not installed.
        achieved: during inference, beside the peaks.
        rival: the same network in transformers' pipeline; None if it was not asked for.
        growth: time and memory by number of articles, if it was asked for.
        machine: what it ran on.
        notes: what was left out and why, and warnings.
    """

    model: str
    articles: int
    threads: int
    one: Figures
    default: Figures | None
    peaks: Peaks | None
    achieved: Achieved | None
    rival: Rival | None
    growth: Mapping[str, Any] | None
    machine: Machine
    notes: tuple[str, ...] = ()

    def ratios(self) -> dict[str, float]:
        """What is held against something else: times the rival, shares of the peak."""
        out = {}
        if self.rival:
            theirs = self.rival.articles_per_second
            out["one_over_rival"] = self.one.articles_per_second / theirs
            if self.default:
                out["default_over_rival"] = self.default.articles_per_second / theirs
        if self.peaks and self.achieved:
            found, peaks = self.achieved, self.peaks
            out["inference_over_int8_peak"] = found.gigaops / peaks.int8
            out["pipeline_over_int8_peak"] = found.pipeline_gigaops / peaks.int8
            out["inference_over_mixed_peak"] = found.least_seconds(peaks) / found.inference_seconds
        return out

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object, with every raw figure."""
        parts = {"peaks": self.peaks, "achieved": self.achieved, "rival": self.rival}
        return {
            "model": self.model,
            "articles": self.articles,
            "words": WORDS,
            "threads": self.threads,
            "one": asdict(self.one),
            "default": asdict(self.default) if self.default else None,
            **{name: part.to_dict() if part else None for name, part in parts.items()},
            "ratios": self.ratios(),
            "growth": self.growth,
            "elsewhere_words_per_cpu_second": ELSEWHERE,
            "machine": self.machine.to_dict(),
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """As a JSON object, written out."""
        return json.dumps(self.to_dict(), indent=1)

    def to_text(self) -> str:
        """To be read: one line a figure."""
        rows = [
            ("model", self.model),
            ("machine", self.machine.to_text()),
            ("articles", f"{self.articles:,} of {WORDS} words; {self.one.statements:,} statements"),
            *self.one.told("one process"),
            *(self.default.told("as it comes") if self.default else ()),
            *self._beside(),
            *(("note", note) for note in self.notes),
        ]
        return "\n".join(f"{name:<13}{value}" for name, value in rows)

    def _beside(self) -> Iterator[tuple[str, str]]:
        ratios = self.ratios()
        if self.rival:
            times = " and ".join(
                f"{ratios[name]:.1f} times ({title})"
                for name, title in (
                    ("one_over_rival", "one process"),
                    ("default_over_rival", "as it comes"),
                )
                if name in ratios
            )
            yield "transformers", f"{self.rival.articles_per_second:,.2f} articles/s; ours {times}"
        if self.peaks:
            yield (
                "peaks",
                f"int8 {self.peaks.int8:,.0f}, float32 {self.peaks.float32:,.0f} billion "
                f"operations/s, {self.peaks.threads} threads",
            )
        if self.achieved and self.peaks:
            yield (
                "achieved",
                f"{self.achieved.gigaops:,.0f} during inference, "
                f"{ratios['inference_over_int8_peak']:.0%} of the int8 peak "
                f"({ratios['inference_over_mixed_peak']:.0%} with float32 products held against "
                f"theirs); "
                f"whole pipeline {ratios['pipeline_over_int8_peak']:.0%}",
            )


def articles_of(count: int, *, words: int = WORDS) -> list[dict[str, str]]:
    """`count` articles of `words` words, put together from the paragraphs of our own gold."""
    paragraphs = [p for a in load_gold() for p in a.text.split("\n\n")]
    out, at = [], 0
    for number in range(count):
        parts: list[str] = []
        left = words
        while left > 0:
            piece = paragraphs[at % len(paragraphs)].split(" ")[:left]
            parts.append(" ".join(piece))
            left -= len(piece)
            at += 1
        at += 1
        out.append({"id": f"bench-{number:06d}", "text": "\n\n".join(parts)})
    return out


def bench(
    *,
    articles: int = 200,
    threads: int | None = None,
    model: Path | None = None,
    rival: bool = False,
    encoder: str | None = None,
    peaks: bool = True,
    growth: Sequence[int] = (),
) -> Bench:
    """Time `sayso score` on generated articles, in one process and as it comes.

    Args:
        articles: how many, at least 2: the quickest of several runs over one is taken off the
            run over all.
        threads: of one process, of the peaks and of the rival; None for one a usable processor.
        model: bundle folder; None for the one that ships.
        rival: time transformers' pipeline too.
        encoder: of the rival's architecture; see `eval.rival.load_rival`.
        peaks: measure the machine's peaks and what inference reaches of them.
        growth: numbers of articles to measure time and memory at.

    Raises:
        UsageError: fewer than 2 articles.
        BenchError: the command failed, or the articles are too few to tell speed from start-up.
    """
    if articles < 2:
        raise UsageError(f"expected 2 articles or more, found {articles}")
    machine = describe_machine()
    notes = [note] if (note := machine.warning()) else []
    scorer, rows = Scorer.load(model), articles_of(articles)
    tokens = sum(scorer.count_tokens(row["text"]) for row in rows[1:])
    count = threads or usable_processors()
    single = score_options(model=model, threads=count, workers=1)
    whole = score_options(model=model)
    spread = "--workers" in single
    one = measure_score(rows, single, tokens=tokens, words=WORDS)
    default = measure_score(rows, whole, tokens=tokens, words=WORDS) if spread else None
    sample = [Article(**row) for row in rows[:SAMPLE]]
    found = _of_peaks(sample, model, count, notes) if peaks else (None, None)
    return Bench(
        model=scorer.model_id,
        articles=articles,
        threads=count,
        one=one,
        default=default,
        peaks=found[0],
        achieved=found[1],
        rival=_of_rival(sample, model, encoder, count, notes) if rival else None,
        growth=_of_growth(growth, model) if growth else None,
        machine=machine,
        notes=tuple(notes),
    )


def _of_peaks(
    sample: Sequence[Article], model: Path | None, threads: int, notes: list[str]
) -> tuple[Peaks | None, Achieved | None]:
    """Peaks before and after inference, so that a slow spell does not flatter us."""
    try:
        from eval.achieved import measure_achieved
        from eval.peaks import measure_peaks
    except ImportError as error:
        notes.append(f"peaks: expected the extra sayso[train], found {error}")
        return None, None
    before = measure_peaks(threads)
    achieved = measure_achieved(sample, model=model, threads=threads)
    return before.best(measure_peaks(threads)), achieved


def _of_rival(
    sample: Sequence[Article],
    model: Path | None,
    encoder: str | None,
    threads: int,
    notes: list[str],
) -> Rival | None:
    from eval.embeddings import EncoderError

    try:
        from eval.rival import ENCODER, measure_rival

        texts = [article.text for article in sample]
        return measure_rival(texts, model=model, encoder=encoder or ENCODER, threads=threads)
    except (ImportError, EncoderError) as error:
        notes.append(f"rival: expected the extra sayso[train] and the encoder, found {error}")
        return None


def _of_growth(sizes: Sequence[int], model: Path | None) -> dict[str, Any]:
    from eval.growth import growth

    print(f"growth at {', '.join(map(str, sizes))} articles …", file=sys.stderr)
    return dict(growth(sizes, model=model, workers=None).to_dict())
