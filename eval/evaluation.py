"""A bundle's figures together with all that is needed to repeat them to the last digit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.corpora import load_corpora
from eval.report import render
from eval.rundir import RunDirectory
from eval.suites import SUITES, run_suites
from sayso.bundle import DEFAULT_BUNDLE, load_bundle, manifest_digest
from sayso.errors import InputError
from sayso.scorer import Scorer

__all__ = ["BASELINES", "Evaluated", "Evaluation", "evaluate", "read_evaluation"]

BASELINES = "baselines"
"""The suite that measures no bundle, run where it is asked for by name."""

ALL = "all"
"""What stands for every suite, `BASELINES` too."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How figures came about.

    Attributes:
        model: id of the bundle.
        manifest: SHA-256 of its `manifest.json`, which binds every other file of it.
        split: of the data.
        suites: that were asked for; None for all whose data was there.
        threshold: of `p_statement`, for rows that are kept.
        threads: of one inference; None for onnxruntime's choice.
        encoder: of the baseline of frozen states, if it was named.
        data: SHA-256 over every row of each part of the data.
    """

    model: str
    manifest: str
    split: str
    suites: tuple[str, ...] | None
    threshold: float
    threads: int | None
    encoder: str | None
    data: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """As `evaluation.json`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Figures by suite, as of `eval.suites.run_suites`, and how they came about."""

    evaluation: Evaluation
    results: Mapping[str, Any]

    def write(self, run: RunDirectory) -> None:
        """Write `results.json`, `results.md` and `evaluation.json` into a run's folder."""
        run.write_results(self.results)
        run.write_page("results.md", render(self.results))
        run.write_evaluation(self.evaluation.to_dict())


def evaluate(
    bundle: Path | None,
    data: Path | str,
    *,
    split: str = "dev",
    suites: Sequence[str] | None = None,
    threads: int | None = None,
    encoder: str | None = None,
) -> Evaluated:
    """Run suites on a bundle.

    Args:
        bundle: its folder; None for the one that ships.
        data: folder of the labelled data, or a wire file.
        split: part of it.
        suites: of `SUITES` and `BASELINES`, or `all` for both; None for those of `SUITES`
            whose data is there.
        threads: of one inference.
        encoder: of the baseline of frozen states; see `eval.baselines.baselines`.

    Raises:
        BundleError: the bundle is not whole.
        InputError: a suite is unknown or lacks its data, or data is malformed.
    """
    known = (*SUITES, BASELINES)
    names = tuple(dict.fromkeys(suites)) if suites else None
    if names and ALL in names:
        names = known
    if unknown := sorted(set(names or ()) - set(known)):
        raise InputError(f"expected suites of {', '.join(known)}, found {unknown[0]}")
    folder = bundle or DEFAULT_BUNDLE
    loaded, corpora = load_bundle(folder), load_corpora(data, split)
    threshold = loaded.config.statement_threshold
    scorer = Scorer(loaded, threads=threads, threshold=0.0)
    results: dict[str, Any] = {"model": scorer.model_id, "split": split}
    mine = None if names is None else [name for name in names if name in SUITES]
    if mine is None or mine:
        results = run_suites(
            scorer, data, split=split, suites=mine, threshold=threshold, corpora=corpora
        )
    if names and BASELINES in names:
        from eval.baselines import ENCODER, baselines

        found = baselines(Path(data), split=split, encoder=encoder or ENCODER)
        results[BASELINES] = found.to_dict()
    evaluation = Evaluation(
        model=scorer.model_id,
        manifest=manifest_digest(folder),
        split=split,
        suites=names,
        threshold=threshold,
        threads=threads,
        encoder=encoder,
        data=corpora.digests(),
    )
    return Evaluated(evaluation, results)


def read_evaluation(run: RunDirectory) -> Evaluation:
    """How the figures in a run's folder came about.

    Raises:
        InputError: it has no `evaluation.json`, or one that is not complete.
    """
    raw = run.read("evaluation.json")
    try:
        suites = raw["suites"]
        return Evaluation(**{**raw, "suites": None if suites is None else tuple(suites)})
    except (KeyError, TypeError) as error:
        raise InputError(
            f"expected evaluation.json with how the figures came about, found {error!r}",
            file=str(run.path),
        ) from error
