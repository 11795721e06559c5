"""What workers are given to do: some articles in a row, packed, with what is known of a shard."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from sayso.records import Article
from sayso.rejects import Reject

__all__ = ["Closing", "Item", "Stood", "Task", "pack_article", "unpack_articles"]


@dataclass(frozen=True, slots=True)
class Item:
    """An article on its way to a worker.

    Attributes:
        id: the article's.
        file: where it stands, as given; `-` for standard input.
        line: line or row, from 1; None for a whole file.
        packed: all of its fields, as `pack_article` gives them.
    """

    id: str
    file: str
    line: int | None
    packed: bytes


@dataclass(frozen=True, slots=True)
class Stood:
    """A reject and where it stood in its shard.

    Attributes:
        place: articles of the shard before it, doubled; one more if it is itself the article that
            follows them. So places sort as the input does.
        reject: what was not scored.
    """

    place: int
    reject: Reject

    @property
    def scored(self) -> bool:
        """Whether an article was read but could not be scored."""
        return self.place % 2 == 1


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a shard, known once the first article after it was read.

    Attributes:
        articles: read in its range.
        digest: SHA-256 over all that was read in its range, rejects included.
        done: it was finished before, and nothing of it is to be scored.
    """

    articles: int
    digest: str
    done: bool


@dataclass(frozen=True, slots=True)
class Task:
    """Articles that follow one another in a shard; none where only its end is told.

    Attributes:
        shard: its number, from 0.
        first: articles of the shard before these.
        items: the articles.
        rejects: what the reader rejected since the task before.
        closing: the shard's end, if this is its last task.
    """

    shard: int
    first: int
    items: tuple[Item, ...] = ()
    rejects: tuple[Stood, ...] = ()
    closing: Closing | None = None

    @property
    def size(self) -> int:
        """Bytes of the articles."""
        return sum(len(item.packed) for item in self.items)

    def part(self, start: int, stop: int) -> Task:
        """The articles `[start, stop)`; rejects go with the first one, the end with the last."""
        return replace(
            self,
            first=self.first + start,
            items=self.items[start:stop],
            rejects=self.rejects if start == 0 else (),
            closing=self.closing if stop == len(self.items) else None,
        )

    def pack(self) -> bytes:
        """The articles for `unpack_articles`."""
        return b"[" + b",".join(item.packed for item in self.items) + b"]"


def pack_article(article: Article) -> bytes:
    """All fields of an article as JSON in ASCII: what a worker is sent and a digest is over."""
    fields = (
        article.id,
        article.text,
        article.title,
        article.outlet,
        article.published,
        article.url,
    )
    return json.dumps(fields).encode("ascii")


def unpack_articles(packed: bytes) -> list[Article]:
    """The articles that `Task.pack` packed."""
    return [Article(*fields) for fields in json.loads(packed)]
