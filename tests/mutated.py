"""Files of labels, changed at random: bytes, values of JSON, cells and lines."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.labels import FILES, fixture

__all__ = ["Mutation", "mutate"]

_ODD: Sequence[Any] = (
    None, True, False, 0, -1, 3, 2**31, 10**400, 0.5, 1e308, float("nan"), float("-inf"), "", " ",
    "x", "Cue", "Source 2", "Content:none", "cue:maybe", "denies", "inside", "\ud800", "\x00", "7",
    "2031-13-45", "y" * 70_000, [], {}, [[]], [None], [0, 1, "Cue"], {"a": {"b": []}}, [1] * 1_000,
    "@DEEP@", "@LONG@",
)  # fmt: skip
"""Values that stand where others are wanted."""

_PLAIN = ("flip", "put", "mark", "encoding")

_DEEP = "[" * 60_000 + "]" * 60_000
_LONG = "9" * 5_000


@dataclass(frozen=True, slots=True)
class Mutation:
    """A changed copy of a format's file.

    Attributes:
        tool: the format.
        path: the file, or brat's folder.
        what: was done to it.
        plain: whether it cannot take a statement away that is not missed.
    """

    tool: str
    path: Path
    what: str
    plain: bool


def mutate(seed: int, folder: Path) -> Mutation:
    """The mutation of a number; the same number gives the same."""
    rng = random.Random(seed)
    tool = tuple(FILES)[seed % len(FILES)]
    path = fixture(tool, folder)
    target = path if path.is_file() else rng.choice(sorted(path.iterdir()))
    raw = target.read_bytes()
    inside = {"csv": _cells, "brat": _lines}.get(tool, _values)
    chosen = rng.choice((_bytes, _bytes, inside, inside, inside))
    changed, what = chosen(rng, raw)
    if rng.random() < 0.05 and path.is_file():
        target.unlink()
        target = path = path.with_name(path.name + ".gz")
        changed, what = gzip.compress(changed, mtime=0), f"{what}, packed"
        if rng.random() < 0.5:
            changed, what = changed[: rng.randrange(len(changed))], f"{what} and cut off"
    target.write_bytes(changed)
    kinds = _PLAIN if tool == "brat" else (*_PLAIN, "all")
    plain = chosen is _bytes and what.partition(":")[0] in kinds
    return Mutation(tool, path, f"{target.name}: {what}", plain)


def _bytes(rng: random.Random, raw: bytes) -> tuple[bytes, str]:
    at, size = rng.randrange(len(raw)), rng.randrange(1, 60)
    kind = rng.choice(["flip", "cut", "drop", "put", "again", "swap", "mark", "encoding", "all"])
    if kind == "flip":
        out = bytearray(raw)
        for _ in range(rng.randrange(1, 20)):
            out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
        return bytes(out), "flip: some bits"
    if kind == "cut":
        return raw[:at], f"cut: at {at}"
    if kind == "drop":
        return raw[:at] + raw[at + size :], f"drop: {size} bytes at {at}"
    if kind == "put":
        noise = rng.choice([rng.randbytes(size), b"\x00", b"\r", b'"', b"\xff\xfe", b"[" * 5_000])
        return raw[:at] + noise + raw[at:], f"put: {noise[:20]!r} at {at}"
    if kind == "again":
        return raw[: at + size] + raw[at:], f"again: {size} bytes at {at}"
    if kind == "swap":
        return raw[at:] + raw[:at], f"swap: at {at}"
    if kind == "mark":
        return b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n"), "mark: byte order mark and CRLF"
    if kind == "encoding":
        name = rng.choice(["utf-16", "utf-16-le", "utf-32", "cp1252", "shift_jis"])
        return raw.decode("utf-8").encode(name, "replace"), f"encoding: {name}"
    return rng.choice([b"", b"\n", b"\x00" * 50, rng.randbytes(500), raw * 2]), "all: other bytes"


def _values(rng: random.Random, raw: bytes) -> tuple[bytes, str]:
    """A JSON value that is of another type, missing, doubled or elsewhere, one to three times."""
    text = raw.decode("utf-8")
    lines = text.splitlines() if not text.startswith("[") else [text]
    at = rng.randrange(len(lines))
    row, done = json.loads(lines[at]), []
    for _ in range(rng.randrange(1, 4)):
        done.append(_change(rng, row))
    out = json.dumps(row, ensure_ascii=rng.random() < 0.5)
    lines[at] = out.replace('"@DEEP@"', _DEEP).replace('"@LONG@"', _LONG)
    whole = "\n".join(lines) + "\n"
    return whole.encode("utf-8", "backslashreplace"), "; ".join(done)


def _change(rng: random.Random, row: Any) -> str:
    places = list(_places(row))
    if not places:
        return "nothing left"
    parent, key = rng.choice(places)
    kind = rng.choice(["other", "other", "other", "gone", "again", "elsewhere", "name"])
    if kind == "gone":
        del parent[key]
    elif kind == "again" and isinstance(parent, list):
        parent.insert(rng.randrange(len(parent) + 1), parent[key])
    elif kind == "elsewhere":
        other, there = rng.choice(places)
        parent[key] = json.loads(json.dumps(other[there]))
    elif kind == "name" and isinstance(parent, dict):
        parent[rng.choice(["", "x", "text", "id", "label"])] = parent.pop(key)
    else:
        parent[key] = deepcopy(rng.choice(_ODD))
    return f"{kind} at {key!r:.40}"


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a value: what it stands in, and its key or index."""
    found: list[tuple[Any, Any]] = []
    ahead = [value]
    while ahead:
        one = ahead.pop()
        keys = list(one) if isinstance(one, dict) else list(range(len(one)))
        found += [(one, key) for key in keys]
        ahead += [one[key] for key in keys if isinstance(one[key], dict | list)]
    return found


