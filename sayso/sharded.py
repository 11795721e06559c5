"""A job whose output is kept in shards: each is scored once, over however many runs it takes."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sayso.draft import Draft
from sayso.errors import SaysoError, UsageError
from sayso.jobrecord import JobSpec, make_record
from sayso.plan import Cut, Plan
from sayso.pool import Done, Pool, PoolSettings
from sayso.progress import Watch
from sayso.rejects import reject_line, rejects_path
from sayso.shards import SUCCESS, ShardFolder
from sayso.summary import Summary
from sayso.write import is_folder, is_parquet, open_rows, whole_file

__all__ = ["JobInterrupted", "OutputError", "score_shards", "shards_path"]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class OutputError(SaysoError):
    """The output cannot be written, for want of room or of permission; what is done is kept."""


class JobInterrupted(KeyboardInterrupt):
    """The user has stopped a job; the text says what is done and how to go on."""


def shards_path(output: str) -> Path:
    """Where an output's shards are: in itself, or in a hidden folder beside a file until it is
    whole.
    """
    path = Path(output)
    return path if is_folder(output) else path.with_name(f".{path.name}.shards")


def score_shards(
    spec: JobSpec, settings: PoolSettings, watch: Watch, *, fresh: bool = False
) -> Summary:
    """Score what no earlier run has finished, then make the output whole.

    Args:
        spec: the job; its output is a file or a folder.
        settings: how the work is spread.
        watch: told how it goes.
        fresh: begin anew.

    Raises:
        UsageError: the folder is in use, or holds shards of another job or another input.
        OutputError: it cannot be written to.
        JobInterrupted: the user has stopped it.
    """
    suffix = ".parquet" if is_parquet(spec.output) else ".jsonl.zst"
    record = make_record(spec, rows=suffix)
    path = shards_path(spec.output)
    ours = not is_folder(spec.output)
    with _saved(path):
        folder = ShardFolder(path, record, suffix=suffix, ours=ours, fresh=fresh)
    with folder:
        try:
            skipped = _fill(folder, spec, settings, watch)
            with _saved(path, folder):
                summary = _summarised(folder)
                _complete(folder, spec.output, summary)
        except BaseException as error:
            text = f"interrupted: {_kept(folder)}; run the same command again to go on"
            if not folder.numbers():
                with suppress(OSError):
                    folder.remove()
            if isinstance(error, KeyboardInterrupt):
                raise JobInterrupted(text) from None
            raise
    summary.skipped, summary.skipped_articles = skipped.skipped, skipped.skipped_articles
    return summary


def _fill(folder: ShardFolder, spec: JobSpec, settings: PoolSettings, watch: Watch) -> Summary:
    """Score what is missing; gives how much was not."""

    def finished(number: int) -> str | None:
        manifest = folder.finished(number)
        return None if manifest is None else manifest.input_sha256

    plan = Plan(
        spec.inputs,
        Cut(shard=spec.shard_size, limit=spec.limit, workers=settings.count),
        fields=spec.fields,
        finished=finished,
        on_reject=watch.reject,
        last=max(folder.numbers(), default=-1),
    )
    filler = _Filler(folder, watch)
    parquet = is_parquet(spec.output)
    try:
        with Pool(spec.scorer, settings, parquet=parquet) as pool:
            for done in pool.run(plan):
                filler.take(done)
    except UsageError:
        filler.undo()
        raise
    finally:
        filler.drop()
    return filler.skipped


class _Filler:
    """Puts what was scored into shards, one after another."""

    def __init__(self, folder: ShardFolder, watch: Watch) -> None:
        self.skipped = Summary()
        self._folder, self._watch = folder, watch
        self._draft: Draft | None = None
        self._made: list[int] = []

    def take(self, done: Done) -> None:
        """Take what came of a task."""
        task = done.task
        if task.closing is not None and task.closing.done:
            self.skipped.skipped += 1
            self.skipped.skipped_articles += task.closing.articles
            self._watch.advance(task.closing.articles, skipped=True)
            return
        with _saved(self._folder.path, self._folder):
            if self._draft is None:
                (self._folder.path / SUCCESS).unlink(missing_ok=True)
                self._draft = Draft(self._folder, task.shard)
            self._draft.add(done)
            if task.closing is not None:
                self._draft.commit(task.closing)
                self._draft = None
                self._made.append(task.shard)
        self._watch.take(done)

    def undo(self) -> None:
        """Forget the shards that this run has made: another input went into them."""
        for number in self._made:
            self._folder.drop(number)

    def drop(self) -> None:
        """Leave nothing of a shard that is not finished."""
        if self._draft is not None:
            self._draft.drop()


def _summarised(folder: ShardFolder) -> Summary:
    """The counts of all shards."""
    summary = Summary()
    for manifest in folder.manifests():
        summary.merge(manifest.counts)
        summary.shards += 1
    return summary


def _complete(folder: ShardFolder, output: str, summary: Summary) -> None:
    """Put the rejects where they belong, and join shards into a file if that is the output."""
    path = rejects_path(output)
    if summary.rejects:
        with (
            whole_file(path, fresh=folder.temporary("rejects")) as fresh,
            fresh.open("wb") as handle,
        ):
            for manifest in folder.manifests():
                handle.writelines(map(reject_line, manifest.rejects))
    else:
        path.unlink(missing_ok=True)
    if is_folder(output):
        folder.put(folder.path / SUCCESS, b"")
        return
    with (
        whole_file(Path(output), fresh=folder.temporary("joined")) as fresh,
        open_rows(fresh, Path(output).name) as writer,
    ):
        for number in folder.numbers():
            writer.copy(folder.data_path(number))
    folder.remove()


@contextmanager
def _saved(path: Path, folder: ShardFolder | None = None) -> Iterator[None]:
    """Say what was not written, why, and what there is."""
    try:
        yield
    except OSError as error:
        text = f"expected to write to {path}, found {error}"
        if error.errno in _FULL:
            text += _room(path, folder)
        if folder is not None:
            text += f". {_kept(folder)}"
        raise OutputError(f"{text}. Once it can be written, run the same command again") from error


def _room(path: Path, folder: ShardFolder | None) -> str:
    """How much room there is, and how much is wanted."""
    with suppress(OSError):
        free = shutil.disk_usage(path).free / 2**20
        sizes = [manifest.size for manifest in folder.manifests()] if folder else []
        wanted = f", a shard takes {max(sizes) / 2**20:.1f} MiB" if sizes else ""
        return f" ({free:.1f} MiB are free{wanted})"
    return ""


def _kept(folder: ShardFolder) -> str:
    counts = [manifest.counts["articles"] for manifest in folder.manifests()]
    return f"{len(counts):,} shards are done ({sum(counts):,} articles)"
