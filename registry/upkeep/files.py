"""Where backups lie, how they are named, and what may be left half-made."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry.core.keyfile import settle
from registry.core.settings import Settings

HALF = ".half-made-"
"""How a file or folder is named until it is whole and on the disk."""
FORGOTTEN = 3600
"""Seconds after which nobody is still making it."""


def leftovers(settings: Settings, now: float) -> Iterator[Path]:
    """What was begun under a temporary name more than an hour ago."""
    for folder in {settings.instance, settings.backup_folder or settings.instance}:
        if folder.is_dir():
            yield from (path for path in folder.glob(f"{HALF}*") if now - path.stat().st_mtime > FORGOTTEN)


@contextmanager
def made_whole(path: Path) -> Iterator[Path]:
    """A folder to make something in, which gets its name once everything in it is on the disk; or never was."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_name(f"{HALF}{path.name}")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    try:
        yield half
        for file in half.iterdir():
            settle(file)
        settle(half)
        half.rename(path)
        settle(path.parent)
    finally:
        shutil.rmtree(half, ignore_errors=True)
