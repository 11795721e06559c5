"""Windows through the ONNX graph, and their outputs merged to one row a token of the text."""

from __future__ import annotations

import os
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sayso.bundle import MODEL, STANCE, WORDS, Bundle
from sayso.tokens import TextTokenizer, TokenizedText
from sayso.windows import Window, plan_windows

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

import onnxruntime

__all__ = ["INPUTS", "OUTPUTS", "Encoder", "TokenScores"]

FloatArray = npt.NDArray[np.float32]

INPUTS = ("words", "shapes", "quotes", "breaks")
"""The encoder's inputs: word embeddings float32 [windows, tokens, width], and int64 [windows,
tokens]; special tokens included."""

OUTPUTS = ("emissions", "links", "nulls", "stances")
"""The graph's outputs, each float32 [windows, tokens, width]."""


@dataclass(frozen=True, slots=True)
class TokenScores:
    """What the network says of each token of one text; see `model.network.TokenOutputs`.

    Attributes:
        emissions: [tokens, layers * tags].
        links: [tokens, 2 * links * link_size].
        nulls: [tokens, links].
        stances: [tokens, members * 2 * (stance_size + 1)].
    """

    emissions: FloatArray
    links: FloatArray
    nulls: FloatArray
    stances: FloatArray


class Encoder:
    """The bundle's graphs in onnxruntime, each run on the thread that asks for it.

    Several threads may ask at once: two runs on a core each are faster than one on two cores.

    Args:
        bundle: what to load.
        tokenizer: the bundle's.
        graph: a serialised graph that takes the place of the bundle's encoder, for `outputs`.
    """

    def __init__(
        self, bundle: Bundle, tokenizer: TextTokenizer, *, graph: bytes | None = None
    ) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        graphs = (bundle.folder / WORDS, graph or bundle.folder / MODEL, bundle.folder / STANCE)
        self._words, self._model, self._stance = (
            onnxruntime.InferenceSession(
                one if isinstance(one, bytes) else str(one),
                options,
                providers=["CPUExecutionProvider"],
            )
            for one in graphs
        )
        self._masked = any(entry.name == "mask" for entry in self._model.get_inputs())
        self._tokenizer = tokenizer
        self._config = bundle.config

    def encode(self, text: TokenizedText) -> TokenScores:
        """What the network says of each token of a text; see `outputs`."""
        return TokenScores(*self.outputs(text))

    def outputs(self, text: TokenizedText) -> list[FloatArray]:
        """Run every window of a text once, each by itself: the graph's outputs [tokens, width].

        Windows are not batched: int8 activations are scaled over all that runs together, so that
        a text's scores would depend on its neighbours; on a CPU batching them gains nothing.
        """
        widths = [int(output.shape[-1]) for output in self._model.get_outputs()]
        merged = [np.zeros((len(text), width), np.float32) for width in widths]
        size, overlap = self._config.window_size, self._config.window_overlap
        for window in plan_windows(len(text), size=size, overlap=overlap):
            low, high = window.core_start - window.start + 1, window.core_end - window.start + 1
            for whole, output in zip(merged, self._run(text, window), strict=True):
                whole[window.core_start : window.core_end] = output[0, low:high]
        return merged

    def stance_scores(self, pooled: FloatArray) -> FloatArray:
        """The stance heads, statement by statement, so that none depends on its neighbours.

        Args:
            pooled: [statements, members * 2 * stance_size], from `sayso.stance.pool`.

        Returns:
            Scores [statements, labels].
        """
        rows = [self._stance.run(None, {"pooled": row[None, :]})[0][0] for row in pooled]
        return np.array(rows, dtype=np.float32)

    def _vectors(self, ids: npt.NDArray[np.int32]) -> FloatArray:
        """Word embeddings [1, tokens + 2, width] of ids between the special tokens."""
        whole = np.concatenate([[self._tokenizer.cls_id], ids, [self._tokenizer.sep_id]])
        (words,) = self._words.run(None, {"ids": whole[None, :].astype(np.int64)})
        return np.asarray(words, dtype=np.float32)

    def _run(self, text: TokenizedText, window: Window) -> list[FloatArray]:
        """One window between its special tokens: each of the outputs as [1, tokens, width]."""
        inside = slice(window.start, window.end)
        inputs: dict[str, npt.NDArray[np.generic]] = {"words": self._vectors(text.ids[inside])}
        for name in ("shapes", "quotes", "breaks"):
            inputs[name] = np.pad(getattr(text, name)[inside], 1)[None, :].astype(np.int64)
        if self._masked:
            inputs["mask"] = np.ones((1, len(window) + 2), np.int64)
        outputs: list[FloatArray] = self._model.run(None, inputs)
        return outputs
