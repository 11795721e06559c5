"""Rated outlets: what is measured of them, their texts and their ratings."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sayso.errors import InputError
from sayso.profiles.factual import CLASSES
from sayso.profiles.intake import take_statements
from sayso.profiles.measures import OutletFeatures, outlet_features
from sayso.profiles.store import open_store
from sayso.read import read_articles
from sayso.rejects import Reject

__all__ = [
    "ARTICLES",
    "EVIDENCE",
    "FEW",
    "RATINGS",
    "SCALE",
    "RatedOutlets",
    "read_outlets",
    "read_ratings",
]

SCALE = ("very-low", "low", "mixed", "mostly-factual", "high", "very-high")
"""Factual reporting as Media Bias/Fact Check rates it, worst first."""

_CLASS_OF = (0, 0, 1, 1, 2, 2)
"""Which of `CLASSES` a step of `SCALE` is: high, mixed and low as in Baly et al. (2018, 2020);
`mostly-factual`, the step between high and mixed, is taken as mixed."""

FEW = 10
"""An outlet with fewer articles is not judged: less than half of what its score varies by would be
its own, the rest being which articles are at hand."""

EVIDENCE = ("shared", "contradicted", "contested")
"""Of an outlet's claims, those that others take a side on, that most of them take the other side
on, and that have sources on both sides."""

ARTICLES, RATINGS = "outlets.articles.jsonl.gz", "outlet-ratings.dev.json"
"""Files in the folder of the data."""


@dataclass(frozen=True, slots=True)
class RatedOutlets:
    """Outlets with a rating, sorted by name.

    Attributes:
        names: [outlets].
        ratings: [outlets] steps of `SCALE`.
        features: of them.
        texts: [outlets] all its articles in one.
        digests: SHA-256 of each file that was read.
        evidence: [outlets, 1 + shares] claims, and how many of them are each of `EVIDENCE`; None
            where no profiles are given.
    """

    names: tuple[str, ...]
    ratings: npt.NDArray[np.int64]
    features: OutletFeatures
    texts: tuple[str, ...]
    digests: Mapping[str, str]
    evidence: npt.NDArray[np.float64] | None = None

    @property
    def classes(self) -> npt.NDArray[np.int64]:
        """[outlets] of `CLASSES`."""
        return np.array(_CLASS_OF)[self.ratings]

    @property
    def words(self) -> npt.NDArray[np.float64]:
        """[outlets] words of its texts."""
        return np.array([len(text.split()) for text in self.texts], np.float64)


def read_outlets(
    statements: str, articles: str, ratings: Path, *, profiles: Path | None = None
) -> RatedOutlets:
    """Read and measure.

    Args:
        statements: what `sayso score` made of the articles.
        articles: with `outlet` and `text`.
        ratings: as of `read_ratings`.
        profiles: folder with what `sayso sources` made of the statements, for `EVIDENCE`.

    Raises:
        InputError: a file holds something else, or no rated outlet has an article.
        UsageError: there is no such file, or it holds no statements.
    """
    rated, texts = read_ratings(ratings), defaultdict[str, list[str]](list)
    for article in read_articles([articles], on_reject=_refuse):
        if article.outlet in rated:
            texts[article.outlet].append(article.text)
    names = sorted(texts)
    if len({_CLASS_OF[rated[name]] for name in names}) < 2:
        raise InputError(
            f"expected rated outlets of two classes or more of {', '.join(CLASSES)} with articles "
            f"in {articles}, found {len(names)} outlets",
            file=str(ratings),
        )
    files = {"statements": Path(statements), "articles": Path(articles), "ratings": ratings}
    evidence = None
    if profiles is not None:
        files["profiles"] = profiles / "outlets.parquet"
        evidence = _evidence(files["profiles"], names)
    return RatedOutlets(
        tuple(names),
        np.array([rated[name] for name in names], np.int64),
        _measured(statements).of(names),
        tuple("\n".join(texts[name]) for name in names),
        {name: _digest(path) for name, path in files.items()},
        evidence,
    )


def read_ratings(path: Path) -> dict[str, int]:
    """Steps of `SCALE` by outlet, of a JSON list of objects with `outlet`, `factual_reporting`.

    Raises:
        InputError: the file is missing or holds something else, or an outlet twice.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"expected ratings in JSON, found {error}", file=str(path)) from error
    if not isinstance(rows, list):
        raise InputError("expected a list of ratings, found no list", file=str(path))
    found: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        name = row.get("outlet") if isinstance(row, dict) else None
        if not isinstance(name, str) or not name or name in found:
            raise InputError(
                f"expected an outlet of its own in rating {number}, found {name!r}", file=str(path)
            )
        rating = row.get("factual_reporting")
        if rating not in SCALE:
            raise InputError(
                f"expected factual_reporting of {name} as {', '.join(SCALE)}, found {rating!r}",
                file=str(path),
            )
        found[name] = SCALE.index(rating)
    return found


def _measured(statements: str) -> OutletFeatures:
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder)) as store:
        take_statements(store, [statements], _refuse)
        return outlet_features(store.connection, table="raw", outlet="outlet")


def _evidence(path: Path, names: Sequence[str]) -> npt.NDArray[np.float64]:
    columns = ["name", "claims", "shared", "contradicted", "share_contested"]
    try:
        rows = pq.read_table(path, columns=columns).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise InputError(
            f"expected profiles of sayso sources, found {error}", file=str(path)
        ) from error
    by_name = {row["name"]: row for row in rows}
    out = np.zeros((len(names), 1 + len(EVIDENCE)))
    for place, name in enumerate(names):
        if row := by_name.get(name):
            contested = (row["share_contested"] or 0.0) * row["claims"]
            out[place] = row["claims"], row["shared"], row["contradicted"], contested
    return out


def _refuse(reject: Reject) -> None:
    raise InputError(reject.reason, file=reject.file, line=reject.line)


def _digest(path: Path) -> str:
    """SHA-256 of a file, or of the files of a folder by name."""
    files: Sequence[Path] = sorted(path.rglob("*")) if path.is_dir() else [path]
    whole = hashlib.sha256()
    for file in files:
        if file.is_file():
            with file.open("rb") as handle:
                whole.update(hashlib.file_digest(handle, "sha256").digest())
    return whole.hexdigest()
