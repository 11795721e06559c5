"""A trained network → the bundle that scoring loads: two ONNX graphs, tokenizer, settings."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from data.records import LABELS
from model.ensemble import Ensemble
from model.fused import FusedBert, can_fuse
from model.network import SaysoNetwork
from sayso.bundle import (
    BUNDLE_FORMAT,
    CONFIG,
    FILES,
    MANIFEST,
    MODEL,
    STANCE,
    TOKENIZER,
    WORDS,
    BundleConfig,
    load_bundle,
    read_manifest,
)
from sayso.encoder import INPUTS, OUTPUTS
from sayso.tags import LAYERS, TAGS

__all__ = ["Calibration", "export_bundle", "head_products", "recalibrate", "seal_bundle"]

OPSET = 18


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is fitted on held-out articles after training; the defaults change nothing."""

    temperature: float = 1.0
    bias: tuple[float, ...] = (0.0,) * len(LABELS)
    statement_threshold: float = 0.5
    confidences: tuple[float, ...] = ()


class _Plain(nn.Module):
    """The networks from word embeddings, with a tuple for output, as the exporter wants it.

    A window runs by itself, so that nothing is masked.
    """

    def __init__(self, ensemble: Ensemble) -> None:
        super().__init__()
        self.ensemble = copy.deepcopy(ensemble)
        for network in self.ensemble.members:
            if can_fuse(network.encoder):
                network.encoder = FusedBert(network.encoder)

    def forward(
        self, words: Tensor, shapes: Tensor, quotes: Tensor, breaks: Tensor
    ) -> tuple[Tensor, ...]:
        out = self.ensemble.from_words(words, None, shapes, quotes, breaks)
        return out.emissions, out.links, out.nulls, out.stances


class _Stance(nn.Module):
    """The stance heads, from pooled cues and contents."""

    def __init__(self, ensemble: Ensemble) -> None:
        super().__init__()
        self.ensemble = ensemble

    def forward(self, pooled: Tensor) -> Tensor:
        return self.ensemble.stance_scores(pooled)


def export_bundle(
    networks: Sequence[SaysoNetwork],
    folder: Path,
    *,
    name: str,
    tokenizer: Path,
    window_size: int,
    window_overlap: int = 64,
    calibration: Calibration | None = None,
    quantize: bool = True,
    manifest: Mapping[str, Any] | None = None,
) -> str:
    """Write a bundle, whole or not at all.

    Args:
        networks: trained, one or more that are averaged; left in evaluation mode.
        folder: where the bundle goes; replaced if it is there.
        name: the first part of the model's id.
        tokenizer: the encoder's `tokenizer.json`.
        window_size: most tokens of a window, special tokens not counted.
        window_overlap: fewest tokens that neighbouring windows share.
        calibration: of the stance scores.
        quantize: int8 weights, dynamically quantised activations; False keeps float32.
        manifest: more entries of the manifest: training run, data digests, metrics.

    Returns:
        The model's id: name, precision and the first digits of its files' digest.
    """
    fresh = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    ensemble = Ensemble(networks).eval()
    _export_graphs(ensemble, fresh)
    if quantize:
        for graph in (WORDS, MODEL):
            _quantize(fresh / graph)
    shutil.copyfile(tokenizer, fresh / TOKENIZER)
    config = _config(ensemble, window_size, window_overlap, calibration or Calibration())
    return seal_bundle(
        fresh, folder, config, f"{name}-{'int8' if quantize else 'float32'}", manifest or {}
    )


def recalibrate(folder: Path, calibration: Calibration) -> str:
    """Give a bundle another calibration; its graphs stay as they are.

    Args:
        folder: the bundle's, replaced as a whole.
        calibration: of its scores.

    Returns:
        The model's new id.

    Raises:
        BundleError: the folder is no whole bundle.
    """
    bundle = load_bundle(folder)
    fresh = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(folder, fresh)
    config = BundleConfig(**{**asdict(bundle.config), **asdict(calibration)})
    entries = dict(read_manifest(folder))
    for name in ("format", "model", "files"):
        del entries[name]
    return seal_bundle(fresh, folder, config, bundle.model.rpartition("-")[0], entries)


