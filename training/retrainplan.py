"""What a retraining would do: champion, labels that are learnt and held out, what is replayed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from data.check import check_labels
from data.digest import digest_articles, digest_text
from data.learnt import load_learnt
from data.loaders import load_labels
from data.merge import merge_annotators
from data.records import LabelledArticle
from data.split import hold_out
from data.withdrawn import load_withdrawn
from sayso.bundle import Bundle, load_bundle
from sayso.errors import InputError
from training.corpus import Corpus, load_corpus
from training.replay import choose_replay
from training.retrainrecipe import RetrainRecipe, load_retrain_recipe
from training.start import Start
from training.trained import weights_digest

__all__ = ["RetrainPlan", "check_new", "plan_retraining"]

_SALT = "held"
"""Of the hash by which new articles are held out; another one than that of the tuning articles."""

_WITHDRAWN = "withdrawn"
"""Name of a digest."""


@dataclass(frozen=True, slots=True)
class RetrainPlan:
    """All that is decided before anything is trained.

    Attributes:
        recipe: how.
        start: what is begun with.
        new: file of the new labels.
        learnt, held: its articles that are learnt, and those to measure on.
        corpus: the earlier data.
        replay: articles of it that are learnt again.
        digests: SHA-256 over every row of each part, of the start, and of what was withdrawn from
            the data and is left out, if anything was.
        passed_over: bundles that could have been begun with, but have learnt what was withdrawn.
    """

    recipe: RetrainRecipe
    start: Bundle
    new: Path
    learnt: tuple[LabelledArticle, ...]
    held: tuple[LabelledArticle, ...]
    corpus: Corpus
    replay: tuple[LabelledArticle, ...]
    digests: Mapping[str, str]
    passed_over: tuple[str, ...] = ()

    @property
    def run_name(self) -> str:
        """Name of the run's folder, which says all that the run's outcome depends on."""
        return f"{self.recipe.name}-{self.recipe.digest(self.digests)[:10]}"

    def to_text(self) -> str:
        """What would be done, in words."""
        config = self.recipe.retrain
        lines = [
            f"begun with: {self.start.model}",
            f"learnt: {_counted(self.learnt)} of {self.new}, {config.repeats} times an epoch",
            f"held out to measure on: {_counted(self.held)}",
            f"replayed: {_counted(self.replay)} of earlier data",
            f"calibrated on: {_counted(self.corpus.tune)} that are never learnt",
            f"left out: {self._left_out()}",
            f"trained: {config.mode}, {self.recipe.train.epochs} epochs",
            f"run: {self.run_name}",
        ]
        return "\n".join(lines)

    def _left_out(self) -> str:
        if _WITHDRAWN not in self.digests:
            return "nothing"
        over = f", and so {', '.join(self.passed_over)}" if self.passed_over else ""
        return f"what was withdrawn{over}"


def check_new(new: Path, data: Path | str) -> None:
    """See that new labels can be learnt from; warnings are for `python -m data check` to tell.

    Raises:
        InputError: the check finds errors.
    """
    errors = check_labels(new, data=data).errors
    if errors:
        raise InputError(
            f"expected labels without errors, found {len(errors)}, the first: {errors[0].words} "
            f"(python -m data check {new} --data {data}; --unchecked learns them all the same)",
            file=str(new),
            line=errors[0].line,
        )


def plan_retraining(
    recipe_path: Path | str,
    new: Path,
    *,
    data: Path | str,
    start: Start,
    held_out: Path | None = None,
) -> RetrainPlan:
    """Load labels and earlier data, and decide what is learnt, held out and replayed.

    Args:
        recipe_path: see `training.retrainrecipe`.
        new: labels of your own, as `python -m data import` writes them.
        data: folder of the earlier data.
        start: what is begun with.
        held_out: labels to measure on, in a file of their own; None holds a share of the new
            articles out.

    Raises:
        BundleError: the start is not whole.
        InputError: recipe, labels or data are not as expected, or too few articles are labelled
            to learn some and hold some out.
    """
    recipe = load_retrain_recipe(recipe_path)
    learnt = merge_annotators(load_labels(new, root=data))
    if held_out is None:
        learnt, held = hold_out(learnt, recipe.retrain.held_share, salt=_SALT)
    else:
        held = merge_annotators(load_labels(held_out, root=data))
    if not _is_usable(learnt) or not _is_usable(held):
        raise InputError(
            f"expected labelled articles to learn and others to measure on, found {len(learnt)} "
            f"and {len(held)}: label more, or change held_share in the recipe",
            file=str(new),
        )
    new_texts = {digest_text(article.text) for article in (*learnt, *held)}
    corpus = _without(load_corpus(data, recipe.data), new_texts)
    latest = [one for one in load_learnt(data) if digest_text(one.text) not in new_texts]
    replay = choose_replay(corpus, recipe.retrain.replay, latest)
    parts = {"learnt": learnt, "held": held, "replay": replay, "tune": corpus.tune}
    digests = {name: digest_articles(part) for name, part in parts.items()}
    digests["start"] = f"{weights_digest(start.folder)}:1"
    if (withdrawn := load_withdrawn(data).digest) is not None:
        digests[_WITHDRAWN] = withdrawn
    return RetrainPlan(
        recipe=recipe,
        start=load_bundle(start.folder),
        new=new,
        learnt=tuple(learnt),
        held=tuple(held),
        corpus=corpus,
        replay=replay,
        digests=digests,
        passed_over=start.passed_over,
    )


def _without(corpus: Corpus, texts: Collection[str]) -> Corpus:
    """The corpus without copies of some articles, which are new however they are known."""
    parts = ("polnear", "full", "tune", "silver")
    return Corpus(
        *(tuple(a for a in getattr(corpus, p) if digest_text(a.text) not in texts) for p in parts)
    )


def _is_usable(articles: Sequence[LabelledArticle]) -> bool:
    return any(article.statements for article in articles)


def _counted(articles: Sequence[LabelledArticle]) -> str:
    statements = sum(len(article.statements) for article in articles)
    return f"{len(articles)} articles with {statements:,} statements"
