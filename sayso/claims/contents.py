"""What goes into the grouping of statements and what comes out, a row a statement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sayso.errors import UsageError

__all__ = ["Contents", "Groups"]

IntArray = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Contents:
    """The statements to group, n of them, sorted by article and then in reading order.

    Attributes:
        content: strings, null where none is written.
        position: int8, 1 for the content's proposition, -1 against it, 0 open; both sides of a
            claim stay together, so that grouping does not read it.
        article: int32, equal for statements of one article.
        outlet: int32, -1 where not known.
        day: int32 days since 1970-01-01, -1 where not known.
        source: int32 of the merged source, -1 for none.
        denies: int32 row of the statement in the same article that this one denies, -1 for none.
        topical: bool, whether the content names a topic only (`sayso.claims.topical`): such a
            statement is on a claim with nothing but what denials tie it to; None if none does.
    """

    content: pa.Array | pa.ChunkedArray
    position: npt.NDArray[np.int8]
    article: IntArray
    outlet: IntArray
    day: IntArray
    source: IntArray
    denies: IntArray
    topical: npt.NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        """Check that the columns go together.

        Raises:
            UsageError: columns differ in length, articles are in pieces, or `denies` points
                outside the article or the rows.
        """
        names = ["content", "position", "article", "outlet", "day", "source", "denies"]
        if self.topical is not None:
            names.append("topical")
        lengths = {name: len(getattr(self, name)) for name in names}
        if len(set(lengths.values())) > 1:
            raise UsageError(f"expected columns of one length, found {lengths}")
        changes = np.flatnonzero(np.diff(self.article)) + 1
        firsts = self.article[np.concatenate([[0], changes])] if len(self.article) else self.article
        if len(np.unique(firsts)) != len(firsts):
            raise UsageError("expected statements sorted by article, found an article in pieces")
        rows = np.flatnonzero(self.denies >= 0)
        targets = self.denies[rows]
        if (targets >= len(self.article)).any() or (
            self.article[targets] != self.article[rows]
        ).any():
            raise UsageError("expected denials of statements of the same article, found another")

    def __len__(self) -> int:
        return len(self.article)

    def propositions(self) -> pa.Array | pa.ChunkedArray:
        """The contents, null where one names a topic only."""
        if self.topical is None:
            return self.content
        return pc.if_else(pa.array(self.topical), pa.scalar(None, pa.string()), self.content)


@dataclass(frozen=True, slots=True)
class Groups:
    """The claim that each statement is on.

    Attributes:
        claim: int32 [n], claims counted by first appearance; -1 for a statement without content
            that denies nothing.
        copy_of: int32 [n], row of an earlier statement that this one repeats because its article is
            a near-copy of an earlier one (a wire story), itself no copy; else -1.
    """

    claim: IntArray
    copy_of: IntArray
