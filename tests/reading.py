"""Articles read from files that tests write."""

import json
from collections.abc import Sequence
from pathlib import Path

from sayso.read import FieldMap, read_articles
from sayso.records import Article
from sayso.rejects import Reject

GOOD = [{"id": "a", "text": "One, he said."}, {"id": "b", "text": "Two.", "outlet": "Wire"}]


def read(
    *inputs: Path | str, fields: FieldMap | None = None
) -> tuple[Sequence[Article], Sequence[Reject]]:
    rejects: list[Reject] = []
    names = [str(name) for name in inputs]
    return list(read_articles(names, fields=fields, on_reject=rejects.append)), rejects


def lines(rows: Sequence[object]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)
