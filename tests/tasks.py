"""Tasks as Label Studio and doccano export them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEXT = "The miller said the wheel turns. The baker denied it, he said."


def write(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def task(*results: Mapping[str, Any], text: str = TEXT, **more: Any) -> dict[str, Any]:
    """A task of Label Studio with one annotation."""
    annotation = {"completed_by": 1, "created_at": None, "result": list(results)}
    return {"id": 7, "data": {"text": text}, "annotations": [annotation], **more}


def mark(name: str, label: str, words: str, *, text: str = TEXT, **more: Any) -> dict[str, Any]:
    start = text.index(words)
    value = {"start": start, "end": start + len(words), "text": words, "labels": [label]} | more
    return {"id": name, "from_name": "part", "to_name": "text", "type": "labels", "value": value}


def link(first: str, second: str, *labels: str) -> dict[str, Any]:
    return {"type": "relation", "from_id": first, "to_id": second, "labels": list(labels)}


def choice(name: str, *stances: str) -> dict[str, Any]:
    return {"id": name, "from_name": "stance", "type": "choices", "value": {"choices": stances}}


MILLER = (
    mark("s", "Source", "The miller"),
    mark("c", "cue", "said"),
    mark("o", "CONTENT", "the wheel turns"),
    link("s", "c"),
    link("c", "o", "anything"),
    choice("c", "Assertion"),
)
MILLER_SAID = ("The miller", "said", "the wheel turns", "assertion", None)
BAKER = mark("b", "Source", "The baker")


def entities(*labels: tuple[str, str]) -> dict[str, Any]:
    """A text of doccano without relations."""
    label = [[TEXT.index(words), TEXT.index(words) + len(words), name] for name, words in labels]
    return {"id": 1, "text": TEXT, "label": label}
