"""The fused encoder says what the plain one does, and an exported one can be trained again."""

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import MPNetConfig, MPNetModel

from model.export import export_bundle
from model.fused import can_fuse
from model.network import NetworkConfig, SaysoNetwork, keep_layers
from model.restore import restore_network
from sayso.bundle import DEFAULT_BUNDLE, MODEL, TOKENIZER, load_bundle
from sayso.encoder import Encoder
from sayso.errors import InputError
from sayso.tokens import TextTokenizer

TEXT = "“The gate was shut,” the clerk said.\n\nHis aide, who had the key, would not confirm it. "
SMALL = NetworkConfig(link_size=8, stance_size=8, stance_hidden=16)


@pytest.fixture(scope="module")
def network(tiny_encoder: Path) -> SaysoNetwork:
    """A tiny network whose biases and norms are not at their start, so that each matters."""
    torch.manual_seed(3)
    network = SaysoNetwork.pretrained(tiny_encoder, SMALL)
    with torch.no_grad():
        for name, value in network.named_parameters():
            if name.endswith("bias") or "LayerNorm" in name or "token_type" in name:
                value.add_(0.2 * torch.randn_like(value))
    return network.eval()


def bundle_of(network: SaysoNetwork, folder: Path, *, quantize: bool) -> Path:
    export_bundle(
        [network],
        folder,
        name="tiny",
        tokenizer=DEFAULT_BUNDLE / TOKENIZER,
        window_size=100,
        quantize=quantize,
    )
    return folder


def emissions(folder: Path, tokenizer: TextTokenizer) -> np.ndarray:
    return Encoder(load_bundle(folder), tokenizer).encode(tokenizer(TEXT)).emissions


def plain(network: SaysoNetwork, tokenizer: TextTokenizer) -> np.ndarray:
    tokens = tokenizer(TEXT)
    inputs = {"ids": [tokenizer.cls_id, *tokens.ids, tokenizer.sep_id]}
    inputs |= {name: [0, *getattr(tokens, name), 0] for name in ("shapes", "quotes", "breaks")}
    inputs["mask"] = [1] * len(inputs["ids"])
    with torch.no_grad():
        out = network(**{name: torch.tensor([values]) for name, values in inputs.items()})
    found: np.ndarray = out.emissions[0, 1:-1].numpy()
    return found


def test_fused_is_plain_up_to_rounding(
    network: SaysoNetwork, tmp_path: Path, tokenizer: TextTokenizer
) -> None:
    assert can_fuse(network.encoder)
    folder = bundle_of(network, tmp_path / "bundle", quantize=False)
    expected = plain(network, tokenizer)
    found = emissions(folder, tokenizer)
    assert np.abs(expected).max() > 0.1
    np.testing.assert_allclose(found, expected, atol=2e-5)
    graph = (folder / MODEL).read_bytes()
    assert all(name in graph for name in (b"MultiHeadAttention", b"SkipLayerNormalization"))


def test_an_exported_network_is_restored_exactly(
    network: SaysoNetwork, tmp_path: Path, tiny_encoder: Path, tokenizer: TextTokenizer
) -> None:
    folder = bundle_of(network, tmp_path / "bundle", quantize=False)
    again = SaysoNetwork.pretrained(tiny_encoder, SMALL)
    again.load_state_dict(restore_network(folder, 1), strict=False)
    np.testing.assert_allclose(plain(again.eval(), tokenizer), plain(network, tokenizer), atol=1e-5)


def test_heads_stay_in_float32(network: SaysoNetwork, tmp_path: Path) -> None:
    import onnx

    folder = bundle_of(network, tmp_path / "bundle", quantize=True)
    graph = onnx.load(folder / MODEL).graph
    plain_products = [node for node in graph.node if node.op_type == "MatMul"]
    assert len(plain_products) == 4
    assert sum(node.op_type == "MatMulInteger" for node in graph.node) == 4 * 2


def test_an_encoder_of_another_kind_is_exported_as_it_is() -> None:
    config = MPNetConfig(
        vocab_size=100, hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64,
    )  # fmt: skip
    assert not can_fuse(MPNetModel(config, add_pooling_layer=False))


def test_layers_are_dropped(tiny_encoder: Path, tokenizer: TextTokenizer) -> None:
    one, two = (SaysoNetwork.pretrained(tiny_encoder, SMALL).eval() for _ in range(2))
    two.load_state_dict(one.state_dict())
    keep_layers(two, [1])
    assert two.encoder.config.num_hidden_layers == 1  # type: ignore[union-attr]
    assert np.abs(plain(one, tokenizer) - plain(two, tokenizer)).max() > 1e-3
    first, last = (network.state_dict() for network in (one, two))
    name = "encoder.encoder.layer.{}.output.dense.weight"
    assert torch.equal(first[name.format(1)], last[name.format(0)])
    for wrong in ([1, 0], [0, 2], [-1], [0, 0]):
        with pytest.raises(InputError, match="expected layers among 0 to 1 in order"):
            keep_layers(one, wrong)
