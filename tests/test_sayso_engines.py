"""Units cover the input once, end once whatever happens, and are never mixed with others."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow.fs import _MockFileSystem
from rich.console import Console

import sayso.ray
import sayso.units
from sayso.bundle import DEFAULT_BUNDLE, MANIFEST
from sayso.cargo import pack_bundle, plan_cargo, worker_scorer
from sayso.engines import EngineError, run_engine
from sayso.errors import BundleError, SaysoError, UsageError
from sayso.ledger import Job
from sayso.places import Found, Place, find_files, open_place
from sayso.read import FieldMap, read_articles
from sayso.records import Article
from sayso.rejects import Reject
from sayso.settings import ScorerSettings
from sayso.summary import Summary
from sayso.units import plan_units, read_unit
from sayso.work import attempt_unit
from tests.rows import PlainScorer, output_rejects, output_table, write_lines


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of Ray: each unit in this process, by a scorer without a model."""

    def score_units(
        job: Job, units: Sequence[str], *, bundle: Path, workers: int | None
    ) -> Iterator[str]:
        for unit in units[:workers]:
            yield attempt_unit(PlainScorer, unit, job)

    monkeypatch.setattr(sayso.ray, "score_units", score_units)


def run(
    inputs: Sequence[Path | str],
    out: Path,
    *,
    settings: ScorerSettings | None = None,
    workers: int | None = None,
) -> Summary:
    return run_engine(
        "ray",
        settings or ScorerSettings(),
        [str(name) for name in inputs],
        str(out),
        fields=FieldMap(),
        workers=workers,
        console=Console(quiet=True),
    )


def rows(count: int, mark: str = "a") -> list[dict[str, object]]:
    return [{"id": f"{mark}{n}", "text": f"Text {n} of {mark}, " + "é" * n} for n in range(count)]


def read_all(
    inputs: Sequence[str], monkeypatch: pytest.MonkeyPatch, unit_bytes: int
) -> tuple[list[Article], list[Reject], int]:
    monkeypatch.setattr(sayso.units, "UNIT_BYTES", unit_bytes)
    rejects: list[Reject] = []
    units = list(plan_units(find_files(inputs)))
    articles = [
        placed.article
        for unit in units
        for placed in read_unit(unit, fields=FieldMap(), on_reject=rejects.append)
    ]
    return articles, rejects, len(units)


@pytest.mark.parametrize("unit_bytes", [40, 333, 5_000, 10**6])
def test_units_read_what_one_machine_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unit_bytes: int
) -> None:
    monkeypatch.chdir(tmp_path)
    lines: list[object] = [*rows(30), "{broken", {"id": "x"}, "", {"text": "no id"}, *rows(9, "b")]
    write_lines(Path("a.jsonl"), lines)
    Path("last.jsonl").write_text('{"text": "first"}\n{"text": "no newline at the end"}')
    write_lines(Path("packed.jsonl"), rows(20, "c"))
    Path("packed.jsonl.gz").write_bytes(gzip.compress(Path("packed.jsonl").read_bytes()))
    pq.write_table(pa.Table.from_pylist(rows(50, "d")), "d.parquet", row_group_size=7)
    pq.write_table(pa.table({"text": [f"no id {n}" for n in range(40)]}), "e.parquet")
    Path("f.csv").write_text('id,text\nf1,"two\nlines"\nf2,one\nf3\n')
    Path("broken.parquet").write_bytes(b"PAR1" + b"x" * 500)
    inputs = ["a.jsonl", "last.jsonl", "packed.jsonl.gz", "d.parquet", "e.parquet", "f.csv"]
    inputs.append("broken.parquet")
    expected_rejects: list[Reject] = []
    expected = list(read_articles(inputs, fields=FieldMap(), on_reject=expected_rejects.append))
    articles, rejects, units = read_all(inputs, monkeypatch, unit_bytes)
    assert articles == expected
    assert rejects == expected_rejects
    assert units == 1 if unit_bytes == 10**6 else units > 3


