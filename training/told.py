"""What a teacher's bundle says of articles: asked once, kept on disk, learnt from every epoch."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from data.digest import digest_articles
from data.encode import Told
from data.records import LabelledArticle
from sayso.decode import Attribution
from sayso.errors import InputError
from sayso.records import Article
from sayso.scorer import Scorer
from sayso.tokens import TextTokenizer

__all__ = ["ask"]

_LOG = logging.getLogger(__name__)

SURE = 1e-6
"""Least probability that a teacher's stance is taken for, so that its logarithm is bounded."""


def ask(
    teacher: Path,
    articles: Sequence[LabelledArticle],
    tokenizer: TextTokenizer,
    folder: Path,
) -> dict[str, Told]:
    """Have a bundle read every article once; what it says is kept in `folder`.

    Asked again, the same bundle is not run on an article whose answer is there.

    Args:
        teacher: the bundle's folder.
        articles: texts and the statements whose stance is asked for.
        tokenizer: the student's; it has to split texts where the teacher's does, whatever either
            calls its tokens.
        folder: where answers are kept, a file for each article.

    Returns:
        What is told, by article id.

    Raises:
        BundleError: the teacher is no whole bundle.
        InputError: the tokenizers split a text at different places.
    """
    scorer = Scorer.load(teacher)
    place = folder / scorer.model_id
    place.mkdir(parents=True, exist_ok=True)
    out = {}
    for number, article in enumerate(articles, 1):
        file = place / f"{digest_articles([article])[:24]}.safetensors"
        if not file.exists():
            _save(_answer(scorer, article, tokenizer), file)
        kept = load_file(file)
        out[article.id] = Told(kept["tags"], kept["stances"])
        if number % 200 == 0:
            _LOG.info("%d articles told", number)
    return out


def _answer(scorer: Scorer, article: LabelledArticle, tokenizer: TextTokenizer) -> Told:
    text = Article(article.id, article.text)
    spans = [Attribution(s.source, s.cue, s.content) for s in article.statements]
    heard = scorer.hear(text, spans)
    ours = tokenizer(article.text)
    if not np.array_equal(ours.starts, heard.starts):
        raise InputError(
            f"expected a teacher's tokenizer that splits texts as the student's does, found "
            f"{len(heard.starts)} tokens for {len(ours)} in article {article.id}, or others"
        )
    stances = np.log(np.maximum(heard.probabilities, SURE))
    return Told(heard.emissions.astype(np.float16), stances.astype(np.float16))


def _save(told: Told, file: Path) -> None:
    fresh = file.with_suffix(".tmp")
    save_file({"tags": told.tags, "stances": told.stances}, fresh)
    os.replace(fresh, file)
