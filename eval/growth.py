"""How time and memory of reading and scoring grow with the number of articles."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from eval.timed import BenchError, score_options
from eval.watched import run_watched
from sayso.errors import UsageError

__all__ = ["FORMS", "Growth", "Point", "growth", "short_articles", "write_articles"]

FORMS = ("jsonl", "jsonl.gz", "jsonl.zst", "csv", "parquet", "folder")
"""Input is one file of such a kind, or a folder of as many .txt files as there are articles."""

_PLACES = "harbour bridge station library market theatre school museum airport mill".split()
_PEOPLE = "clerk mayor minister engineer teacher farmer captain nurse broker judge".split()
_DONE = "reopen close move flood burn grow shrink fail".split()

_READ = """
import sys
from sayso.read import read_articles
print(sum(1 for _ in read_articles([sys.argv[1]], on_reject=lambda reject: sys.exit(str(reject)))))
"""
_SCORE = "from sayso.cli import main; main()"


@dataclass(frozen=True, slots=True)
class Point:
    """One run.

    Attributes:
        articles: read, of some 20 words each.
        seconds: from the start of the process to its end.
        peak_mb: most that the process and its workers held together, in MiB: the sum of what each
            held at most, pages that they share counted for each. Of processes that were replaced
            only those count that lived at the same time.
    """

    articles: int
    seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Growth:
    """Runs over more and more articles.

    Attributes:
        form: of the input, of `FORMS`.
        scored: whether articles were scored, or read and dropped.
        points: by number of articles, in the order asked for.
    """

    form: str
    scored: bool
    points: tuple[Point, ...]

    @property
    def memory_ratio(self) -> float:
        """Peak of the run that held most over that of the one that held least."""
        peaks = [point.peak_mb for point in self.points]
        return max(peaks) / min(peaks)

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "form": self.form,
            "scored": self.scored,
            "memory_ratio": self.memory_ratio,
            "points": [asdict(point) for point in self.points],
        }

    def to_text(self) -> str:
        """A line for each run, to be read."""
        lines = [
            f"{point.articles:>9,} articles  {point.seconds:>8.1f} s  "
            f"{point.articles / point.seconds:>9,.1f} a second  {point.peak_mb:>7,.1f} MiB"
            for point in self.points
        ]
        return "\n".join([*lines, f"memory: {self.memory_ratio:.3f} times the least at most"])


def growth(
    sizes: Sequence[int],
    *,
    model: Path | None = None,
    workers: int | None = None,
    form: str = "jsonl",
    scored: bool = True,
) -> Growth:
    """Run `sayso score` in a process of its own over generated articles, once for each size.

    Args:
        sizes: numbers of articles, each 1 or more.
        model: bundle folder; None for the one that ships.
        workers: processes that score; None for as many as the command takes by itself.
        form: of the input, of `FORMS`.
        scored: False to read the articles only.

    Raises:
        UsageError: no size, one below 1, or another form.
        BenchError: the command failed.
    """
    if not sizes or min(sizes) < 1:
        raise UsageError(f"expected numbers of articles of 1 or more, found {list(sizes)}")
    if form not in FORMS:
        raise UsageError(f"expected a form of {', '.join(FORMS)}, found {form}")
    options = score_options(model=model, workers=workers) if scored else []
    return Growth(form, scored, tuple(_measure(size, options, form, scored) for size in sizes))


def short_articles(count: int) -> Iterator[dict[str, str]]:
    """`count` articles of two sentences, one with a statement; no two are the same."""
    for number in range(count):
        rest, place = divmod(number, len(_PLACES))
        rest, person = divmod(rest, len(_PEOPLE))
        year, done = divmod(rest, len(_DONE))
        text = (
            f"The {_PEOPLE[person]} said the {_PLACES[place]} would {_DONE[done]} in {1900 + year}."
            f" It was the {number}th day of rain in the valley."
        )
        yield {"id": f"short-{number:09d}", "text": text}


def write_articles(count: int, form: str, folder: Path) -> Path:
    """Write short articles as they are made.

    Args:
        count: how many.
        form: of `FORMS`.
        folder: where to.

    Returns:
        The file or folder to read.
    """
    path = folder / f"in.{form}"
    if form == "folder":
        for one in short_articles(count):
            inner = path / one["id"][:-3]
            if one["id"].endswith("000"):
                inner.mkdir(parents=True)
            (inner / f"{one['id']}.txt").write_text(one["text"], encoding="ascii")
    elif form == "parquet":
        _write_parquet(count, path)
    else:
        _write_lines(count, form, path)
    return path


def _write_lines(count: int, form: str, path: Path) -> None:
    import pyarrow as pa

    packing = {"gz": "gzip", "zst": "zstd"}.get(form.rpartition(".")[2])
    with pa.output_stream(str(path), compression=packing) as out:
        if form == "csv":
            out.write(b"id,text\n")
        for one in short_articles(count):
            row = f'{one["id"]},"{one["text"]}"' if form == "csv" else json.dumps(one)
            out.write(row.encode("ascii") + b"\n")


def _write_parquet(count: int, path: Path) -> None:
    """One row group, whatever it holds."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    articles = short_articles(count)
    with pq.ParquetWriter(path, schema) as out:
        rows = pa.Table.from_batches(
            [
                pa.RecordBatch.from_pylist(some, schema)
                for some in iter(lambda: list(islice(articles, 10_000)), [])
            ],
            schema,
        )
        out.write_table(rows, row_group_size=max(count, 1))


def _measure(size: int, options: Sequence[str], form: str, scored: bool) -> Point:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = str(write_articles(size, form, folder))
        words = [_SCORE, "score", source, "-o", str(folder / "out.parquet"), *options]
        began = time.monotonic()
        peak_kb, said = run_watched(words if scored else [_READ, source], folder)
        seconds = time.monotonic() - began
        count = _count(folder / "out.parquet") if scored else int(said)
    if count < (size / 2 if scored else size):
        raise BenchError(f"expected {size} articles, found {count}: {said.strip()[-500:]}")
    return Point(size, seconds, peak_kb / 1024)


def _count(path: Path) -> int:
    """Articles of an output that have a statement; nearly all of those above have one."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        return sum(
            len(pc.unique(batch.column(0))) for batch in file.iter_batches(columns=["article_id"])
        )