def test_inputs_are_folders_globs_and_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("in/b.jsonl", "in/deep/a.jsonl", "in/_old/c.jsonl", "in/.hidden.jsonl", "in/x.md"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        write_lines(Path(name), rows(1))
    Path("in/page.txt").write_text("A text.")
    assert [f.label for f in find_files(["in"])] == [
        "in/b.jsonl",
        "in/deep/a.jsonl",
        "in/page.txt",
    ]
    assert [f.label for f in find_files(["in/*/*.json*", "i[n]/b.*"])] == [
        "in/deep/a.jsonl",
        "in/b.jsonl",
    ]
    address = f"{tmp_path.as_uri()}/in/b.jsonl"
    (found,) = find_files([address])
    assert (found.label, found.size) == (address, Path("in/b.jsonl").stat().st_size)
    articles, _, _ = read_all(["in/deep", "in/p*.txt"], monkeypatch, 10**6)
    assert [one.id for one in articles] == ["a0", "in/page.txt"]
    Path("in/deep/other.html").write_text("A text.")
    (page,) = [f for f in find_files(["in"]) if f.kind == ".html"]
    assert page.page == "deep/other.html"


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (["-"], "standard input"),
        (["gone.jsonl"], "found none at gone.jsonl"),
        (["notes.md"], "found notes.md"),
        (["empty"], "found none at empty"),
        (["odd://x/y.jsonl"], "Arrow file system"),
        (["a.jsonl", "./a.jsonl"], "each file once"),
    ],
)
def test_inputs_that_make_no_sense_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inputs: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_lines(Path("a.jsonl"), rows(1))
    Path("notes.md").write_text("x")
    Path("empty").mkdir()
    with pytest.raises(UsageError, match=said):
        find_files(inputs)


@pytest.mark.usefixtures("inline")
def test_a_job_goes_on_where_it_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sayso.units, "UNIT_BYTES", 300)
    data = write_lines(tmp_path / "a.jsonl", [*rows(20), {"id": "bad"}, *rows(20, "b")])
    whole, out = tmp_path / "whole", tmp_path / "out"
    summary = run([data], whole)
    assert (summary.articles, summary.statements, summary.rejects) == (40, 40, 1)
    assert output_rejects(whole) == [
        {"file": str(data), "line": 21, "id": "bad", "reason": output_rejects(whole)[0]["reason"]}
    ]
    with pytest.raises(EngineError, match="the same command"):
        run([data], out, workers=2)
    assert not (out / "_SUCCESS").exists()
    shards = sorted((out / "_shards").glob("part-*.json"))
    assert len(shards) == 2
    shards[0].unlink()
    (out / "part-000007-0123456789abcdef01234567.parquet").write_text("cut off")
    kept = (out / f"{shards[1].stem}.parquet").stat().st_mtime_ns
    again = run([data], out)
    assert (again.shards, again.skipped) == (len(list(whole.glob("part-*"))), 1)
    assert (again.articles, again.statements, again.rejects) == (40, 40, 1)
    assert again.stances == summary.stances
    assert (out / f"{shards[1].stem}.parquet").stat().st_mtime_ns == kept
    names = [
        sorted(p.relative_to(f).as_posix() for p in f.rglob("*") if p.is_file())
        for f in (whole, out)
    ]
    assert names[0] == names[1]
    for name in names[0]:
        assert (whole / name).read_bytes() == (out / name).read_bytes()


