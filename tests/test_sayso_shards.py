"""Jobs in shards: what is done is kept and not repeated, and never mixed with anything else."""

import errno
import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

from sayso.errors import UsageError
from sayso.job import run_job
from sayso.lock import FolderLock
from sayso.pool import Pool, PoolSettings
from sayso.settings import ScorerSettings
from sayso.sharded import JobInterrupted, OutputError
from sayso.statements import read_statements
from sayso.summary import Summary
from sayso.write import whole_file
from tests.corpus import make_articles, quick_bundle, write_jsonl

ONE = PoolSettings(1)
SHARD = 5


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return quick_bundle(tmp_path_factory.mktemp("shards") / "bundle")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """23 articles: four shards and a part of one; two lines that are none."""
    path = write_jsonl(tmp_path / "in.jsonl", make_articles(23, sentences=2))
    lines = path.read_text().splitlines()
    lines[10:10] = ["{broken"]
    path.write_text("\n".join([*lines, "[1]"]) + "\n")
    return path


def score(bundle: Path, source: Path, out: object, **options: object) -> Summary:
    settings = {"pool": ONE, "shard_size": SHARD, **options}
    return run_job(ScorerSettings(str(bundle)), [str(source)], str(out), **settings)  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "_lock"
    }


class StopAfter:
    """Lets a number of shards be committed, then raises."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, shards: int, error: BaseException) -> None:
        from sayso.shards import ShardFolder

        commit = ShardFolder.commit
        left = [shards]

        def stopping(*arguments: object, **named: object) -> None:
            if not left[0]:
                raise error
            left[0] -= 1
            commit(*arguments, **named)  # type: ignore[arg-type]

        self._patch = monkeypatch
        monkeypatch.setattr(ShardFolder, "commit", stopping)

    def undo(self) -> None:
        """Go on as before."""
        self._patch.undo()


@pytest.fixture
def tasks_scored(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the articles that came back from workers."""
    run = Pool.run
    seen: list[str] = []

    def watched(self: Pool, tasks: object) -> Iterator[object]:
        for done in run(self, tasks):  # type: ignore[arg-type]
            seen.extend(item.id for item in done.task.items)
            yield done

    monkeypatch.setattr(Pool, "run", watched)
    return seen


def test_a_folder_is_one_data_set(bundle: Path, source: Path, tmp_path: Path) -> None:
    summary = score(bundle, source, f"{tmp_path}/out/")
    out = tmp_path / "out"
    table = pyarrow.dataset.dataset(out).to_table()
    score(bundle, source, tmp_path / "one.parquet")
    assert table.equals(pq.read_table(tmp_path / "one.parquet"))
    assert len(table) == summary.statements > 23
    assert (summary.articles, summary.shards, summary.skipped, summary.rejects) == (23, 5, 0, 2)
    parts = [f"part-{number:06d}" for number in range(5)]
    assert set(files(out)) == {
        *(f"{part}.parquet" for part in parts),
        *(f"_shards/{part}.json" for part in parts),
        *("_job.json", "_rejects.jsonl", "_SUCCESS"),
    }
    rejects = (out / "_rejects.jsonl").read_text()
    assert [json.loads(line)["line"] for line in rejects.splitlines()] == [11, 25]
    assert rejects == (tmp_path / "one.parquet.rejects.jsonl").read_text()


@pytest.mark.parametrize("ending", ["parquet", "jsonl", "jsonl.gz", "jsonl.zst"])
def test_a_file_has_the_same_bytes_however_it_is_made(
    bundle: Path, source: Path, tmp_path: Path, ending: str
) -> None:
    one, other = tmp_path / f"one.{ending}", tmp_path / f"other.{ending}"
    score(bundle, source, one, shard_size=1_000)
    score(bundle, source, other, shard_size=4, pool=PoolSettings(3))
    assert one.read_bytes() == other.read_bytes()
    assert len(list(read_statements(str(one)))) > 23
    assert not list(tmp_path.glob(".*")), "nothing hidden is left"


