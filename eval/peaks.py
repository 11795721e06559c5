"""How fast the machine multiplies matrices, int8 and float32: what inference is held against."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime
from onnx import TensorProto, helper, numpy_helper

__all__ = ["FORMS", "SHAPES", "Peaks", "Product", "measure_peaks"]

SHAPES = ((384, 384, 384), (384, 384, 1152), (384, 384, 1536), (384, 1536, 384), (2048, 2048, 2048))
"""Rows, inner and columns of the products: the network's own, and one that is large."""

FORMS = {
    "MatMulInteger": "int8",
    "DynamicQuantizeMatMul": "int8",
    "MatMul": "float32",
}
"""ONNX operators, and what they multiply. int8 is unsigned activations by signed weights."""

IR, OPSET = 10, 18

Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Product:
    """One matrix product [rows, inner] x [inner, columns].

    Attributes:
        form: of `FORMS`.
        rows, inner, columns: its sizes.
        together: all threads worked on one product; else each on one of its own.
        gigaops: billions of multiplications and additions a second, the best of several rounds.
    """

    form: str
    rows: int
    inner: int
    columns: int
    together: bool
    gigaops: float


@dataclass(frozen=True, slots=True)
class Peaks:
    """The most that matrix products reached.

    Attributes:
        threads: at work at once.
        products: everything that was timed.
    """

    threads: int
    products: tuple[Product, ...]

    @property
    def int8(self) -> float:
        """Billions of operations a second of int8."""
        return self._best("int8")

    @property
    def float32(self) -> float:
        """Billions of operations a second of float32."""
        return self._best("float32")

    def best(self, other: Peaks) -> Peaks:
        """Each product's better figure of two measurements of the same products."""
        pairs = zip(self.products, other.products, strict=True)
        return Peaks(self.threads, tuple(max(pair, key=lambda p: p.gigaops) for pair in pairs))

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {"int8": self.int8, "float32": self.float32, **asdict(self)}

    def _best(self, kind: str) -> float:
        return max(p.gigaops for p in self.products if FORMS[p.form] == kind)


def measure_peaks(
    threads: int,
    *,
    shapes: Sequence[tuple[int, int, int]] = SHAPES,
    seconds: float = 0.2,
) -> Peaks:
    """Time products in onnxruntime, with threads on one product and each on its own.

    Args:
        threads: at work at once, 1 or more.
        shapes: rows, inner and columns.
        seconds: spent on each product; the best round of it counts.
    """
    found = []
    ways = (True,) if threads == 1 else (True, False)
    for form in FORMS:
        for shape in shapes:
            for together in ways:
                speed = _gigaops(form, shape, threads, together=together, seconds=seconds)
                found.append(Product(form, *shape, together, speed))
    return Peaks(threads, tuple(found))


def _gigaops(
    form: str, shape: tuple[int, int, int], threads: int, *, together: bool, seconds: float
) -> float:
    graph, operations = _graph(form, shape), 2.0 * shape[0] * shape[1] * shape[2]
    copies = 1 if together else threads
    runs = [_ready(graph, form, shape, threads if together else 1) for _ in range(copies)]
    once = max(min(_seconds(runs[0], 1) for _ in range(3)), 1e-7)
    times = max(1, round(seconds / 6 / once))
    best, end = float("inf"), time.perf_counter() + seconds
    with ThreadPoolExecutor(copies) as pool:
        while best == float("inf") or time.perf_counter() < end:
            began = time.perf_counter()
            list(pool.map(_seconds, runs, [times] * copies))
            best = min(best, time.perf_counter() - began)
    return operations * times * copies / best / 1e9


def _seconds(run: Run, times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        run()
    return time.perf_counter() - began


def _ready(graph: bytes, form: str, shape: tuple[int, int, int], threads: int) -> Run:
    """A session with its input, to be run again and again."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    given = (
        rng.integers(0, 256, shape[:2], dtype=np.uint8)
        if form == "MatMulInteger"
        else rng.standard_normal(shape[:2], dtype=np.float32)
    )
    return lambda: session.run(None, {"a": given})


def _graph(form: str, shape: tuple[int, int, int]) -> bytes:
    """An ONNX model that multiplies its input `a` with constant weights."""
    rows, inner, columns = shape
    rng = np.random.default_rng(1)
    whole = form == "MatMulInteger"
    weights = (
        rng.integers(-127, 128, (inner, columns), dtype=np.int8)
        if FORMS[form] == "int8"
        else rng.standard_normal((inner, columns), dtype=np.float32)
    )
    constants, names = [numpy_helper.from_array(weights, "b")], ["a", "b"]
    if form == "DynamicQuantizeMatMul":
        constants.append(numpy_helper.from_array(np.full(1, 0.01, np.float32), "scale"))
        names.append("scale")
    domain = "com.microsoft" if form == "DynamicQuantizeMatMul" else ""
    graph = helper.make_graph(
        [helper.make_node(form, names, ["y"], domain=domain)],
        form,
        [_value("a", TensorProto.UINT8 if whole else TensorProto.FLOAT, (rows, inner))],
        [_value("y", TensorProto.INT32 if whole else TensorProto.FLOAT, (rows, columns))],
        constants,
    )
    imports = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, ir_version=IR, opset_imports=imports)
    return bytes(model.SerializeToString())


def _value(name: str, kind: int, shape: tuple[int, int]) -> Any:
    return helper.make_tensor_value_info(name, kind, shape)