def _cells(rng: random.Random, raw: bytes) -> tuple[bytes, str]:
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    at, cell = rng.randrange(len(rows)), rng.randrange(len(rows[0]))
    kind = rng.choice(["other", "other", "gone", "more", "swap", "doubled"])
    if kind == "other":
        rows[at][cell] = rng.choice(["", " ", "said", " … ", "x" * 99_999, "a " * 9_999, "\r", '"'])
    elif kind == "gone":
        del rows[at][cell]
    elif kind == "more":
        rows[at].append("more")
    elif kind == "swap":
        other = rng.randrange(len(rows[0]))
        rows[at][cell], rows[at][other] = rows[at][other], rows[at][cell]
    else:
        rows.insert(at, list(rows[at]))
    out = io.StringIO()
    csv.writer(out, quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])).writerows(rows)
    return out.getvalue().encode(), f"{kind} at row {at}, cell {cell}"


def _lines(rng: random.Random, raw: bytes) -> tuple[bytes, str]:
    lines = raw.decode("utf-8").split("\n")
    at = rng.randrange(len(lines))
    kind = rng.choice(["gone", "again", "other", "number", "word", "word"])
    if kind == "gone":
        del lines[at]
    elif kind == "again":
        lines.insert(rng.randrange(len(lines)), lines[at])
    elif kind == "other":
        lines[at] = rng.choice(
            ["E9\t", "T9\tCue", "R1\tx", "A1\tStance", "M1", "*", "\t\t", "X1\ty"]
        )
    else:
        words = lines[at].replace("\t", " \t ").split(" ")
        one = rng.randrange(len(words))
        odd = [
            "",
            "T1",
            "E1",
            "Cue",
            "Cue:T1",
            "-1",
            "0",
            "99",
            "9" * 5_000,
            "3 3",
            "5;5",
            "Denial",
        ]
        words[one] = rng.choice(odd)
        lines[at] = " ".join(words).replace(" \t ", "\t")
    return "\n".join(lines).encode(), f"{kind} at line {at + 1}"
