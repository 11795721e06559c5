"""Generated input that is broken or hostile, with what must be read of it and what be named."""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["Case", "make_case"]


@dataclass(slots=True)
class Case:
    """One file.

    Attributes:
        name: of the file.
        raw: its bytes.
        what: was done to it.
        read: ids that must be read.
        lines: lines or rows that must be named, one reject each.
        whole: whether the file must be named (or a line of it, and no line is told in `lines`).
        free: whether it is damaged at random: either all of `read` is read, or something is named.
    """

    name: str
    raw: bytes
    what: str
    read: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    whole: bool = False
    free: bool = False


def make_case(seed: int) -> Case:
    """The case of a number; the same number gives the same."""
    rng = random.Random(seed)
    return rng.choice(_MAKERS)(rng)


def _good_json(rng: random.Random, name: str) -> bytes:
    text = rng.choice(
        [
            "The clerk said so.",
            "Lines\nof\r\ntext, she said.",
            "A lone \ud800 surrogate.",
            "Separators \u2028 and \x85 and \x0b.",
            "Zero \x00 and \x1b[31m colours.",
            "\U0001f600 said \u202ethe mirror.",
            "",
        ]
    )
    more = rng.choice(
        [
            "",
            ', "text": "the last one counts"',
            ', "extra": [[[{"a": [null]}]]]',
            ', "extra": NaN, "other": -Infinity',
            ', "outlet": null, "published": 20310502',
            ', "extra": 1e999',
        ]
    )
    row = f'{{"id": {json.dumps(name)}, "text": {json.dumps(text)}{more}}}'.encode()
    return rng.choice([b"", b" ", b"\t"]) + row + rng.choice([b"", b" ", b"\r"])


def _wrong(rng: random.Random, field_name: str) -> str:
    """A value as JSON that no field takes."""
    depth = rng.randrange(1, 900)
    values = [
        "[]",
        "{}",
        "true",
        "1.5",
        "NaN",
        "-Infinity",
        '{"a": [1]}',
        "[" * depth + "]" * depth,
    ]
    values += ["null", "7"] if field_name == "text" else []
    values += ['""', "null"] if field_name == "id" else []
    values += [json.dumps("x" * 65_537)] if field_name != "text" and not rng.randrange(10) else []
    return rng.choice(values)


