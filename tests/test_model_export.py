"""Export: the graphs say what the network says, the folder is whole, its id names its content."""

from pathlib import Path

import numpy as np
import pytest
import torch

from data.loaders import load_gold
from model.export import Calibration, export_bundle
from model.marked import MarkedStance, MarkedText, collate_marked
from model.network import NetworkConfig, SaysoNetwork
from sayso.bundle import TOKENIZER, load_bundle
from sayso.decode import Attribution
from sayso.encoder import OUTPUTS, Encoder
from sayso.records import Span
from sayso.stance import surroundings
from sayso.tokens import TextTokenizer

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def network(tiny_encoder: Path) -> SaysoNetwork:
    """An untrained tiny network."""
    torch.manual_seed(3)
    config = NetworkConfig(link_size=8, stance_size=8, stance_hidden=16)
    return SaysoNetwork.pretrained(tiny_encoder, config).eval()


@pytest.fixture(scope="module")
def second(tiny_encoder: Path) -> MarkedStance:
    """An untrained second stage."""
    torch.manual_seed(4)
    return MarkedStance.pretrained(tiny_encoder).eval()


@pytest.fixture(scope="module")
def bundles(
    network: SaysoNetwork,
    second: MarkedStance,
    tiny_encoder: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[bool, Path]:
    """The network exported as float32 (False) and int8 (True)."""
    out = {}
    for quantize in (False, True):
        out[quantize] = tmp_path_factory.mktemp("export") / "bundle"
        export_bundle(
            network,
            out[quantize],
            name="tiny",
            tokenizer=tiny_encoder / TOKENIZER,
            second=second,
            share=0.7,
            window_size=60,
            window_overlap=20,
            calibration=Calibration(temperature=1.5, statement_threshold=0.4),
            quantize=quantize,
        )
    return out


def test_graphs_equal_the_networks(
    network: SaysoNetwork, second: MarkedStance, bundles: dict[bool, Path]
) -> None:
    bundle = load_bundle(bundles[False])
    tokenizer = TextTokenizer.load(bundle.folder / TOKENIZER)
    tokens = tokenizer(load_gold()[0].text[:200])
    assert len(tokens) <= 60
    encoder = Encoder(bundle, tokenizer, threads=1)
    found = encoder.encode(tokens)
    rows = {
        "ids": [tokenizer.cls_id, *tokens.ids, tokenizer.sep_id],
        **{n: [0, *getattr(tokens, n), 0] for n in ("shapes", "quotes", "breaks")},
    }
    inputs = {name: torch.tensor([values]) for name, values in rows.items()}
    inputs["mask"] = torch.ones_like(inputs["ids"])
    with torch.no_grad():
        expected = network(**inputs)
    for name in OUTPUTS:
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name)[0, 1:-1].numpy(), atol=1e-4
        )
    marked = surroundings(tokens, Attribution((), (Span(20, 24),), (Span(30, 60),)))
    pooled = torch.randn(1, 16)
    text = MarkedText(tuple(tokens.ids[marked[0]].tolist()), tuple(marked[1].tolist()))
    with torch.no_grad():
        first = network.stance_head(pooled).log_softmax(1)
        other = second(*collate_marked([text], tokenizer)).log_softmax(1)
    scores = encoder.stance_scores(tokens, pooled.numpy(), [marked])
    np.testing.assert_allclose(scores, (0.3 * first + 0.7 * other).numpy(), atol=1e-4)


def test_stages_with_other_words_do_not_go_together(
    network: SaysoNetwork, tiny_encoder: Path, tmp_path: Path
) -> None:
    other = MarkedStance.pretrained(tiny_encoder)
    torch.nn.init.normal_(other.encoder.get_input_embeddings().weight)  # type: ignore[operator]
    with pytest.raises(ValueError, match="share their word embeddings"):
        export_bundle(
            network,
            tmp_path / "bundle",
            name="tiny",
            tokenizer=tiny_encoder / TOKENIZER,
            second=other,
            window_size=60,
        )


def test_int8_is_near_and_smaller(bundles: dict[bool, Path]) -> None:
    outputs = []
    for path in bundles.values():
        bundle = load_bundle(path)
        tokenizer = TextTokenizer.load(bundle.folder / TOKENIZER)
        scores = Encoder(bundle, tokenizer, threads=1).encode(tokenizer("He said so. " * 40))
        outputs.append(scores.emissions)
    assert not np.array_equal(outputs[0], outputs[1])
    assert np.corrcoef(outputs[0].ravel(), outputs[1].ravel())[0, 1] > 0.98
    sizes = [(path / "model.onnx").stat().st_size for path in bundles.values()]
    assert sizes[1] < 0.6 * sizes[0]


def test_id_names_content(
    network: SaysoNetwork, second: MarkedStance, bundles: dict[bool, Path], tmp_path: Path
) -> None:
    bundle = load_bundle(bundles[True])
    assert bundle.model.startswith("tiny-int8-")
    assert bundle.config.temperature == 1.5
    assert bundle.config.statement_threshold == 0.4
    again = export_bundle(
        network,
        tmp_path / "again",
        name="tiny",
        tokenizer=bundle.folder / TOKENIZER,
        second=second,
        share=0.7,
        window_size=60,
        window_overlap=20,
        calibration=Calibration(temperature=1.5, statement_threshold=0.4),
    )
    assert again == bundle.model, "the same network exports to the same bytes"
