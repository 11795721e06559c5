"""Export: the graphs say what the networks say, the folder is whole, its id names its content."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from data.loaders import load_gold
from model.ensemble import Ensemble
from model.export import Calibration, export_bundle, recalibrate
from model.network import NetworkConfig, SaysoNetwork, TokenOutputs
from model.restore import restore_weights
from sayso.bundle import MODEL, STANCE, TOKENIZER, load_bundle
from sayso.encoder import OUTPUTS, Encoder
from sayso.errors import InputError
from sayso.tokens import TextTokenizer, TokenizedText

pytestmark = pytest.mark.filterwarnings("ignore")

SIZES = NetworkConfig(link_size=8, stance_size=8, stance_hidden=16)
CALIBRATION = Calibration(temperature=1.5, statement_threshold=0.4)


@pytest.fixture(scope="module")
def networks(tiny_encoder: Path) -> list[SaysoNetwork]:
    """Two untrained tiny networks that share their word embeddings and nothing else."""
    out = []
    for seed in (3, 4):
        torch.manual_seed(seed)
        network = SaysoNetwork.pretrained(tiny_encoder, SIZES).eval()
        for name, value in network.named_parameters():
            if "word_embeddings" not in name:
                torch.nn.init.normal_(value, std=0.05)
        out.append(network)
    return out


def _export(networks: Sequence[SaysoNetwork], folder: Path, encoder: Path, quantize: bool) -> str:
    return export_bundle(
        networks,
        folder,
        name="tiny",
        tokenizer=encoder / TOKENIZER,
        window_size=60,
        window_overlap=20,
        calibration=CALIBRATION,
        quantize=quantize,
    )


@pytest.fixture(scope="module")
def bundles(
    networks: list[SaysoNetwork], tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[bool, Path]:
    """Both networks exported as float32 (False) and int8 (True)."""
    out = {}
    for quantize in (False, True):
        out[quantize] = tmp_path_factory.mktemp("export") / "bundle"
        _export(networks, out[quantize], tiny_encoder, quantize)
    return out


def _outputs(
    network: torch.nn.Module, tokenizer: TextTokenizer, text: TokenizedText
) -> TokenOutputs:
    rows = {
        "ids": [tokenizer.cls_id, *text.ids, tokenizer.sep_id],
        **{n: [0, *getattr(text, n), 0] for n in ("shapes", "quotes", "breaks")},
    }
    inputs = {name: torch.tensor([values]) for name, values in rows.items()}
    inputs["mask"] = torch.ones_like(inputs["ids"])
    with torch.no_grad():
        out: TokenOutputs = network(**inputs)
    return out


def test_graphs_equal_the_networks(networks: list[SaysoNetwork], bundles: dict[bool, Path]) -> None:
    bundle = load_bundle(bundles[False])
    tokenizer = TextTokenizer.load(bundle.folder / TOKENIZER)
    tokens = tokenizer(load_gold()[0].text[:200])
    assert len(tokens) <= 60
    encoder = Encoder(bundle, tokenizer)
    found = encoder.encode(tokens)
    expected = _outputs(Ensemble(networks), tokenizer, tokens)
    for name in OUTPUTS:
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name)[0, 1:-1].numpy(), atol=1e-4
        )
    pooled = torch.randn(3, 2 * 16)
    with torch.no_grad():
        parts = torch.split(pooled, 16, dim=1)
        heads = [n.stance_head(p) for n, p in zip(networks, parts, strict=True)]
    mean = torch.stack([head.log_softmax(1) for head in heads]).mean(0)
    np.testing.assert_allclose(encoder.stance_scores(pooled.numpy()), mean.numpy(), atol=1e-4)


def test_an_ensemble_averages_its_members(
    networks: list[SaysoNetwork], tokenizer: TextTokenizer
) -> None:
    tokens = tokenizer(load_gold()[1].text[:200])
    ones = [_outputs(network, tokenizer, tokens) for network in networks]
    both = _outputs(Ensemble(networks), tokenizer, tokens)
    torch.testing.assert_close(both.emissions, (ones[0].emissions + ones[1].emissions) / 2)
    torch.testing.assert_close(both.nulls, (ones[0].nulls + ones[1].nulls) / 2)

    def link_scores(out: TokenOutputs, size: int, link: int) -> torch.Tensor:
        query = out.links[0, :, 2 * link * size : (2 * link + 1) * size]
        key = out.links[0, :, (2 * link + 1) * size : (2 * link + 2) * size]
        scores: torch.Tensor = query @ key.T / size**0.5
        return scores

    for link in range(2):
        mean = (link_scores(ones[0], 8, link) + link_scores(ones[1], 8, link)) / 2
        torch.testing.assert_close(link_scores(both, 16, link), mean)


def test_one_network_is_an_ensemble_too(
    networks: list[SaysoNetwork], tokenizer: TextTokenizer
) -> None:
    tokens = tokenizer(load_gold()[1].text[:200])
    one, alone = (_outputs(n, tokenizer, tokens) for n in (networks[0], Ensemble(networks[:1])))
    for name in OUTPUTS:
        torch.testing.assert_close(getattr(one, name), getattr(alone, name))


def test_members_that_do_not_go_together(tiny_encoder: Path, networks: list[SaysoNetwork]) -> None:
    with pytest.raises(ValueError, match="one network or more, found none"):
        Ensemble([])
    wider = SaysoNetwork.pretrained(tiny_encoder, NetworkConfig(link_size=16, stance_size=8))
    with pytest.raises(ValueError, match="expected members of"):
        Ensemble([networks[0], wider])
    other = SaysoNetwork.pretrained(tiny_encoder, SIZES)
    torch.nn.init.normal_(other.encoder.get_input_embeddings().weight)  # type: ignore[operator]
    with pytest.raises(ValueError, match="share their word embeddings"):
        Ensemble([networks[0], other])


def test_int8_is_near_and_smaller(bundles: dict[bool, Path]) -> None:
    outputs = []
    for path in bundles.values():
        bundle = load_bundle(path)
        tokenizer = TextTokenizer.load(bundle.folder / TOKENIZER)
        scores = Encoder(bundle, tokenizer).encode(tokenizer("He said so. " * 40))
        outputs.append(scores.emissions)
    assert not np.array_equal(outputs[0], outputs[1])
    assert np.corrcoef(outputs[0].ravel(), outputs[1].ravel())[0, 1] > 0.98
    sizes = [(path / MODEL).stat().st_size for path in bundles.values()]
    assert sizes[1] < 0.8 * sizes[0]


def test_id_names_content(
    networks: list[SaysoNetwork], bundles: dict[bool, Path], tiny_encoder: Path, tmp_path: Path
) -> None:
    bundle = load_bundle(bundles[True])
    assert bundle.model.startswith("tiny-int8-")
    assert (bundle.config.temperature, bundle.config.statement_threshold) == (1.5, 0.4)
    assert bundle.config.members == 2
    again = _export(networks, tmp_path / "again", tiny_encoder, True)
    assert again == bundle.model, "the same networks export to the same bytes"


def test_another_calibration_is_as_if_exported_with_it(
    networks: list[SaysoNetwork], bundles: dict[bool, Path], tiny_encoder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "bundle"
    shutil.copytree(bundles[True], folder)
    other = recalibrate(folder, Calibration(temperature=2.0))
    assert load_bundle(folder).model == other != load_bundle(bundles[True]).model
    assert load_bundle(folder).config.temperature == 2.0
    assert recalibrate(folder, CALIBRATION) == load_bundle(bundles[True]).model
    for file in bundles[True].iterdir():
        assert (folder / file.name).read_bytes() == file.read_bytes(), file.name


@pytest.mark.parametrize("quantize", [False, True])
def test_weights_come_back_from_a_bundle(
    networks: list[SaysoNetwork], bundles: dict[bool, Path], quantize: bool
) -> None:
    found = restore_weights(bundles[quantize] / MODEL) | restore_weights(bundles[quantize] / STANCE)
    names = 0
    for number, network in enumerate(networks):
        for name, value in network.state_dict().items():
            weight = found.get(f"ensemble.networks.{number}.{name}")
            if weight is None:
                continue
            names += 1
            if "token_type" in name:
                assert not weight.any(), "the positions hold it"
                continue
            if "position_embeddings" in name:
                kinds = network.encoder.embeddings.token_type_embeddings  # type: ignore[union-attr]
                value = value + kinds.weight[0]  # type: ignore[index,union-attr]
            assert weight.shape == value.shape, name
            step = value.abs().max() / 32 if quantize else 1e-6
            assert (weight - value).abs().max() <= step, name
    assert names == 2 * 51, "all but word embeddings, transitions and distances"


def test_what_is_no_graph_is_said(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(InputError, match="expected an ONNX graph"):
        restore_weights(tmp_path / "model.onnx")