def _bad_json(rng: random.Random) -> bytes:
    row = json.dumps({"id": f"bad-{rng.random()}", "text": "Nobody said so."}).encode()
    at = rng.randrange(1, len(row))
    kind = rng.randrange(12)
    if kind == 0:
        return row[:at]
    if kind == 1:
        return rng.choice([b"[", b'{"a":', b'{"text":[']) * rng.choice([1, 50, 5_000, 100_000])
    if kind == 2:
        return rng.choice([b"1", b"null", b"true", b'"text"', b"[]", b"[{}]", b"NaN", b"-"])
    if kind == 3:
        name = rng.choice(["text", "id", "title", "outlet", "published", "url"])
        rest = {k: v for k, v in {"id": f"b{rng.random()}", "text": "x"}.items() if k != name}
        return f"{json.dumps(rest)[:-1]}, {json.dumps(name)}: {_wrong(rng, name)}}}".encode()
    if kind == 4:
        return b'{"id": ' + b"9" * rng.choice([4_301, 50_000]) + b', "text": "x"}'
    if kind == 5:
        inside = rng.randrange(row.index(b"Nobody"), len(row) - 2)
        bad = [b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80", b"\xe9", b"\x80"]
        return row[:inside] + rng.choice(bad) + row[inside:]
    if kind == 6:
        inside = rng.randrange(row.index(b"Nobody"), len(row) - 2)
        return row[:inside] + bytes([rng.choice([*range(10), *range(11, 32)])]) + row[inside:]
    if kind == 7:
        return rng.choice([row + row, row + b",", row[:-1] + b",}", b"//" + row, b"'" + row + b"'"])
    if kind == 8:
        return b'{"id": "no-text"}'
    if kind == 9:
        return row.decode().encode(rng.choice(["utf-16-le", "utf-16-be", "utf-32-le"]))
    if kind == 10:
        long = 1_000_001 if not rng.randrange(20) else 0
        return b'{"text": "' + b"y" * long + b'"}' if long else b'{"text": "\\ud83d\\u12"}'
    return bytes(rng.choice([n for n in range(256) if n not in (9, 10, 11, 12, 13, 32)])
                 for _ in range(rng.randrange(1, 60))) + b"\xfe"  # fmt: skip


def _jsonl(rng: random.Random) -> Case:
    case = Case("in.jsonl", b"", "rows of JSONL")
    out: list[bytes] = []
    for number in range(rng.randrange(2, 9)):
        if rng.random() < 0.5 or number == 0:
            name = f"good-{number}"
            out.append(_good_json(rng, name))
            case.read.append(name)
        elif rng.random() < 0.2:
            out.append(b'{"id": "good-0", "text": "again"}')
            case.lines.append(len(out))
        elif rng.random() < 0.1:
            out.append(rng.choice([b"", b"\r", b"   "]))
        else:
            out.append(_bad_json(rng))
            case.lines.append(len(out))
    raw = b"\n".join(out) + rng.choice([b"", b"\n", b"\r\n", b"\n\n"])
    case.raw = rng.choice([b"", b"\xef\xbb\xbf"]) + raw
    if rng.random() < 0.3:
        case.name, case.raw = _packed(rng, case.name, case.raw)
    return case


def _packed(rng: random.Random, name: str, raw: bytes) -> tuple[str, bytes]:
    if rng.random() < 0.5:
        middle = rng.randrange(len(raw) + 1)
        parts = [raw] if rng.random() < 0.5 else [raw[:middle], raw[middle:]]
        return f"{name}.gz", b"".join(gzip.compress(part, 1, mtime=0) for part in parts)
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(raw)
    return f"{name}.zst", sink.getvalue().to_pybytes()


def _csv(rng: random.Random) -> Case:
    tabs = rng.random() < 0.3
    case = Case("in.tsv" if tabs else "in.csv", b"", "rows of CSV")
    out, end = ["id,text"], rng.choice(["\n", "\r\n"])
    for number in range(rng.randrange(2, 9)):
        line = 1 + sum(row.count("\n") + 1 for row in out)
        if rng.random() < 0.5 or number == 0:
            name = f"good-{number}"
            texts = ["Said.", '"Lines\n\nof, text"', '"She ""said"" so."', "", '"', "\x00\x1b"]
            texts[4] = 'five" wide'
            after_bad = bool(case.lines)
            out.append(f"{name},{rng.choice(texts[:4] if after_bad else texts)}")
            case.read.append(name)
        else:
            bad = [
                '{0},"never closed',
                '{0},"a"b',
                "{0}",
                "{0},a,b",
                '{0},"x" y',
                "{0},\udcff",
                ",,",
            ]
            bad += [
                "good-0,again",
                '{0},"x\udcff"',
                "{0}," + "y" * 1_000_001 * (rng.random() < 0.02),
            ]
            bad[-1] = bad[-1] if len(bad[-1]) > 10 else "{0}"
            out.append(rng.choice(bad).format(f"bad-{number}"))
            case.lines.append(line)
    text = end.join(out) + rng.choice(["", end])
    case.raw = (text.replace(",", "\t") if tabs else text).encode("utf-8", "surrogateescape")
    if rng.random() < 0.3:
        case.name, case.raw = _packed(rng, case.name, case.raw)
    return case


def _rows(count: int) -> list[dict[str, str]]:
    return [{"id": f"good-{n}", "text": f"{n * 7919} said so."} for n in range(count)]


def _types(rng: random.Random) -> Case:
    """A column of Parquet of another type than a string's, or of one that is as good."""
    count = rng.randrange(1, 9)
    rows = _rows(count)
    columns = {name: pa.array([row[name] for row in rows]) for name in ("id", "text")}
    stamps = pa.array([2**62] * count, pa.timestamp("us"))
    good: dict[str, Callable[[pa.Array], pa.Array]] = {
        "large": lambda a: a.cast(pa.large_string()),
        "dictionary": lambda a: a.dictionary_encode(),
        "view": lambda a: a.cast(pa.string_view()),
    }
    bad: dict[str, Callable[[pa.Array], pa.Array]] = {
        "binary": lambda a: a.cast(pa.binary()),
        "list": lambda a: pa.array([[v] for v in a.to_pylist()]),
        "struct": lambda a: pa.array([{"a": {"b": v}} for v in a.to_pylist()]),
        "map": lambda a: pa.array([[("k", v)] for v in a.to_pylist()], pa.map_("string", "string")),
        "float": lambda a: pa.array([0.5] * len(a)),
        "bool": lambda a: pa.array([True] * len(a)),
        "null": lambda a: pa.nulls(len(a)),
        "decimal": lambda a: pa.array([1] * len(a)).cast(pa.decimal128(38, 2)),
        "stamp": lambda a: stamps,
    }
    which = rng.choice(["id", "text"])
    kind = rng.choice([*good, *bad])
    columns[which] = (good | bad)[kind](columns[which])
    if rng.random() < 0.2:
        columns["published"], kind = stamps, "stamp of publication"
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, row_group_size=rng.choice([2, 100]))
    names = [row["id"] for row in rows]
    case = Case("in.parquet", buffer.getvalue(), f"{which} as {kind}")
    if kind in good:
        case.read = names
    else:
        case.lines = list(range(1, count + 1))
    return case