@pytest.mark.parametrize("out", ["out/", "out.parquet", "out.jsonl"])
@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left")])
def test_what_is_done_is_not_repeated(
    bundle: Path,
    source: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    out: str,
    error: BaseException,
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    score(bundle, source, f"{tmp_path}/a/{out}")
    stop = StopAfter(monkeypatch, 2, error)
    kind = JobInterrupted if isinstance(error, KeyboardInterrupt) else OutputError
    with pytest.raises(kind, match=r"2 shards are done \(10 articles\).*same command again"):
        score(bundle, source, f"{tmp_path}/b/{out}")
    stop.undo()
    assert not [name for name in files(tmp_path / "b") if name.endswith(".tmp")]
    summary = score(bundle, source, f"{tmp_path}/b/{out}")
    assert (summary.skipped, summary.skipped_articles, summary.articles) == (2, 10, 23)
    assert files(tmp_path / "b") == files(tmp_path / "a")


def test_only_what_is_missing_or_damaged_is_scored(
    bundle: Path, source: Path, tmp_path: Path, tasks_scored: list[str]
) -> None:
    out = tmp_path / "out"
    score(bundle, source, f"{out}/")
    whole = files(out)
    tasks_scored.clear()
    assert score(bundle, source, out).skipped == 5
    assert not tasks_scored
    data = out / "part-000001.parquet"
    data.write_bytes(data.read_bytes()[:-1])
    data = out / "part-000002.parquet"
    data.write_bytes(data.read_bytes()[:-1] + b"?")
    (out / "_shards" / "part-000004.json").write_text("{")
    assert score(bundle, source, out).skipped == 2
    assert tasks_scored == [f"a{number}" for number in (*range(5, 15), *range(20, 23))]
    assert files(out) == whole


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"limit": 3}, "settings.limit: expected null, found 3"),
        ({"shard_size": 6}, "settings.shard_size: expected 5, found 6"),
    ],
)
def test_other_settings_are_refused(
    bundle: Path, source: Path, tmp_path: Path, change: dict[str, int], said: str
) -> None:
    score(bundle, source, f"{tmp_path}/out/")
    before = files(tmp_path / "out")
    with pytest.raises(UsageError, match=f"another job: {said}.*--fresh"):
        score(bundle, source, f"{tmp_path}/out/", **change)
    assert files(tmp_path / "out") == before


def test_another_bundle_is_refused_until_told_to_start_over(
    bundle: Path, source: Path, tmp_path: Path
) -> None:
    score(bundle, source, f"{tmp_path}/out/")
    other = quick_bundle(tmp_path / "other", seed=1)
    with pytest.raises(UsageError, match=r'bundle\.model: expected "quick-0", found "quick-1"'):
        score(other, source, f"{tmp_path}/out/")
    assert score(other, source, f"{tmp_path}/out/", fresh=True, shard_size=50).skipped == 0
    rows = pyarrow.dataset.dataset(tmp_path / "out").to_table()
    assert set(rows["model"].to_pylist()) == {"quick-1"}
    assert not (tmp_path / "out" / "part-000001.parquet").exists()


@pytest.mark.parametrize(
    ("line", "shard", "found"),
    [
        ('{"id": "a7", "text": "Another text."}', 1, "found it changed"),
        ("[another reject]", 1, "found it changed"),
        (None, 4, "found it ends before"),
    ],
)
def test_a_changed_input_is_refused(
    bundle: Path, source: Path, tmp_path: Path, line: str | None, shard: int, found: str
) -> None:
    out = tmp_path / "out"
    score(bundle, source, f"{out}/")
    (out / "_shards" / "part-000000.json").unlink()
    lines = source.read_text().splitlines()
    if line is None:
        lines[19:] = []
        for number in range(4):
            (out / "_shards" / f"part-{number:06d}.json").unlink(missing_ok=True)
    else:
        lines[7 if line.startswith("{") else 10] = line
    source.write_text("\n".join(lines) + "\n")
    manifests = {name for name in files(out) if name.startswith("_shards")}
    with pytest.raises(UsageError, match=rf"shard {shard} .*{found}.*--fresh"):
        score(bundle, source, out)
    assert {n for n in files(out) if n.startswith("_shards")} == manifests, "nothing is mixed in"


