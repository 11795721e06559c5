"""Windows through the ONNX graph, and their outputs merged to one row a token of the text."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.bundle import MODEL, STANCE, Bundle
from sayso.tokens import TextTokenizer, TokenizedText
from sayso.windows import Window, plan_windows

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime

__all__ = ["INPUTS", "OUTPUTS", "Encoder", "TokenScores"]

FloatArray = npt.NDArray[np.float32]

INPUTS = ("ids", "mask", "shapes", "quotes", "breaks")
"""The graph's inputs, each int64 [windows, tokens], special tokens included."""

OUTPUTS = ("emissions", "links", "nulls", "stances")
"""The graph's outputs, each float32 [windows, tokens, width]."""

BATCH_TOKENS = 4096
"""Most padded tokens of a batch; fitted to two cores and their caches."""


@dataclass(frozen=True, slots=True)
class TokenScores:
    """What the network says of each token of one text; see `model.network.TokenOutputs`.

    Attributes:
        emissions: [tokens, layers * tags].
        links: [tokens, 2 * links * link_size].
        nulls: [tokens, links].
        stances: [tokens, 2 * (stance_size + 1)].
    """

    emissions: FloatArray
    links: FloatArray
    nulls: FloatArray
    stances: FloatArray


class Encoder:
    """The bundle's two graphs in onnxruntime.

    Args:
        bundle: what to load.
        tokenizer: the bundle's.
        threads: of one inference; None for onnxruntime's choice.
    """

    def __init__(
        self, bundle: Bundle, tokenizer: TextTokenizer, *, threads: int | None = None
    ) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if threads is not None:
            options.intra_op_num_threads = threads
        providers = ["CPUExecutionProvider"]
        self._model = onnxruntime.InferenceSession(
            str(bundle.folder / MODEL), options, providers=providers
        )
        self._stance = onnxruntime.InferenceSession(
            str(bundle.folder / STANCE), options, providers=providers
        )
        self._tokenizer = tokenizer
        self._config = bundle.config

    def encode(self, texts: Sequence[TokenizedText]) -> list[TokenScores]:
        """Run every window of every text once, like lengths together.

        Returns:
            One `TokenScores` a text, in order; texts without tokens get empty arrays.
        """
        size, overlap = self._config.window_size, self._config.window_overlap
        planned = [
            (number, window)
            for number, text in enumerate(texts)
            for window in plan_windows(len(text), size=size, overlap=overlap)
        ]
        planned.sort(key=lambda item: (len(item[1]), item[0], item[1].start))
        widths = [int(output.shape[-1]) for output in self._model.get_outputs()]
        merged = [
            TokenScores(*(np.zeros((len(text), width), np.float32) for width in widths))
            for text in texts
        ]
        for batch in _batches(planned):
            outputs = self._run([(texts[number], window) for number, window in batch])
            for row, (number, window) in enumerate(batch):
                _keep_core(merged[number], window, [output[row] for output in outputs])
        return merged

    def stance_scores(self, pooled: FloatArray) -> FloatArray:
        """Pooled cue and content [statements, 2 * stance_size] → scores [statements, labels]."""
        (scores,) = self._stance.run(None, {"pooled": pooled})
        return np.asarray(scores, dtype=np.float32)

    def _run(self, items: Sequence[tuple[TokenizedText, Window]]) -> list[FloatArray]:
        longest = max(len(window) for _, window in items) + 2
        inputs = {name: np.zeros((len(items), longest), np.int64) for name in INPUTS}
        inputs["ids"].fill(self._tokenizer.pad_id)
        for row, (text, window) in enumerate(items):
            end = len(window) + 1
            inputs["ids"][row, 0] = self._tokenizer.cls_id
            inputs["ids"][row, end] = self._tokenizer.sep_id
            inputs["mask"][row, : end + 1] = 1
            for name in ("ids", "shapes", "quotes", "breaks"):
                inputs[name][row, 1:end] = getattr(text, name)[window.start : window.end]
        outputs: list[FloatArray] = self._model.run(list(OUTPUTS), inputs)
        return outputs


def _keep_core(scores: TokenScores, window: Window, outputs: Sequence[FloatArray]) -> None:
    low = window.core_start - window.start + 1
    high = window.core_end - window.start + 1
    for name, output in zip(OUTPUTS, outputs, strict=True):
        getattr(scores, name)[window.core_start : window.core_end] = output[low:high]


def _batches(
    planned: Sequence[tuple[int, Window]],
) -> Iterator[list[tuple[int, Window]]]:
    """Windows in order, at most `BATCH_TOKENS` padded tokens together."""
    batch: list[tuple[int, Window]] = []
    for item in planned:
        if batch and (len(item[1]) + 2) * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch
