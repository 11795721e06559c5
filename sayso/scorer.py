"""`Scorer`: articles in, statements out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sayso.bundle import TOKENIZER, Bundle, load_bundle
from sayso.decode import Attribution, decode, token_range
from sayso.encoder import Encoder, TokenScores
from sayso.form import form_of
from sayso.processors import usable_processors
from sayso.records import STANCES, Article, Statement, join_pieces
from sayso.sources import Mention, Resolution, resolve_sources
from sayso.stance import calibrated, least_confidence, pool
from sayso.tokens import TextTokenizer, TokenizedText
from sayso.windows import plan_parts

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Heard", "ScoredArticle", "Scorer"]


AHEAD = 2
"""Articles taken ahead for each thread, so that none waits for the next one to be read."""

LONGEST_PART = 16_384
"""Most tokens that are scored together; a longer text is parted, which bounds memory."""


@dataclass(frozen=True, slots=True)
class ScoredArticle:
    """An article and the statements found in it, in reading order."""

    article: Article
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a network says of a text, before anything is decided.

    Attributes:
        starts: [tokens] where each token begins.
        emissions: [tokens, layers * tags] scores of `sayso.tags.TAGS`, layer after layer.
        probabilities: [attributions, 5] of the stance of given attributions, as `classify` gives.
    """

    starts: npt.NDArray[np.int32]
    emissions: npt.NDArray[np.float32]
    probabilities: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Part:
    """Tokens `[low, high)` of a text and what the encoder says of them."""

    low: int
    high: int
    tokens: TokenizedText
    scores: TokenScores


@dataclass(frozen=True, slots=True)
class _Read:
    """A text's tokens, and its parts in order."""

    tokens: TokenizedText
    parts: list[_Part]