def test_two_runs_do_not_share_an_output(bundle: Path, source: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with (
        FolderLock(tmp_path / "out"),
        pytest.raises(
            UsageError, match=f"no other run on this output, found process {os.getpid()}"
        ),
    ):
        score(bundle, source, tmp_path / "out")
    assert score(bundle, source, tmp_path / "out").shards == 5


def test_what_is_not_ours_is_left_alone(bundle: Path, source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "thesis.parquet").write_bytes(b"mine")
    for fresh in (False, True):
        with pytest.raises(UsageError, match=r"to be empty .* found thesis\.parquet in it"):
            score(bundle, source, out, fresh=fresh)
    assert files(out) == {"thesis.parquet": b"mine"}


def test_an_interruption_before_the_first_shard_leaves_nothing(
    bundle: Path, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    StopAfter(monkeypatch, 0, KeyboardInterrupt())
    for out in ("out/", "out.parquet"):
        with pytest.raises(JobInterrupted, match="0 shards are done"):
            score(bundle, source, f"{tmp_path}/{out}")
    assert set(files(tmp_path)) == {"in.jsonl"}


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_packed_inputs_and_no_articles(bundle: Path, tmp_path: Path, packing: str) -> None:
    rows = b"".join(json.dumps(row).encode() + b"\n" for row in make_articles(7))
    path = tmp_path / f"in.jsonl.{packing}"
    with pa.CompressedOutputStream(str(path), "gzip" if packing == "gz" else "zstd") as handle:
        handle.write(rows)
    assert score(bundle, path, tmp_path / "out.jsonl").articles == 7
    assert gzip.compress(b"") != path.read_bytes()
    empty = tmp_path / "none.jsonl"
    empty.touch()
    summary = score(bundle, empty, f"{tmp_path}/none/")
    assert (summary.articles, summary.shards) == (0, 1)
    assert pyarrow.dataset.dataset(tmp_path / "none").count_rows() == 0


def test_surrogates_survive_in_jsonl(bundle: Path, tmp_path: Path) -> None:
    source = write_jsonl(
        tmp_path / "in.jsonl",
        [{"id": "x\ud800", "text": "“No,” the mayor said.", "outlet": "\udfff"}],
    )
    score(bundle, source, tmp_path / "out.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert {(row["article_id"], row["outlet"]) for row in rows} == {("x\ud800", "\udfff")}


def test_a_file_that_fails_to_be_written_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    with pytest.raises(OSError, match="full"), whole_file(path) as fresh:
        fresh.write_text("ne")
        raise OSError("full")
    assert files(tmp_path) == {"a": b"old"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 100 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(folder)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only who may mount can have a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(shutil.which("mount") is None, reason="needs mount")
@pytest.mark.parametrize("out", ["out/", "out.parquet"])
def test_a_full_disk(bundle: Path, tmp_path: Path, small_disk: Path, out: str) -> None:
    source = write_jsonl(tmp_path / "in.jsonl", make_articles(30, sentences=4))
    with pytest.raises(OutputError, match=r"No space left.*MiB are free.*shards are done"):
        score(bundle, source, f"{small_disk}/{out}")
    kept = files(small_disk)
    assert not [name for name in kept if name.endswith(".tmp")]
    subprocess.run(["mount", "-o", "remount,size=10m", str(small_disk)], check=True)
    assert score(bundle, source, f"{small_disk}/{out}").skipped > 0
    (tmp_path / "roomy").mkdir()
    score(bundle, source, f"{tmp_path}/roomy/{out}")
    assert files(small_disk) == files(tmp_path / "roomy")


def test_a_file_may_not_grow(bundle: Path, source: Path, tmp_path: Path) -> None:
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000)); "
        "from sayso.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "score", str(source), "-o", f"{tmp_path}/out.parquet",
         "--model", str(bundle), "--shard-size", "2", "--workers", "1"],
        capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("error: ") == 1
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    summary = score(bundle, source, tmp_path / "out.parquet", shard_size=2)
    assert summary.skipped > 0
