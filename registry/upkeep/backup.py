"""Making a backup: the whole register at one moment, in one SQLite file, whatever database it lives in.

So one way of checking and one of restoring serve both kinds, nothing but Python is needed for either, and a register
can move from one kind to the other. No key is in it. It is opened and checked before anybody is told that it is made.
"""

import shutil
import tomllib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry.audit.erasures import list_marks
from registry.audit.models import ChainHead, Checkpoint
from registry.core import migrations
from registry.core.database import Database
from registry.core.house import House
from registry.core.tenants import Beyond
from registry.councils.models import Council
from registry.councils.queries import find_installation
from registry.custody.opening import custody_status
from registry.upkeep.copying import close_up, copy_to_file
from registry.upkeep.files import made_whole
from registry.upkeep.invariants import check
from registry.upkeep.manifest import (
    COPY,
    MANIFEST,
    PREFIX,
    Backup,
    BadBackup,
    Manifest,
    digest_of,
    list_backups,
    read,
    write,
)
from registry.vocabulary.events import Event

UNSOUND = "I10"
"""The invariant without which a copy is no copy."""
TOLD = ("base_url", "trusted_hosts", "proxies", "idle_minutes", "session_hours")
"""Settings that whoever restores must know, and that are no secret."""


def make_backup(house: House, folder: Path) -> Backup:
    """Copy the register into a new folder there, check the copy, and enter it in the trail of the installation.

    A register in which something is not true that must be is backed up all the same, and the manifest says so; a copy
    that is itself unsound is thrown away.
    """
    made_at = house.clock.now()
    place = folder.resolve() / f"{PREFIX}{made_at:%Y-%m-%dT%H-%M-%SZ}"
    if place.exists():
        raise BadBackup(f"{place} is there already. Try again in a second.")
    with made_whole(place) as half:
        copy = half / COPY
        copy_to_file(house.database, copy)
        copy.chmod(0o600)
        write(_examined(house, copy), house.auth_key, half / MANIFEST)
        (half / MANIFEST).chmod(0o600)
    backup = read(place)
    with house.work(None, None, "backup") as work:
        entries = sum(chain["length"] for chain in backup.manifest.chains.values())
        work.record(Event.BACKUP_MADE, backup=place.name, entries=entries, breaches=len(backup.breaches))
    return backup


def prune(folder: Path, keep: int, now: datetime) -> list[str]:
    """Remove the backups of more than so many days ago, but so many always stay; gives the names of those removed.

    So neither many made in one hour nor a clock gone wrong ends the good ones. None goes while the newest holds a
    register with a breach.
    """
    found = list_backups(folder)
    if keep < 1 or (found and found[-1].breaches):
        return []
    gone = [backup for backup in found[:-keep] if now - backup.made_at >= timedelta(days=keep)]
    for backup in gone:
        shutil.rmtree(backup.folder)
    return [backup.folder.name for backup in gone]


def _examined(house: House, copy: Path) -> Manifest:
    """Open the copy like the register it is, check it, and write down what it holds."""
    inside = replace(house, database=Database(f"sqlite:///{copy}"))
    try:
        breaches = check(inside)
        with inside.reading(Beyond.KEEPER) as session:
            facts = _facts(house, session)
        close_up(inside.database)
    finally:
        inside.database.engine.dispose()
    if any(breach.number == UNSOUND for breach in breaches):
        raise BadBackup("The copy is damaged and was thrown away. Check the disk, then try again; run doctor.")
    return Manifest(
        **facts,
        breaches=tuple(map(str, breaches)),
        bytes=copy.stat().st_size,
        sha256=digest_of(copy),
    )


def _facts(house: House, session: Session) -> dict[str, Any]:
    installation = find_installation(session)
    if installation is None:
        raise BadBackup("There is no register in the database, or what guards it between councils held it back.")
    heads = session.execute(select(ChainHead.chain, ChainHead.seq, ChainHead.hash).order_by(ChainHead.chain)).all()
    newest = select(Checkpoint.chain, func.max(Checkpoint.size).label("size")).group_by(Checkpoint.chain).subquery()
    notes = select(Checkpoint.chain, Checkpoint.note).join(
        newest, (newest.c.chain == Checkpoint.chain) & (newest.c.size == Checkpoint.size)
    )
    return {
        "made_at": house.clock.now(),
        "version": version(),
        "schema": ", ".join(migrations.revisions(session.connection())),
        "database": house.database.engine.dialect.name,
        "installation": installation.public_id.hex(),
        "councils": session.scalar(select(func.count()).select_from(Council)) or 0,
        "chains": {str(row.chain): {"length": row.seq, "hash": row.hash} for row in heads},
        "checkpoints": {str(row.chain): row.note for row in session.execute(notes)},
        "root_key_id": custody_status(session, house.settings).key_id,
        "auth_key_id": house.auth_key.id(),
        "erased": tuple(list_marks(session)),
        "settings": {name: _plain(getattr(house.settings, name)) for name in TOLD},
    }


def version() -> str:
    """The version of the register's code."""
    about = migrations.FOLDER.parent / "pyproject.toml"
    return str(tomllib.loads(about.read_text(encoding="utf-8"))["project"]["version"])


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
