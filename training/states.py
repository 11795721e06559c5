"""Encoder states of articles: computed once for a bundle, kept on disk, read by every epoch."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file

from data.digest import digest_articles
from data.encode import encode_articles
from data.records import LabelledArticle
from model.heads import StateReader
from sayso.bundle import Bundle, manifest_digest
from sayso.errors import UsageError

__all__ = ["encode_states"]

_LOG = logging.getLogger(__name__)
_STATES = "states"


def encode_states(
    bundle: Bundle, articles: Sequence[LabelledArticle], folder: Path
) -> Iterator[dict[str, Any]]:
    """Rows of `data.encode.encode_articles` with `states`, [tokens, width], of each article.

    Args:
        bundle: whose encoder reads them.
        articles: with their labels, which the states do not depend on.
        folder: where states are kept, a file for each text; asked again, none is computed twice.

    Raises:
        InputError: the bundle has several networks.
        UsageError: the folder cannot be written to.
    """
    place = folder / manifest_digest(bundle.folder)[:16]
    reader = StateReader(bundle)
    for number, article in enumerate(articles, 1):
        bare = LabelledArticle("", article.text, None, None, None, "", ())
        file = place / f"{digest_articles([bare])[:24]}.safetensors"
        states = _kept(file)
        if states is None:
            states = reader.states(reader.tokenizer(article.text))
            _keep(states, file)
        (row,) = encode_articles([article], reader.tokenizer)
        yield {**row, "states": states}
        if number % 50 == 0:
            _LOG.info("%d of %d articles read", number, len(articles))


def _kept(file: Path) -> npt.NDArray[np.float16] | None:
    """States that were kept; None if there are none, or a file was cut short."""
    try:
        states: npt.NDArray[np.float16] = load_file(file)[_STATES]
    except Exception:  # safetensors' own errors have no common base; whatever it is, compute anew
        return None
    return states


def _keep(states: npt.NDArray[np.float16], file: Path) -> None:
    fresh = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        save_file({_STATES: states}, fresh)
        os.replace(fresh, file)
    except OSError as error:
        raise UsageError(f"expected a folder for states, found {error}") from error
