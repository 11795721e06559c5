"""Label files that are broken at random: clear errors, no crash, no hang, nothing lost in silence.

`SAYSO_MUTATED=2000` makes the long form of it.
"""

import json
import os
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest

from data.loaders import load_labels
from data.tools.importing import Imported, save_labels
from sayso.errors import InputError
from tests.labels import FILES
from tests.mutated import Mutation, mutate

COUNT = int(os.environ.get("SAYSO_MUTATED", "210"))
BLOCKS = 5
SECONDS = 5
"""CPU time that one file may take."""

STATEMENTS = 6
"""What each format's file holds."""

SKIPPED = {"label-studio": 1, "prodigy": 1, "argilla": 1}


def check(one: Mutation, out: Path) -> str:
    """Import a file and hold what comes of it against what may: whole, named or refused."""
    before = time.process_time()
    rejects = Path(f"{out}.rejects.jsonl")
    found = None
    try:
        found = save_labels(one.path, one.tool, out)
    except InputError as error:
        told = [error.reason]
    else:
        lines = rejects.read_text().splitlines() if found.rejects else []
        told = [json.loads(line)["reason"] for line in lines]
        assert len(told) == found.rejects
    assert time.process_time() - before < SECONDS
    assert all("expected" in reason and "found" in reason for reason in told), told
    if found is None:
        assert not out.exists()
        assert not rejects.exists()
        return "refused"
    articles = load_labels(out)
    assert sum(len(article.statements) for article in articles) == found.statements
    return _outcome(one, found)


def _outcome(one: Mutation, found: Imported) -> str:
    passed_over = sum(found.skipped.values()) - SKIPPED.get(one.tool, 0)
    if found.rejects or passed_over > 0:
        return "named"
    if one.plain:
        assert found.statements >= STATEMENTS
    return "read"


@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.timeout(3600 if COUNT > 1000 else 300)
def test_mutated_files_give_clear_errors(block: int, tmp_path: Path) -> None:
    outcomes: Counter[str] = Counter()
    for seed in range(block * COUNT // BLOCKS, (block + 1) * COUNT // BLOCKS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        one = mutate(seed, folder)
        try:
            outcomes[check(one, folder / "out.jsonl")] += 1
        except Exception as error:
            raise AssertionError(f"file {seed}, {one.tool}: {one.what}") from error
        shutil.rmtree(folder)
    assert outcomes["named"] > outcomes.total() // 4
    print(f"{outcomes.total()} files: {dict(outcomes)}")


def test_every_format_and_way_comes_up(tmp_path: Path) -> None:
    tools, plain = Counter[str](), 0
    for seed in range(70):
        folder = tmp_path / str(seed)
        folder.mkdir()
        one = mutate(seed, folder)
        tools[one.tool] += 1
        plain += one.plain
    assert dict(tools) == dict.fromkeys(FILES, 10)
    assert 10 < plain < 60
