"""What a run has seen: every article and labelled statement, so that it can be looked up later."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from data.digest import digest_statement, digest_text
from data.records import LabelledArticle
from eval.rundir import RunDirectory
from sayso.bundle import MANIFEST, SAW, read_manifest
from training.release import BUNDLE

__all__ = ["SEEN", "read_seen", "saw", "write_seen"]

SEEN = "seen.jsonl.gz"
"""File of a run's folder: a row for each article and each of its labelled statements."""


def write_seen(run: RunDirectory, parts: Mapping[str, Sequence[LabelledArticle]]) -> None:
    """Write what was learnt and what was calibrated on: ids, digests and origins, no text.

    Args:
        run: its folder is made.
        parts: the articles by what they were for.
    """
    lines = (json.dumps(row, sort_keys=True) + "\n" for row in _rows(parts))
    run.write_bytes(SEEN, gzip.compress("".join(lines).encode("ascii"), mtime=0))


def read_seen(folder: Path) -> Iterator[dict[str, Any]]:
    """The rows of `write_seen`; none where the folder has no such file."""
    path = folder / SEEN
    if path.exists():
        yield from map(json.loads, gzip.decompress(path.read_bytes()).splitlines())


def saw(articles: Iterable[LabelledArticle], starts: Iterable[Path] = ()) -> list[str]:
    """Digests of the texts that a bundle is made from, for its manifest; sorted, each once.

    Args:
        articles: that were learnt or calibrated on.
        starts: folders of bundles, or of runs with one, that it begins with; what they saw counts.

    Raises:
        BundleError: a start's manifest cannot be read.
    """
    found = {digest_text(article.text) for article in articles}
    for start in starts:
        folder = start if (start / MANIFEST).is_file() else start / BUNDLE
        if (folder / MANIFEST).is_file():
            found.update(map(str, read_manifest(folder).get(SAW, ())))
    return sorted(found)


def _rows(parts: Mapping[str, Sequence[LabelledArticle]]) -> Iterator[dict[str, Any]]:
    for part, articles in parts.items():
        for article in articles:
            row = {"part": part, "article": article.id, "text": digest_text(article.text)}
            yield row if article.annotator is None else {**row, "annotator": article.annotator}
            for one in article.statements:
                told: dict[str, Any] = {"part": part, "article": article.id, "statement": one.id}
                if one.annotator is not None:
                    told["annotator"] = one.annotator
                if one.origin is not None:
                    told["origin"] = asdict(one.origin)
                yield {**told, "sha256": digest_statement(one)}