@pytest.mark.usefixtures("inline")
def test_other_work_is_not_mixed_in(tmp_path: Path) -> None:
    data, out = write_lines(tmp_path / "a.jsonl", rows(3)), tmp_path / "out"
    run([data], out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(
        UsageError, match=r"another job: settings\.threshold: expected null, found 0\.0"
    ):
        run([data], out, settings=ScorerSettings(threshold=0.0))
    run([data], out, settings=ScorerSettings(threads=2))
    os.utime(data, ns=(1, 1))
    with pytest.raises(UsageError, match=r"a\.jsonl changed"):
        run([data], out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.parquet").write_text("x")
    with pytest.raises(UsageError, match=r"found mine\.parquet"):
        run([data], tmp_path / "full")
    with pytest.raises(UsageError, match="found a file"):
        run([data], data)
    with pytest.raises(UsageError, match="apart from the input"):
        run([data], tmp_path)


@pytest.mark.usefixtures("inline")
def test_a_failing_article_and_a_failing_unit_leave_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sayso.units, "UNIT_BYTES", 1)
    good = write_lines(tmp_path / "a.jsonl", [*rows(2), {"id": "r", "text": "raise"}])
    other = write_lines(tmp_path / "b.jsonl", rows(2, "b"))
    real = sayso.units._check_same

    def check(found: Found) -> None:
        if found.label.endswith("b.jsonl"):
            raise OSError("the network is away")
        real(found)

    monkeypatch.setattr(sayso.units, "_check_same", check)
    out = tmp_path / "out"
    with pytest.raises(EngineError, match=r"2 failed, .*b\.jsonl first: OSError: the network"):
        run([good, other], out)
    monkeypatch.setattr(sayso.units, "_check_same", real)
    assert run([good, other], out).articles == 4
    assert output_table(out).column("article_id").to_pylist() == ["a0", "a1", "b0", "b1"]
    (reject,) = output_rejects(out)
    assert reject["id"] == "r"
    assert "RuntimeError: no way" in str(reject["reason"])


ENDING = """
import os, sys
from sayso.ledger import Job
from sayso.cargo import plan_cargo
from sayso.read import FieldMap
from sayso.work import attempt_unit
from tests.rows import PlainScorer

class Ending(PlainScorer):
    def score_each(self, articles):
        for article in articles:
            if "end" in article.text:
                os._exit(9)
            yield from super().score_each([article])

job = Job(plan_cargo()[0], FieldMap(), sys.argv[1])
codes = []
while len(codes) < 9 and (not codes or codes[-1] == 9):
    worker = os.fork()
    if not worker:
        attempt_unit(Ending, sys.argv[2], job)
        os._exit(0)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1]))
print(codes)
"""


def test_an_article_that_ends_the_worker_is_named(tmp_path: Path) -> None:
    texts = ["one", "this is the end", "three"]
    lines = [{"id": f"p{n}", "text": text} for n, text in enumerate(texts)]
    (unit,) = plan_units(find_files([str(write_lines(tmp_path / "a.jsonl", lines))]))
    out = tmp_path / "out"
    (out / "_shards").mkdir(parents=True)
    command = [sys.executable, "-c", ENDING, str(out), unit.to_json()]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.stdout.strip() == "[9, 9, 9, 0]", done.stderr
    assert output_table(out).column("article_id").to_pylist() == ["p0", "p2"]
    (reject,) = output_rejects(out)
    assert (reject["id"], reject["file"]) == ("p1", str(tmp_path / "a.jsonl"))
    assert not list((out / "_shards").glob("*.try"))


def test_a_bundle_travels_and_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    cargo, folder = plan_cargo(ScorerSettings(model=str(DEFAULT_BUNDLE)))
    renamed = tmp_path / "renamed"
    shutil.copytree(folder, renamed)
    manifest = json.loads((renamed / MANIFEST).read_text())
    (renamed / MANIFEST).write_text(json.dumps({**manifest, "model": "other"}))
    packed = pack_bundle(folder)
    assert packed == pack_bundle(folder)
    with pytest.raises(BundleError, match="as the driver sent it"):
        worker_scorer(cargo, lambda: packed.replace(b'"format"', b'"former"'))
    with pytest.raises(BundleError, match="as the driver sent it"):
        worker_scorer(cargo, lambda: pack_bundle(renamed))
    scorer = worker_scorer(cargo, lambda: packed)
    assert scorer.model_id == cargo.model
    assert worker_scorer(cargo, lambda: b"") is scorer
    assert len([p for p in tmp_path.glob("sayso-*") if (p / MANIFEST).exists()]) == 1
    shipped, _ = plan_cargo()
    assert shipped.shipped
    other = type(shipped)(shipped.settings, "0" * 64, "sayso-other")
    with pytest.raises(BundleError, match="install the same version"):
        worker_scorer(other, lambda: packed)


@pytest.mark.parametrize("kind", ["local", "mock"])
def test_places_write_whole_files(tmp_path: Path, kind: str) -> None:
    """As on a disk, so on what only takes whole objects."""
    place = open_place(tmp_path.as_uri()) if kind == "local" else Place(_MockFileSystem(), "out")
    place.make_folder()
    place.make_folder("in")
    place.write("in/a", b"one")
    (tmp_path / "two").write_bytes(b"two")
    place.write("in/a", tmp_path / "two")
    assert (place.read("in/a"), place.read("in/b"), place.names("in")) == (b"two", None, ["a"])
    place.remove("in/a")
    place.remove("in/a")
    assert place.names("in") == []


def test_an_unknown_engine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SaysoError, match="ray, spark, found dask"):
        run_engine(
            "dask",
            ScorerSettings(),
            [],
            str(tmp_path),
            fields=FieldMap(),
            workers=None,
            console=Console(quiet=True),
        )


def test_a_unit_is_the_same_after_json(tmp_path: Path) -> None:
    (unit,) = plan_units(find_files([str(write_lines(tmp_path / "a.jsonl", rows(2)))]))
    assert type(unit).from_json(unit.to_json()) == unit
    assert json.loads(unit.to_json())["number"] == 0
