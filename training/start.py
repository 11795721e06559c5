"""Which bundle a retraining begins with, where something that it has learnt was withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.withdrawn import Withdrawal
from eval.tracking import open_store
from sayso.bundle import DEFAULT_BUNDLE, manifest_digest
from sayso.errors import InputError
from training.lineage import Ancestor, lineage
from training.registry import MODEL

__all__ = ["Start", "clean_start"]


@dataclass(frozen=True, slots=True)
class Start:
    """What a retraining begins with.

    Attributes:
        folder: the bundle's.
        passed_over: newer bundles of the champion's line, which have learnt what was withdrawn or
            go back to one that has.
    """

    folder: Path
    passed_over: tuple[str, ...] = ()


def clean_start(
    champion: Path, withdrawn: Sequence[Withdrawal], folder: Path, *, uri: str | None = None
) -> Start:
    """The newest bundle in the champion's line that has nothing of what was withdrawn behind it.

    A bundle whose run does not tell what it saw, such as the one that ships, counts as clean.

    Args:
        champion: the bundle that was to be begun with.
        withdrawn: articles, statements and annotators.
        folder: an earlier bundle is copied into it.
        uri: store; see `sayso.server.tracking_uri`.

    Raises:
        InputError: the first of the line has seen it, or the bundle to begin with is not at hand.
        BundleError: it is not whole.
        TrackingError: the store does not answer or refuses.
    """
    if not withdrawn:
        return Start(champion)
    line = lineage(str(champion), uri=uri).ancestors
    oldest_first = list(reversed(line))
    seen = next((n for n, one in enumerate(oldest_first) if _saw(one, withdrawn)), None)
    if seen is None:
        return Start(champion)
    passed = tuple(one.model for one in oldest_first[seen:])
    if seen == 0:
        raise InputError(
            f"expected a bundle that has not learnt what was withdrawn, found that {passed[0]}, "
            "the first of its line, has: train one anew (python -m training fit)"
        )
    return Start(_fetch(oldest_first[seen - 1], folder, uri), passed)


def _saw(one: Ancestor, withdrawn: Sequence[Withdrawal]) -> bool:
    return any(one.rows_of(name) for row in withdrawn for name in (row.id, row.words) if name)


def _fetch(one: Ancestor, folder: Path, uri: str | None) -> Path:
    if one.digest == manifest_digest(DEFAULT_BUNDLE):
        return DEFAULT_BUNDLE
    with open_store(uri) as store:
        version = next((v for v in store.versions(MODEL) if v.number == one.version), None)
        if version is None:
            raise InputError(
                f"expected {one.model}, which has not learnt what was withdrawn, in the registry, "
                "found it is not: register it"
            )
        return store.bundle(MODEL, version, folder)
