"""Broken and hostile input by the thousand: no crash, no hang, all named, the good rows read.

`SAYSO_HOSTILE=10000` makes the long form of it.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from sayso.read import read_placed
from sayso.rejects import Reject, reject_line
from tests.hostile import Case, make_case

COUNT = int(os.environ.get("SAYSO_HOSTILE", "600"))
BLOCKS = 10
SECONDS = 10
"""CPU time that one file may take."""


def check(case: Case, folder: Path) -> int:
    """Hold what is read of a case against what it must be; how much was named."""
    (folder / case.name).write_bytes(case.raw)
    (folder / "z.jsonl").write_text('{"id": "last", "text": "The last one said so."}\n')
    rejects: list[Reject] = []
    before = time.process_time()
    placed = list(read_placed([str(folder)], on_reject=rejects.append))
    assert time.process_time() - before < SECONDS
    (folder / case.name).unlink()
    assert placed[-1].article.id == "last"
    read = [one.article.id for one in placed[:-1]]
    assert {reject.file for reject in rejects} <= {str(folder / case.name)}
    assert all(reject_line(reject) for reject in rejects)
    if case.free:
        assert rejects or sorted(read) == sorted(case.read)
        return max(len(rejects), 1)
    assert read == case.read
    if case.whole:
        assert rejects
    else:
        assert Counter(r.line for r in rejects) == Counter(case.lines)
    return len(rejects)


def test_every_kind_of_case_comes_up() -> None:
    cases = [make_case(seed) for seed in range(300)]
    assert {case.name.partition(".")[2] for case in cases} >= {
        "jsonl", "jsonl.gz", "jsonl.zst", "csv", "tsv", "parquet", "txt", "html",
    }  # fmt: skip
    assert sum(len(case.lines) for case in cases) > 200
    assert sum(case.free for case in cases) > 30
    assert sum(case.whole for case in cases) > 20


@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.timeout(3600 if COUNT > 1000 else 300)
def test_hostile_input_is_named_and_the_rest_is_read(
    block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sayso.fuse.MOST", 2 * 2**20)
    named = 0
    for seed in range(block * COUNT // BLOCKS, (block + 1) * COUNT // BLOCKS):
        case = make_case(seed)
        try:
            named += check(case, tmp_path)
        except Exception as error:
            raise AssertionError(f"case {seed}: {case.what}, {case.name}") from error
    assert named >= COUNT // BLOCKS


def test_the_command_scores_what_is_left(tmp_path: Path) -> None:
    """Each file of some dozens in a folder of its own, so that ids of good rows are told apart."""
    folder, good = tmp_path / "in", set()
    for seed in range(40):
        case = make_case(seed)
        if case.free or "bomb" in case.what:
            continue
        (folder / f"{seed}").mkdir(parents=True)
        raw = case.raw.replace(b"good-", f"{seed:03d}-".encode()) if not _stored(case) else b""
        (folder / f"{seed}" / case.name).write_bytes(raw or case.raw)
        good |= {name.replace("good-", f"{seed:03d}-") for name in case.read if raw}
    output = tmp_path / "out.jsonl"
    command = [sys.executable, "-c", "from sayso.cli import main; main()", "score", str(folder)]
    subprocess.run([*command, "-o", str(output), "--workers", "1"], check=True, timeout=240)
    rejects: list[Reject] = []
    read = {one.article.id for one in read_placed([str(folder)], on_reject=rejects.append)}
    lines = Path(f"{output}.rejects.jsonl").read_bytes().splitlines(keepends=True)
    assert good <= read
    assert lines == [reject_line(reject) for reject in rejects]
    assert {json.loads(line)["article_id"] for line in output.read_bytes().splitlines()} <= read


def _stored(case: Case) -> bool:
    return case.name.endswith((".gz", ".zst", ".parquet"))
