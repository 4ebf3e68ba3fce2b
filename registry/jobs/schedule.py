"""Which job runs when, in one table. Times are UTC: an hour of London's comes twice in October and never in March."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from registry.audit.night import night
from registry.core.house import House
from registry.core.house import Place as Council
from registry.core.keyfile import KeyTrouble
from registry.flags.sweep import sweep
from registry.jobs.tidy import tidy
from registry.upkeep.backup import make_backup, prune
from registry.upkeep.manifest import BadBackup

Summary = dict[str, Any]
Run = Callable[[House, Council | None], Summary]


class Unfinished(Exception):
    """A job did what it could and could not do all; the sentence says how much is missing, naming no council."""


@dataclass(frozen=True)
class Job:
    """A job of the installation. `run` works for all councils, or for the one that asked for it.

    `reaches_all`: it works for every council whoever asks, so only the council that keeps the installation does.
    `may_rerun`: a run that broke off may simply be run again. `grace`: how late it may still start by the clock.
    """

    name: str
    title: str
    what: str
    hour: int
    minute: int
    run: Run
    reaches_all: bool = True
    may_rerun: bool = True
    grace: timedelta = timedelta(hours=1)

    def last_due(self, now: datetime) -> datetime:
        """The latest moment at which it was due."""
        today = now.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return today if today <= now else today - timedelta(days=1)

    def next_due(self, now: datetime) -> datetime:
        """The next moment at which it will be."""
        return self.last_due(now) + timedelta(days=1)


def run_sweep(house: House, council: Council | None) -> Summary:
    """Sweep all councils or one; figures by council, so that each is shown only its own."""
    swept = sweep(house, only=council)
    if swept.failed:
        raise Unfinished(f"The sweep failed in {len(swept.failed)} of the councils; the others are done.")
    return {"councils": {str(number): figures for number, figures in swept.councils.items()}}


def run_tidy(house: House, _council: Council | None) -> Summary:
    """Clear away what has served its time, for the whole installation."""
    return {"removed": tidy(house)}


def run_trail(house: House, council: Council | None) -> Summary:
    """Look after the trails of all councils or of one."""
    failed = night(house, council)
    if failed:
        raise Unfinished(f"{failed} of the trails are broken or could not be seen to; the others are done.")
    return {}


def run_backup(house: House, council: Council | None) -> Summary:
    """Back up the whole installation, where a folder for it is named. One that was asked for removes no other."""
    folder = house.settings.backup_folder
    if folder is None:
        return {}
    try:
        made = make_backup(house, folder)
    except (BadBackup, KeyTrouble) as trouble:
        raise Unfinished("No backup could be made. The installation’s log has the details.") from trouble
    if made.breaches:
        raise Unfinished("A backup was made of a register that is not sound. Run doctor.")
    gone = [] if council else prune(folder, house.settings.backups_kept, house.clock.now())
    return {"backup": made.folder.name, "removed": len(gone)}


SCHEDULE: tuple[Job, ...] = (
    Job(
        "sweep",
        "Sweep",
        "Looks through the register for whatever is against the policies, raises a flag for it, and clears the flags "
        "of what has been mended.",
        hour=2,
        minute=40,
        run=run_sweep,
        reaches_all=False,
    ),
    Job(
        "tidy",
        "Tidy",
        "Clears away what has served its time: ended sign-ins, used links, expired grants to see a password, "
        "spreadsheets that nobody applied, messages of more than a year ago. The register and its trail are never "
        "touched.",
        hour=3,
        minute=10,
        run=run_tidy,
    ),
    Job(
        "trail",
        "Trail",
        "Verifies the trail, holds the register’s rows against it, and signs a checkpoint for those who keep them "
        "outside.",
        hour=1,
        minute=40,
        run=run_trail,
    ),
    Job(
        "backup",
        "Backup",
        "Copies the whole register to where backups go, if the installation names such a place, and checks the copy.",
        hour=3,
        minute=40,
        run=run_backup,
        grace=timedelta(hours=6),
    ),
)

BY_NAME = {job.name: job for job in SCHEDULE}