def seal_bundle(
    fresh: Path, folder: Path, config: BundleConfig, name: str, manifest: Mapping[str, Any]
) -> str:
    """Write settings and manifest beside a bundle's graphs, and put the folder in its place.

    Args:
        fresh: holds the graphs and the tokenizer; gone afterwards.
        folder: where the bundle goes; replaced if it is there.
        config: its settings.
        name: the first part of its id.
        manifest: more entries of the manifest.

    Returns:
        The model's id.
    """
    (fresh / CONFIG).write_text(json.dumps(asdict(config), indent=1) + "\n", encoding="utf-8")
    digests = {file: hashlib.sha256((fresh / file).read_bytes()).hexdigest() for file in FILES}
    whole = hashlib.sha256("".join(digests.values()).encode()).hexdigest()
    model = f"{name}-{whole[:8]}"
    entries = {"format": BUNDLE_FORMAT, "model": model, "files": digests, **manifest}
    (fresh / MANIFEST).write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    os.replace(fresh, folder)
    return model


def _config(ensemble: Ensemble, size: int, overlap: int, calibration: Calibration) -> BundleConfig:
    return BundleConfig(
        labels=LABELS,
        tags=TAGS,
        layers=LAYERS,
        window_size=size,
        window_overlap=overlap,
        transitions=[scores.tolist() for scores in ensemble.transitions()],  # type: ignore[arg-type]
        link_size=len(ensemble.members) * ensemble.config.link_size,
        link_distance=ensemble.distance().tolist(),  # type: ignore[arg-type]
        stance_size=ensemble.config.stance_size,
        members=len(ensemble.members),
        **asdict(calibration),
    )


@torch.no_grad()
def _export_graphs(ensemble: Ensemble, folder: Path) -> None:
    width = ensemble.members[0].emissions.in_features
    rows, batch, tokens = (torch.export.Dim(name) for name in ("rows", "batch", "tokens"))
    numbers = torch.ones(2, 16, dtype=torch.long)
    sizes: dict[str, Any] = {"input": {0: batch, 1: tokens}}
    _export(ensemble.words(), {"input": numbers}, sizes, ["words"], folder / WORDS)
    example = {name: numbers.clone() for name in INPUTS} | {"words": torch.zeros(2, 16, width)}
    shapes = {name: {0: batch, 1: tokens} for name in INPUTS}
    _export(_Plain(ensemble), example, shapes, list(OUTPUTS), folder / MODEL)
    pooled = torch.zeros(2, len(ensemble.members) * 2 * ensemble.config.stance_size)
    _export(
        _Stance(ensemble), {"pooled": pooled}, {"pooled": {0: rows}}, ["scores"], folder / STANCE
    )


def _export(
    module: nn.Module,
    example: Mapping[str, Tensor],
    shapes: Mapping[str, Any],
    outputs: list[str],
    path: Path,
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module.eval(),
            kwargs=dict(example),
            dynamo=True,
            dynamic_shapes=dict(shapes),
            input_names=["ids" if name == "input" else name for name in example],
            output_names=outputs,
            opset_version=OPSET,
            external_data=False,
            verbose=False,
        )
    assert program is not None
    proto = program.model_proto
    del proto.graph.value_info[:]
    proto.doc_string = ""
    for node in proto.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.save(proto, path)


def _quantize(path: Path) -> None:
    full = path.with_suffix(".float.onnx")
    os.replace(path, full)
    quantize_dynamic(
        full,
        path,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        nodes_to_exclude=head_products(onnx.load(full).graph),
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )
    full.unlink()


def head_products(graph: onnx.GraphProto) -> list[str]:
    """Names of products that no other product follows: the heads, which stay in float32."""
    products = ("MatMul", "Gemm")
    before: set[str] = set()
    heads = []
    for node in reversed(graph.node):
        if node.op_type in products and not before.intersection(node.output):
            heads.append(node.name)
        if node.op_type in products or before.intersection(node.output):
            before.update(node.input)
    return heads