class Scorer:
    """Finds and labels every attributed statement of articles.

    Args:
        bundle: the model.
        threads: articles that are read at once, each on a core; None for all usable cores.
        threshold: least `p_statement` of a statement that is kept; 0 keeps all, None takes the
            bundle's own.
        abstain: share of statements, the least sure ones, whose stance is left out, in [0, 1);
            the probability that this takes was measured on held-out articles.

    Raises:
        UsageError: `abstain` is out of range, or the bundle does not say how sure to be.
    """

    def __init__(
        self,
        bundle: Bundle,
        *,
        threads: int | None = None,
        threshold: float | None = None,
        abstain: float = 0.0,
    ) -> None:
        self._config = bundle.config
        self._tokenizer = TextTokenizer.load(bundle.folder / TOKENIZER)
        self._encoder = Encoder(bundle, self._tokenizer)
        self._threads = usable_processors() if threads is None else threads
        self.model_id = bundle.model
        self.threshold = bundle.config.statement_threshold if threshold is None else threshold
        self._least = least_confidence(bundle.config, abstain)

    @classmethod
    def load(
        cls,
        path: Path | str | None = None,
        *,
        threads: int | None = None,
        threshold: float | None = None,
        abstain: float = 0.0,
    ) -> Scorer:
        """Load a bundle folder, or the one that ships with the package.

        Raises:
            BundleError: the folder is no whole bundle of a version this sayso can read.
            UsageError: `abstain` is out of range, or the bundle does not say how sure to be.
        """
        return cls(load_bundle(path), threads=threads, threshold=threshold, abstain=abstain)

    def score(self, articles: Iterable[Article]) -> Iterator[Statement]:
        """Stream the statements of articles, in input order and then in reading order."""
        for scored in self.score_each(articles):
            yield from scored.statements

    def score_each(self, articles: Iterable[Article]) -> Iterator[ScoredArticle]:
        """Stream each article with its statements, articles without one included.

        With several threads a few articles more than were yielded have been taken.
        """
        if self._threads == 1:
            for article in articles:
                yield self._scored(article)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            waiting: deque[Future[ScoredArticle]] = deque()
            try:
                for article in articles:
                    waiting.append(pool.submit(self._scored, article))
                    if len(waiting) > AHEAD * self._threads:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def score_table(self, table: pa.Table) -> pa.Table:
        """Score an Arrow table with columns `id` and `text` (and `title`, `outlet`, `published`,
        `url`, if any) to a table of statements.

        Raises:
            InputError: a column is missing or a value is not of its type.
        """
        from sayso.table import articles_from_table, statements_to_table

        return statements_to_table(list(self.score(articles_from_table(table))))

    def hear(self, article: Article, attributions: Sequence[Attribution]) -> Heard:
        """What the network itself says of an article, for another one to learn from.

        Args:
            article: whose text is read.
            attributions: whose stance is asked for.
        """
        read = self._read(article)
        emissions = [part.scores.emissions for part in read.parts]
        return Heard(
            read.tokens.starts,
            np.concatenate(emissions) if emissions else np.zeros((0, 0), np.float32),
            self._classified(read, attributions),
        )

    def classify(
        self, article: Article, attributions: Sequence[Attribution]
    ) -> npt.NDArray[np.float64]:
        """Calibrated probabilities of the five labels for attributions that are given.

        Returns:
            [attributions, 5]: the four of `STANCES`, then `NONE`; rows sum to 1.
        """
        return self._classified(self._read(article), attributions)

    def count_tokens(self, text: str) -> int:
        """How many tokens the encoder sees in `text`, overlaps not counted."""
        return len(self._tokenizer(text))

    def _probabilities(
        self, tokens: TokenizedText, scores: TokenScores, attributions: Sequence[Attribution]
    ) -> npt.NDArray[np.float64]:
        pooled = pool(tokens, scores.stances, attributions, self._config)
        return calibrated(self._encoder.stance_scores(pooled), self._config)

    def _scored(self, article: Article) -> ScoredArticle:
        return ScoredArticle(article, self._statements(article))

    def _read(self, article: Article) -> _Read:
        """Tokenize a text and encode it, part by part."""
        tokens = self._tokenizer(article.text)
        parts = []
        for low, high in plan_parts(tokens.breaks.tolist(), longest=LONGEST_PART):
            part = tokens.part(low, high)
            parts.append(_Part(low, high, part, self._encoder.encode(part)))
        return _Read(tokens, parts)

    def _classified(
        self, read: _Read, attributions: Sequence[Attribution]
    ) -> npt.NDArray[np.float64]:
        out = np.zeros((len(attributions), len(self._config.labels)))
        firsts = [_first(read.tokens, item) for item in attributions]
        for part in read.parts:
            mine = [n for n, at in enumerate(firsts) if part.low <= at < part.high]
            if mine:
                chosen = [attributions[n] for n in mine]
                out[mine] = self._probabilities(part.tokens, part.scores, chosen)
        return out

    def _statements(self, article: Article) -> tuple[Statement, ...]:
        read = self._read(article)
        found: list[Attribution] = []
        rows: list[npt.NDArray[np.float64]] = []
        for part in read.parts:
            base = len(found)
            new = decode(part.tokens, part.scores, self._config)
            if new:
                rows.extend(self._probabilities(part.tokens, part.scores, new))
            found += [a if a.parent is None else replace(a, parent=a.parent + base) for a in new]
        kept = [n for n, row in enumerate(rows) if 1 - row[-1] >= self.threshold]
        resolved = resolve_sources(
            article.text, [Mention(a.source, a.cue, a.content, a.parent) for a in found]
        )
        names = {number: f"{article.id}#{place}" for place, number in enumerate(kept)}
        return tuple(
            self._statement(article, read.tokens, found[n], n, names, rows[n], resolved[n])
            for n in kept
        )

    def _statement(
        self,
        article: Article,
        tokens: TokenizedText,
        attribution: Attribution,
        number: int,
        names: dict[int, str],
        row: npt.NDArray[np.float64],
        resolution: Resolution,
    ) -> Statement:
        four = row[:-1] / row[:-1].sum()
        parent = attribution.parent
        return Statement(
            article_id=article.id,
            statement_id=names[number],
            source_spans=attribution.source,
            cue_spans=attribution.cue,
            content_spans=attribution.content,
            source_text=join_pieces(article.text, attribution.source),
            cue_text=join_pieces(article.text, attribution.cue),
            content_text=join_pieces(article.text, attribution.content),
            form=form_of(tokens, attribution.content),
            stance=STANCES[int(four.argmax())] if four.max() >= self._least else None,
            p_assertion=float(four[0]),
            p_denial=float(four[1]),
            p_hedge=float(four[2]),
            p_speculation=float(four[3]),
            p_statement=float(1 - row[-1]),
            source_entity=resolution.entity,
            source_kind=resolution.kind,
            parent_id=None if parent is None else names.get(parent),
            outlet=article.outlet,
            published=article.published,
            model=self.model_id,
        )


def _first(tokens: TokenizedText, attribution: Attribution) -> int:
    """The token that an attribution's content begins with, or its first span's."""
    spans = attribution.content or attribution.cue or attribution.source
    return token_range(tokens, spans[0])[0] if spans else 0
