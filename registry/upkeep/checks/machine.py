"""What the machine gives: space, time, and a disk that is really there."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from registry.audit.models import Entry
from registry.core.house import House
from registry.core.tenants import Beyond
from registry.upkeep.check import Finding, broken, check, warning, well

MB = 1024 * 1024
LOW, OUT = 500 * MB, 50 * MB
DRIFT = timedelta(seconds=60)
FORWARD = timedelta(days=400)
"""Nobody leaves a register alone for more than a year: it is swept every night."""


@check("disk", decides=True)
def disk(house: House) -> Iterator[Finding]:
    """Whether there is room for what is written."""
    for folder in sorted({place for place in _written(house) if place.is_dir()}):
        free = shutil.disk_usage(folder).free
        sentence = f"{folder} has {free // MB:,} MB free."
        if free < OUT:
            yield broken(sentence, "Make room now: the register refuses every change when the disk is full.")
        elif free < LOW:
            yield warning(sentence, "Make room, or move backups elsewhere.")
        else:
            yield well(sentence)


def _written(house: House) -> Iterator[Path]:
    yield house.settings.instance
    if house.settings.backup_folder:
        yield house.settings.backup_folder
    if house.database.file:
        yield house.database.file.resolve().parent


@check("clock")
def clock(house: House) -> Iterator[Finding]:
    """Whether this machine's time can be right, by the trail and by the database server."""
    now = house.clock.now()
    with house.reading(Beyond.KEEPER) as session:
        last: datetime | None = session.scalar(select(func.max(Entry.at)))
        theirs = None if house.database.is_sqlite else session.scalar(select(func.clock_timestamp()))
    if last and last > now + DRIFT:
        yield broken(
            f"The clock says {now:%Y-%m-%d %H:%M} UTC, and the trail's last entry is of {last:%Y-%m-%d %H:%M}.",
            "The clock was set back. Stop the register and set it right: dates decide who may do what.",
        )
    elif last and now - last > FORWARD:
        yield warning(f"The trail's last entry is of {last:%Y-%m-%d}, long ago.", "Is the clock of this machine right?")
    elif theirs is not None and abs(theirs - now) > DRIFT:
        yield warning(
            f"This machine and the database server differ by {abs(theirs - now).total_seconds():.0f} seconds.",
            "Keep both by a time server.",
        )
    else:
        yield well(f"The clock says {now:%Y-%m-%d %H:%M} UTC, and nothing speaks against it.")
