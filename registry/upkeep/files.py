"""Where backups lie, how they are named, and what may be left half-made."""

from collections.abc import Iterator
from pathlib import Path

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
