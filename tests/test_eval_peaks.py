"""Peaks of matrix products, operations counted from graphs, and what inference reaches."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode
from transformers import BertConfig

from eval.achieved import measure_achieved
from eval.bench import articles_of
from eval.operations import GraphOperations, count_operations
from eval.peaks import FORMS, Peaks, Product, measure_peaks
from eval.rival import load_rival
from eval.timed import BenchError
from model.network import NetworkConfig
from sayso.bundle import DEFAULT_BUNDLE, MODEL, STANCE, WORDS, load_bundle
from sayso.errors import InputError
from sayso.records import Article
from sayso.scorer import Scorer

TOKENS = 96


@pytest.mark.parametrize("threads", [1, 2])
def test_every_form_is_timed_in_every_way(threads: int) -> None:
    found = measure_peaks(threads, shapes=((32, 48, 64),), seconds=0.01)
    assert [(p.form, p.rows, p.inner, p.columns) for p in found.products[::threads]] == [
        (form, 32, 48, 64) for form in FORMS
    ]
    assert {p.together for p in found.products} == ({True} if threads == 1 else {True, False})
    assert all(0.001 < p.gigaops < 100_000 for p in found.products)


def test_the_best_of_two_measurements_is_kept() -> None:
    def peaks(*speeds: float) -> Peaks:
        rows = zip(FORMS, speeds, strict=True)
        return Peaks(1, tuple(Product(form, 8, 8, 8, True, speed) for form, speed in rows))

    best = peaks(10.0, 30.0, 7.0).best(peaks(20.0, 25.0, 5.0))
    assert [p.gigaops for p in best.products] == [20.0, 30.0, 7.0]
    assert (best.int8, best.float32) == (30.0, 7.0)
    assert best.to_dict()["int8"] == 30.0


@pytest.mark.filterwarnings("ignore")
def test_operations_are_those_that_torch_counts(tmp_path: Path) -> None:
    bundle = load_bundle(DEFAULT_BUNDLE)
    ours = count_operations(bundle.folder / MODEL).of((1, TOKENS, 384)).all
    BertConfig(hidden_size=384, intermediate_size=1536).save_pretrained(tmp_path)
    model = load_rival(bundle, str(tmp_path)).model
    numbers = torch.ones(1, TOKENS, dtype=torch.long)
    layout = dict.fromkeys(("shapes", "quotes", "breaks"), numbers)
    plain = sdpa_kernel(SDPBackend.MATH)
    with FlopCounterMode(display=False) as counter, torch.no_grad(), plain:
        model(input_ids=numbers, attention_mask=numbers, **layout)
    assert ours == pytest.approx(counter.get_total_flops(), rel=1e-6)


def test_graphs_without_attention() -> None:
    words = count_operations(DEFAULT_BUNDLE / WORDS)
    assert words.of((1, TOKENS)).all == 0
    stance = count_operations(DEFAULT_BUNDLE / STANCE)
    assert (stance.layers, stance.flat) == (0, True)
    config = load_bundle(DEFAULT_BUNDLE).config
    hidden = NetworkConfig().stance_hidden
    each = 2 * config.stance_size * hidden + hidden * len(config.labels)
    width = 2 * config.stance_size * config.members
    assert stance.of((3, width)).all == 2 * 3 * config.members * each


def test_a_fused_attention_counts_as_two_products() -> None:
    words = helper.make_tensor_value_info("words", TensorProto.FLOAT, ["b", "t", 8])
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["b", "t", 24])
    weights = helper.make_tensor("w", TensorProto.INT8, [8, 24], bytes(192), raw=True)
    nodes = [
        helper.make_node("MultiHeadAttention", ["words"] * 3, ["h"], domain="com.microsoft"),
        helper.make_node("MatMulInteger", ["h", "w"], ["y"]),
    ]
    graph = helper.make_graph(nodes, "g", [words], [out], [weights])
    found = count_operations(helper.make_model(graph).SerializeToString())
    assert found == GraphOperations(192, 0, 16, 1, flat=False)
    assert found.of((2, 10, 8)).int8 == 2 * 20 * 192
    assert found.of((2, 10, 8)).float32 == 2 * 2 * 100 * 16


def test_what_is_no_graph_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.onnx").write_bytes(b"no graph")
    with pytest.raises(InputError, match="expected an ONNX graph"):
        count_operations(tmp_path / "bad.onnx")


def test_inference_is_part_of_the_pass_and_its_windows_are_counted() -> None:
    plain = onnxruntime.InferenceSession
    articles = [Article(**row) for row in articles_of(2, words=60)]
    found = measure_achieved(articles, model=None, threads=1, rounds=1)
    assert onnxruntime.InferenceSession is plain
    assert found.windows == 2
    assert 0 < found.inference_seconds <= found.covered_seconds * 1.001 <= found.seconds
    scorer, graph = Scorer.load(), count_operations(DEFAULT_BUNDLE / MODEL)
    shapes = [(1, scorer.count_tokens(a.text) + 2, 384) for a in articles]
    least = sum(graph.of(shape).all for shape in shapes)
    whole = found.int8_operations + found.float32_operations
    assert least <= whole < 1.05 * least
    assert found.gigaops >= found.pipeline_gigaops > 0


def test_sessions_that_are_not_seen_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def score_each(self, articles: object) -> list[object]:
            return []

    monkeypatch.setattr("eval.achieved.Scorer.load", lambda *_, **__: Silent())
    with pytest.raises(BenchError, match="expected runs of the network"):
        measure_achieved([Article("1", "x")], model=None, threads=1)
