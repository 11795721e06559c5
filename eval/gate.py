"""The gate between a challenger and the champion: it passes, or says in words why not.

A challenger is let through if all of this holds, both scored on the same labelled data:

- every figure of `floors.json` is at its floor or over it (under it, for calibration error), and
  the data is what the floors were pinned on;
- no headline figure is worse by more than `TOLERANCE` points with the whole paired 95 % interval
  below zero. A drop that the data cannot tell from chance is left to the floors and the mean;
- the mean gain over the headline figures is not below its floor, which is zero unless something is
  given for speed on purpose (calibration error counts against it);
- no document that it is measured on is among those that its manifest says it has seen;
- where it has learnt new labels: those of them that were held out are better on average than the
  champion's, and no suite of the old ones loses more than `TOLERANCE` on average;
- the bundle takes at most `LARGEST` bytes, 40 MiB;
- it scores at least the share of the champion's tokens a second that `floors.json` asks for.

About thirteen headline figures are looked at, each with 2.5 % chance of a false alarm, so an equal
challenger may be refused now and then; the other way round is what the gate is there to prevent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from data.learnt import load_held
from data.records import LabelledArticle
from eval.compare import CEILINGS, Comparison, compare, measure
from eval.corpora import NEW, PAST, Corpora, load_corpora
from eval.floors import COSTS, FLOORS, MEAN, SPEED, Floors, Lowering, above, load_floors
from eval.report import table
from eval.speed import Speed, TimedScorer, relative_speed
from sayso.bundle import DEFAULT_BUNDLE, FILES, MANIFEST, SAW, load_bundle, read_manifest
from sayso.errors import InputError
from sayso.scorer import Scorer

__all__ = ["LARGEST", "TOLERANCE", "Candidate", "Check", "Verdict", "gate", "judge", "pin"]

TOLERANCE = 0.005
"""How much worse a headline figure may be for sure: half a point."""

LARGEST = 40 * 2**20
"""Most bytes of a bundle's files together: 40 MiB."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bundle at the gate.

    Attributes:
        scorer: with threshold 0.
        threshold: of `p_statement`, for rows that are kept.
        size: bytes of its files.
        saw: digests of the texts that it was made from, as its manifest tells.
    """

    scorer: TimedScorer
    threshold: float
    size: int
    saw: frozenset[str] = frozenset()

    @classmethod
    def load(cls, bundle: Path, *, threads: int | None = None) -> Candidate:
        """Load and check a bundle folder.

        Raises:
            BundleError: it is not whole.
        """
        loaded = load_bundle(bundle)
        size = sum((bundle / name).stat().st_size for name in (*FILES, MANIFEST))
        scorer = Scorer(loaded, threads=threads, threshold=0.0)
        saw = frozenset(map(str, read_manifest(bundle).get(SAW, ())))
        return cls(scorer, loaded.config.statement_threshold, size, saw)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the gate asks: its name, whether it holds, and the numbers in words."""

    name: str
    passed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says.

    Attributes:
        comparison: challenger and champion, figure by figure.
        checks: everything asked, in order.
        size: bytes of the challenger.
        speed: of both.
        floors: as they are now: lowered, if that was asked for.
    """

    comparison: Comparison
    checks: tuple[Check, ...]
    size: int
    speed: Speed
    floors: Floors

    @property
    def passed(self) -> bool:
        """Whether every check holds."""
        return all(check.passed for check in self.checks)

    @property
    def refusals(self) -> list[str]:
        """Why not, in words."""
        return [check.words for check in self.checks if not check.passed]

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "passed": self.passed,
            "refusals": self.refusals,
            "checks": [{"name": c.name, "passed": c.passed, "words": c.words} for c in self.checks],
            "size": self.size,
            "speed": self.speed.to_dict(),
            "comparison": self.comparison.to_dict(),
        }

    def to_text(self) -> str:
        """As a Markdown document."""
        ours, theirs = self.comparison.challenger, self.comparison.champion
        verdict = "passes" if self.passed else "is refused"
        lines = [f"# {ours} {verdict}", "", f"Challenger {ours} against champion {theirs}.", ""]
        if not self.passed:
            lines += [*(f"- {words}" for words in self.refusals), ""]
        rows = [(c.name, "yes" if c.passed else "**no**", c.words) for c in self.checks]
        lines += [*table(("asked", "holds", "found"), rows), "", self.comparison.to_text()]
        return "\n".join(lines)


def gate(
    challenger: Path,
    data: Path | str,
    *,
    champion: Path | None = None,
    split: str = "dev",
    floors: Path = FLOORS,
    lower: Sequence[Lowering] = (),
    threads: int | None = None,
    new: Sequence[LabelledArticle] | None = None,
) -> Verdict:
    """Ask whether a bundle may take the champion's place.

    Floors that are lowered are written to their file, with date and reason, if the challenger
    passes; refused, it leaves the file as it was.

    Args:
        challenger: bundle folder.
        data: folder of the labelled data.
        champion: bundle folder; None for the one that ships.
        split: of the data.
        floors: file of the floors.
        lower: floors to lower for this challenger.
        threads: of one inference.
        new: articles of new labels that the challenger has not learnt.

    Raises:
        BundleError: a bundle is not whole.
        InputError: data is malformed, or a floor cannot be lowered so.
    """
    verdict = judge(
        Candidate.load(challenger, threads=threads),
        Candidate.load(champion or DEFAULT_BUNDLE, threads=threads),
        replace(load_corpora(data, split), new=new, past=None if new is None else load_held(data)),
        load_floors(floors),
        lower=lower,
    )
    if lower and verdict.passed:
        verdict.floors.save(floors)
    return verdict


def judge(
    challenger: Candidate,
    champion: Candidate,
    corpora: Corpora,
    floors: Floors,
    *,
    lower: Sequence[Lowering] = (),
) -> Verdict:
    """The gate on bundles and data that are loaded; arguments as of `gate`."""
    for change in lower:
        floors = floors.lowered(change, model=challenger.scorer.model_id)
    ours = measure(challenger.scorer, corpora, threshold=challenger.threshold)
    theirs = measure(champion.scorer, corpora, threshold=champion.threshold)
    comparison = compare(ours, theirs, corpora.digests())
    speed = relative_speed(challenger.scorer, champion.scorer)
    checks = [
        *_data_checks(corpora, comparison, floors),
        *_seen_checks(challenger, corpora),
        *_floor_checks(comparison, floors),
        *_headline_checks(comparison, floors),
        *(_new_checks(comparison) if corpora.new else ()),
        *_cost_checks(challenger, speed, floors),
    ]
    return Verdict(comparison, tuple(checks), challenger.size, speed, floors)


def pin(
    bundle: Path,
    data: Path | str,
    *,
    split: str = "dev",
    floors: Path = FLOORS,
    reason: str | None = None,
    threads: int | None = None,
) -> Floors:
    """Raise the floors to a bundle's figures less a margin; see `Floors.pinned`.

    A file that is not there is made.

    Raises:
        BundleError: the bundle is not whole.
        InputError: data is missing or malformed, or a floor would fall without a reason.
    """
    corpora, candidate = load_corpora(data, split), Candidate.load(bundle, threads=threads)
    if corpora.missing():
        raise InputError(f"expected all parts of {split}, found no {', '.join(corpora.missing())}")
    measured = measure(candidate.scorer, corpora, threshold=candidate.threshold)
    known = load_floors(floors) if floors.exists() else Floors({}, {})
    raised = known.pinned(measured, corpora.digests(), reason=reason)
    raised.save(floors)
    return raised


def _data_checks(corpora: Corpora, comparison: Comparison, floors: Floors) -> Iterator[Check]:
    missing = corpora.missing()
    words = f"expected all parts of the data, found no {', '.join(missing)}"
    yield Check("data is whole", not missing, words if missing else "every part is there")
    if not floors.floors.keys() - COSTS.keys():
        words = "expected pinned floors, found none: python -m eval gate --pin BUNDLE --data DATA"
        yield Check("floors are pinned", False, words)
        return
    names = sorted((floors.data.keys() | comparison.data.keys()) - {NEW, PAST})
    other = [n for n in names if floors.data.get(n) != comparison.data.get(n)]
    words = (
        f"expected the data that floors were pinned on, found other rows in {', '.join(other)}: "
        "use that data, or pin floors on this one (--pin)"
    )
    fine = "floors were pinned on this data"
    yield Check("floors are of this data", not other, words if other else fine)


def _seen_checks(challenger: Candidate, corpora: Corpora) -> Iterator[Check]:
    """Whether it has learnt what it is measured on."""
    documents = corpora.documents()
    seen = sorted(documents[digest] for digest in documents.keys() & challenger.saw)
    words = "it has learnt none of the documents that it is measured on"
    if seen:
        words = (
            f"expected a bundle that has learnt none of the {len(documents)} documents that it is "
            f"measured on, found {len(seen)} of them: {', '.join(seen[:3])}"
            + (", …" if len(seen) > 3 else "")
        )
    yield Check("test documents are unseen", not seen, words)


def _floor_checks(comparison: Comparison, floors: Floors) -> Iterator[Check]:
    for name, floor in floors.floors.items():
        if name in COSTS:
            continue
        change = comparison.changes.get(name)
        if change is None:
            yield Check(f"floor of {name}", False, f"{name}: expected a figure, found none")
            continue
        value, side = change.challenger.value, "at most" if name in CEILINGS else "at least"
        words = f"{name}: expected {side} {100 * floor:.2f}, found {100 * value:.2f}"
        yield Check(f"floor of {name}", above(name, value, floor), words)


def _headline_checks(comparison: Comparison, floors: Floors) -> Iterator[Check]:
    for change in comparison.headlines:
        gain = change.gain
        worse = gain.value < -TOLERANCE and gain.high < 0
        words = (
            f"{change.name}: {100 * change.challenger.value:.2f} against "
            f"{100 * change.champion.value:.2f}, {100 * gain.value:+.2f} points "
            f"({100 * gain.low:+.2f} to {100 * gain.high:+.2f})"
        )
        if worse:
            words += f": worse by more than {100 * TOLERANCE:g} points, and not by chance"
        yield Check(f"{change.name} is not worse", not worse, words)
    mean, least = comparison.mean_gain, floors.floors.get(MEAN, COSTS[MEAN])
    words = (
        f"{MEAN}: expected at least {100 * least:+.3f} points over {len(comparison.headlines)} "
        f"headline figures, found {100 * mean:+.3f}"
    )
    yield Check("mean of headlines is not worse", mean >= least - 1e-12, words)


def _new_checks(comparison: Comparison) -> Iterator[Check]:
    """New labels are learnt, and no old suite pays for it."""
    gains: dict[str, list[float]] = {}
    for change in comparison.headlines:
        gains.setdefault(change.name.partition(".")[0], []).append(change.gain.value)
    for suite, values in gains.items():
        mean = sum(values) / len(values)
        if suite == NEW:
            words = f"{NEW}: expected a gain on held-out new labels, found {100 * mean:+.2f} points"
            yield Check("new labels are better", mean > 0, words)
        else:
            words = (
                f"{suite}: expected a mean loss of at most {100 * TOLERANCE:g} points, found "
                f"{100 * mean:+.2f}"
            )
            yield Check(f"{suite} is kept", mean >= -TOLERANCE - 1e-12, words)


def _cost_checks(challenger: Candidate, speed: Speed, floors: Floors) -> Iterator[Check]:
    words = f"bundle: expected at most {LARGEST:,} bytes (40 MiB), found {challenger.size:,}"
    yield Check("size", challenger.size <= LARGEST, words)
    least = floors.floors.get(SPEED, COSTS[SPEED])
    words = (
        f"{SPEED}: expected at least {least:.2f} of the champion's speed, found "
        f"{speed.relative:.2f} ({speed.challenger:,.0f} against {speed.champion:,.0f} tokens/s)"
    )
    yield Check("speed", speed.relative >= least, words)