def _damaged(rng: random.Random) -> Case:
    """A whole file that is cut off, or of which bytes are changed, dropped or put in."""
    rows = _rows(rng.randrange(5, 200))
    kind = rng.choice(["parquet", "parquet", "jsonl.gz", "jsonl.zst", "csv.gz"])
    if kind == "parquet":
        buffer = io.BytesIO()
        packing = rng.choice(["snappy", "zstd", "gzip", "none"])
        size = rng.choice([20, 1_000])
        pq.write_table(pa.Table.from_pylist(rows), buffer, row_group_size=size, compression=packing)
        name, raw = "in.parquet", buffer.getvalue()
    elif kind == "csv.gz":
        text = "id,text\n" + "".join(f"{row['id']},{row['text']}\n" for row in rows)
        name, raw = "in.csv.gz", gzip.compress(text.encode(), mtime=0)
    else:
        text = "".join(json.dumps(row) + "\n" for row in rows)
        name, raw = _packed(rng, "in.jsonl", text.encode())
    how = rng.choice(["cut", "flip", "drop", "put", "swap head", "tail"])
    at, size = rng.randrange(1, len(raw)), rng.randrange(1, 40)
    noise = rng.randbytes(size)
    changed = {
        "cut": raw[:at],
        "flip": raw[:at] + noise + raw[at + size :],
        "drop": raw[:at] + raw[at + size :],
        "put": raw[:at] + noise + raw[at:],
        "swap head": noise + raw[size:],
        "tail": raw + noise,
    }[how]
    case = Case(name, changed, f"{how} at {at} of {len(raw)}", free=True)
    case.read = [row["id"] for row in rows]
    return case


def _bomb(rng: random.Random) -> Case:
    """A small packed file of which much comes out, none of it an article but the first."""
    block = rng.choice([b"a" * 2**20, b"\n" * 2**20, b"{}\n" * 2**14, b" " * 2**20, b"[" * 2**20])
    name, first = _packed(rng, "in.jsonl", b'{"id": "good-0", "text": "x"}\n')
    times = 40 if len(block) >= 2**20 else 500
    raw = gzip.compress(block * times, 1) if name.endswith("gz") else b""
    if not raw:
        sink = pa.BufferOutputStream()
        with pa.CompressedOutputStream(sink, "zstd") as out:
            out.write(block * times)
        raw = sink.getvalue().to_pybytes()
    return Case(name, first + raw, f"bomb of {block[:3]!r}", read=["good-0"], whole=True)


def _page(rng: random.Random) -> Case:
    """A text or a page: of no UTF-8, or of tags that are never closed."""
    kind = rng.randrange(5)
    if kind == 0:
        return Case("in.txt", b"caf\xe9 " * rng.randrange(1, 99), "no UTF-8", whole=True)
    if kind == 1:
        text = "He said it. " * 90_000
        return Case("in.txt", text.encode(), "a long text", whole=True)
    if kind == 2:
        return Case("in.html", "<p>said</p>".encode("utf-16"), "UTF-16", whole=True)
    if kind == 3:
        return Case("in.html", b"<p>x" * 60_000, "very many tags", whole=True)
    soup = [
        "<p>",
        "</div>",
        "<table>",
        "<!--",
        "<b",
        "&#x110000;",
        "\x00",
        "text",
        "<![CDATA[",
        '"',
    ]
    raw = "".join(rng.choice(soup) for _ in range(rng.randrange(1, 200))).encode()
    return Case("in.html", raw, "soup of tags", free=True, read=["in.html"])


def _noise(rng: random.Random) -> Case:
    """Bytes at random, or a file that is another than its name says."""
    endings = ["jsonl", "csv", "tsv", "parquet", "jsonl.gz", "csv.zst", "jsonl.zst", "html"]
    ending = rng.choice(endings)
    other = [b"PK\x03\x04", b"PAR1", b"PARE", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"%PDF-1.7\n"]
    raw = (
        rng.choice([*other, b""]) + rng.randbytes(rng.choice([0, 1, 12, 300, 5_000])) + b"\xff\xfe"
    )
    return Case(f"in.{ending}", raw, "noise", whole=True)


_MAKERS: Sequence[Callable[[random.Random], Case]] = (
    *([_jsonl] * 8),
    *([_csv] * 5),
    *([_types] * 2),
    *([_damaged] * 5),
    *([_noise] * 2),
    *([_page] * 1),
    *([_bomb] * 1),
)
