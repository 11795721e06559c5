"""Scored corpora by chance: articles of invented words with statements of a known mix."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sayso.table import STATEMENT_SCHEMA

MIX = (0.8, 0.05, 0.08, 0.07)
OTHER_MIX = (0.45, 0.3, 0.13, 0.12)
COMMON = [f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(400)]
STRANGE = [f"odd{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(400)]
ALL = [*COMMON, *STRANGE]


def scored_articles(
    count: int,
    *,
    seed: int,
    mix: Sequence[float] = MIX,
    sure: float = 0.93,
    outlet: str = "Courier",
    month: str = "2031-04",
    rate: float = 6.0,
    strange: float = 0.05,
) -> list[dict[str, Any]]:
    """Articles with their statements; those of one article are alike in stance."""
    chance = np.random.default_rng(seed)
    out = []
    for number in range(count):
        name = f"{outlet}-{month}-{seed}-{number}"
        own = chance.dirichlet(8 * np.array(mix))
        rows = [
            _statement(name, n, own, sure, outlet, month, chance)
            for n in range(chance.poisson(rate))
        ]
        picks = chance.integers(0, 400, 80) + 400 * (chance.random(80) < strange)
        words = [ALL[pick] for pick in picks.tolist()]
        article = {"id": name, "text": " ".join(words), "outlet": outlet, "published": month}
        out.append({"article": article, "rows": rows})
    return out


def _statement(
    name: str,
    number: int,
    mix: np.ndarray[Any, Any],
    sure: float,
    outlet: str,
    month: str,
    chance: np.random.Generator,
) -> dict[str, Any]:
    stances = ("assertion", "denial", "hedge", "speculation")
    stance = int(chance.choice(4, p=mix))
    most = min(0.999, max(0.3, chance.normal(sure, 0.06)))
    rest = (1 - most) / 3
    spans: dict[str, Any] = {f"{role}_spans": [] for role in ("source", "cue", "content")}
    return spans | {
        "article_id": name,
        "statement_id": f"{name}#{number}",
        "source_text": "the mayor" if chance.random() < 0.9 else None,
        "cue_text": "said",
        "content_text": "so",
        "form": "indirect",
        "stance": stances[stance],
        **{f"p_{one}": most if n == stance else rest for n, one in enumerate(stances)},
        "p_statement": 0.97,
        "source_entity": None,
        "source_kind": "person" if chance.random() < 0.7 else "unnamed",
        "parent_id": f"{name}#0" if number and chance.random() < 0.1 else None,
        "outlet": outlet,
        "published": month,
        "model": "m-1",
    }


def write_scored(path: Path, articles: Sequence[Mapping[str, Any]]) -> Path:
    """Statements as Parquet or JSONL by the ending, the texts beside them."""
    rows = [row for article in articles for row in article["rows"]]
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows, schema=STATEMENT_SCHEMA), path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    texts = "".join(json.dumps(article["article"]) + "\n" for article in articles)
    path.with_suffix(".articles.jsonl").write_text(texts)
    return path
