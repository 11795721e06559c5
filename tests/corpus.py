"""A bundle that scores fast and articles to score: for tests of jobs, not of what is found."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from sayso.bundle import (
    BUNDLE_FORMAT,
    CONFIG,
    DEFAULT_BUNDLE,
    FILES,
    MANIFEST,
    MODEL,
    STANCE,
    TOKENIZER,
    WORDS,
)
from sayso.encoder import INPUTS, OUTPUTS
from sayso.tags import LAYERS, TAGS

WIDTH, LINK, STANCE_SIZE, LABELS = 8, 4, 4, 5
WIDTHS = {
    "emissions": len(LAYERS) * len(TAGS),
    "links": 4 * LINK,
    "nulls": 2,
    "stances": 2 * (STANCE_SIZE + 1),
}

SENTENCES = (
    "The mayor said that the bridge would open in May.",
    "“We had no part in it,” the minister told reporters on Monday.",
    "A spokesman denied that the talks had failed, according to the agency.",
    "It rained for most of the week.",
    "Officials believe the fire may have begun in the kitchen, the report says.",
    "Nobody at the company could be reached.",
)


def quick_bundle(folder: Path, *, seed: int = 0) -> Path:
    """A whole bundle whose graphs give each token scores by a hash of its id.

    It finds a statement about every ten words and takes microseconds for it.
    """
    folder.mkdir(parents=True)
    numbers = np.random.default_rng(seed)
    _words(folder / WORDS, numbers.uniform(0.5, 2.0, WIDTH).astype(np.float32))
    _linear(
        folder / MODEL,
        {name: numbers.normal(0, 1, (WIDTH, WIDTHS[name])) for name in OUTPUTS},
        dims=["batch", "tokens"],
        unused=[name for name in INPUTS if name != "words"],
        source="words",
    )
    heads = numbers.normal(0, 1, (2 * STANCE_SIZE, LABELS))
    _linear(folder / STANCE, {"scores": heads}, dims=["rows"], unused=[], source="pooled")
    shutil.copy(DEFAULT_BUNDLE / TOKENIZER, folder / TOKENIZER)
    settings = json.loads((DEFAULT_BUNDLE / CONFIG).read_text())
    settings |= {"link_size": LINK, "stance_size": STANCE_SIZE, "members": 1}
    settings |= {"statement_threshold": 0.0, "window_size": 60, "window_overlap": 20}
    (folder / CONFIG).write_text(json.dumps(settings))
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES}
    manifest = {"format": BUNDLE_FORMAT, "model": f"quick-{seed}", "files": files}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    return folder


def make_articles(count: int, *, seed: int = 0, sentences: int = 6) -> list[dict[str, Any]]:
    """Articles as JSONL has them, each different."""
    chosen = random.Random(seed)
    return [
        {
            "id": f"a{number}",
            "text": f"Day {number}. " + " ".join(chosen.choices(SENTENCES, k=sentences)),
            "outlet": chosen.choice(["Courier", None]),
        }
        for number in range(count)
    ]


def write_jsonl(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Rows as lines of JSON."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _words(path: Path, factors: np.ndarray[Any, Any]) -> None:
    nodes = [
        helper.make_node("Cast", ["ids"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["numbers", "last"], ["column"]),
        helper.make_node("Mul", ["column", "factors"], ["angles"]),
        helper.make_node("Sin", ["angles"], ["words"]),
    ]
    weights = {"factors": factors, "last": np.array([2], np.int64)}
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "tokens"])
    out = helper.make_tensor_value_info("words", TensorProto.FLOAT, ["batch", "tokens", WIDTH])
    _save(path, nodes, [ids], [out], weights)


def _linear(
    path: Path,
    heads: dict[str, np.ndarray[Any, Any]],
    *,
    dims: list[str],
    unused: list[str],
    source: str,
) -> None:
    width = next(iter(heads.values())).shape[0]
    nodes = [helper.make_node("MatMul", [source, f"{name}_weight"], [name]) for name in heads]
    inputs = [helper.make_tensor_value_info(source, TensorProto.FLOAT, [*dims, width])]
    inputs += [helper.make_tensor_value_info(name, TensorProto.INT64, dims) for name in unused]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [*dims, weight.shape[1]])
        for name, weight in heads.items()
    ]
    weights = {f"{name}_weight": weight.astype(np.float32) for name, weight in heads.items()}
    _save(path, nodes, inputs, outputs, weights)


def _save(
    path: Path,
    nodes: list[Any],
    inputs: list[Any],
    outputs: list[Any],
    weights: dict[str, np.ndarray[Any, Any]],
) -> None:
    values = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    graph = helper.make_graph(nodes, path.stem, inputs, outputs, values)
    opset = [helper.make_opsetid("", 18)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), str(path))
