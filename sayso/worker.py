"""A worker process: `python -m sayso.worker` loads a scorer once and scores what it is sent.

It reads frames from standard input and writes frames to standard output; when its input ends, so
does it, at once. `sayso.pool` is its other end.

| to a worker | head | body |
| --- | --- | --- |
| first | the fields of `ScorerSettings`, `parquet` | |
| then | `{}` | articles, as `sayso.tasks.Task.pack` packs them |

| from a worker | head | body |
| --- | --- | --- |
| once | `kind` = `ready` or `failed` (with `error`, `reason`) | |
| as it goes | `kind` = `at`, `begun`, `ended`: how many articles of the task | |
| for each task | `kind` = `done`, `counts`, `rejects`: pairs of number and reason | its rows |
"""

from __future__ import annotations

import os
import signal
from queue import SimpleQueue
from threading import Thread
from typing import IO, TYPE_CHECKING

from sayso.errors import SaysoError
from sayso.frames import Frame, read_frame, write_frame
from sayso.surely import score_surely

if TYPE_CHECKING:
    from sayso.records import Statement
    from sayso.scorer import Scorer

__all__ = ["main", "score_surely"]


def main() -> None:
    """Score until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = _take_channels()
    frames: SimpleQueue[Frame] = SimpleQueue()
    first = read_frame(source)
    if first is None:
        return
    Thread(target=_read, args=(source, frames), daemon=True).start()
    settings = dict(first.head)
    parquet = settings.pop("parquet")
    try:
        from sayso.settings import ScorerSettings

        scorer = ScorerSettings(**settings).load()
    except SaysoError as error:
        failure = {"kind": "failed", "error": type(error).__name__, "reason": str(error)}
        write_frame(sink, Frame(failure))
        return
    write_frame(sink, Frame({"kind": "ready"}))
    while True:
        write_frame(sink, _score_task(scorer, frames.get().body, sink, parquet=parquet))


def _take_channels() -> tuple[IO[bytes], IO[bytes]]:
    """Standard input and output for frames alone: what else prints goes to standard error."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return source, sink


def _read(source: IO[bytes], frames: SimpleQueue[Frame]) -> None:
    """Take frames as they come; once they end nobody wants the rest, whatever is being scored."""
    while (frame := read_frame(source)) is not None:
        frames.put(frame)
    os._exit(0)


def _score_task(scorer: Scorer, body: bytes, sink: IO[bytes], *, parquet: bool) -> Frame:
    from sayso.summary import Summary
    from sayso.tasks import unpack_articles
    from sayso.write import pack_rows

    def announce(begun: int, ended: int) -> None:
        write_frame(sink, Frame({"kind": "at", "begun": begun, "ended": ended}))

    summary = Summary()
    statements: list[Statement] = []
    rejects: list[tuple[int, str]] = []
    articles = unpack_articles(body)
    for number, scored in enumerate(score_surely(scorer, articles, announce)):
        if isinstance(scored, Exception):
            rejects.append((number, _reason(scored)))
        else:
            summary.add(scored)
            statements.extend(scored.statements)
    head = {"kind": "done", "counts": summary.counts(), "rejects": rejects}
    return Frame(head, pack_rows(statements, parquet=parquet))


def _reason(error: Exception) -> str:
    return f"expected the article to be scored, found {type(error).__name__}: {error!s:.200}"


if __name__ == "__main__":
    main()
