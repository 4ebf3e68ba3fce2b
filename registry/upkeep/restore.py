"""Coming back from a backup, into an empty place and nowhere else.

Everything is done to a copy of the copy: it is checked, brought up to date, and every way in that stood open when it
was made is closed. Only when that is whole does it become the register: by one rename, or in one transaction.
"""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

import sqlalchemy as sa
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from registry.audit.erasures import erase_again, list_returned, remember
from registry.core import migrations
from registry.core.database import Database
from registry.core.house import House
from registry.core.keyfile import KeyTrouble, settle
from registry.core.tenants import Beyond
from registry.core.work import Work
from registry.councils.queries import list_councils
from registry.identity.actions.resets import drop_waiting
from registry.identity.factors import HalfSignIn
from registry.identity.models import PasswordLink, SignInSession
from registry.upkeep.copying import close_up, copy_rows, is_empty, loosened
from registry.upkeep.files import HALF
from registry.upkeep.invariants import check
from registry.upkeep.keyring import compare_keys
from registry.upkeep.manifest import COPY, Backup, BadBackup, Manifest, digest_of, is_sealed, list_backups
from registry.vocabulary.events import Event

WHY = "restored from a backup"


@dataclass(frozen=True)
class Restored:
    """What came of it: how many sign-ins were ended, what was not true in the backup, and what is still to be done."""

    ended: int
    breaches: Sequence[str]
    missing: Sequence[str]


def restore(house: House, backup: Backup, *, accept_rollback: bool = False) -> Restored:
    """Make the register of this backup that of this house; where anything is in doubt, refuse and change nothing."""
    with migrations.as_owner(house.settings) as owner:
        _refuse_full(owner)
    _refuse_unsound(house, backup)
    known = list(_known(house, backup))
    lost = _lost(backup.manifest, [each.manifest for each in known])
    if lost and not accept_rollback:
        raise BadBackup(
            f"A newer backup knows of {lost} entries of the trail that this one does not hold. Take the newest, or say "
            "--accept-rollback: the trail will tell that you did."
        )
    with _working_copy(house, backup) as inside:
        with inside.reading(Beyond.KEEPER) as session:
            missing = compare_keys(house, session, backup.manifest)
        _stop_resets(inside)
        with inside.work(None, None, "restore") as work:
            ended = _close_doors(work)
            if lost:
                work.record(Event.ROLLBACK_ACCEPTED, backup=backup.folder.name, lost=lost)
            work.record(Event.REGISTER_RESTORED, backup=backup.folder.name, ended=ended)
        missing += _keep_erased(inside, backup, known)
        breaches = [str(breach) for breach in check(inside)]
        _put(inside.database, house)
    return Restored(ended, breaches, missing)


def _refuse_full(database: Database) -> None:
    with database.engine.connect() as connection:
        empty = is_empty(connection)
    if not empty:
        raise BadBackup(
            "There is a register in this database already. Restore into an empty one: move its file away, or name "
            "another database."
        )


def _refuse_unsound(house: House, backup: Backup) -> None:
    manifest, name = backup.manifest, backup.folder.name
    if is_sealed(backup, house.auth_key) is False:
        raise BadBackup(f"The manifest of {name} was altered. Take another backup, and find out by whom.")
    if not backup.copy.is_file() or backup.copy.stat().st_size != manifest.bytes:
        raise BadBackup(f"{name} is not whole: its file is missing or cut off. Take another backup.")
    if digest_of(backup.copy) != manifest.sha256:
        raise BadBackup(f"{name} is not what was written: something in its file was altered. Take another backup.")
    known = ScriptDirectory.from_config(migrations.config())
    try:
        known.get_revisions(manifest.schema)
    except CommandError:
        raise BadBackup(
            f"{name} was made by version {manifest.version}, which is newer than this one. Fetch that version first."
        ) from None


def _known(house: House, backup: Backup) -> Iterator[Backup]:
    """The backups that lie where backups lie, this one among them."""
    folders = {backup.folder.resolve().parent, (house.settings.backup_folder or backup.folder.parent).resolve()}
    return (each for folder in folders if folder.is_dir() for each in list_backups(folder))


def _lost(manifest: Manifest, known: Iterable[Manifest]) -> int:
    """How many entries of the trail, at most, another backup knows and this one does not."""
    ours = [each for each in known if each.installation == manifest.installation]
    chains = {chain for each in ours for chain in each.chains}
    return sum(max(0, max(each.entries(chain) for each in ours) - manifest.entries(chain)) for chain in chains)


@contextmanager
def _working_copy(house: House, backup: Backup) -> Iterator[House]:
    """A house around a copy of the backup's file, brought up to date."""
    house.settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = Path(mkdtemp(prefix=HALF, dir=house.settings.instance))
    try:
        shutil.copyfile(backup.copy, half / COPY)
        if digest_of(half / COPY) != backup.manifest.sha256:
            raise BadBackup("The backup changed while it was read. Try again.")
        inside = replace(house, database=Database(f"sqlite:///{half / COPY}"))
        try:
            migrations.upgrade(inside.database)
            yield inside
        finally:
            inside.database.engine.dispose()
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _close_doors(work: Work) -> int:
    """End whatever let somebody in when the backup was made: what was used since must not be used again.

    A leave to see is bound to its sign-in and ends with it; its row stays as the trail vouches for it.
    """
    now, connection = work.now, work.session.connection()
    sessions, halves, links = SignInSession.__table__, HalfSignIn.__table__, PasswordLink.__table__
    connection.execute(sa.delete(halves))  # type: ignore[arg-type]
    connection.execute(sa.update(links).where(links.c.used_at.is_(None)).values(used_at=now))  # type: ignore[arg-type]
    open_ones = sa.update(sessions).where(sessions.c.ended_at.is_(None))  # type: ignore[arg-type]
    return connection.execute(open_ones.values(ended_at=now, ended_why=WHY)).rowcount


def _stop_resets(inside: House) -> None:
    """Stop what would take a second step off somebody: whether it was stopped since, nobody here knows."""
    with inside.reading(Beyond.KEEPER) as session:
        councils = list_councils(session)
    for council in councils:
        with inside.work(None, council, "restore") as work:
            drop_waiting(work)


def _keep_erased(inside: House, backup: Backup, known: Iterable[Backup]) -> list[str]:
    """Erase again whoever was erased since; what keeps it from being done, in a sentence.

    The others are believed as far as the backup itself is: one that names another key could say anything of anybody.
    """
    as_this = is_sealed(backup, inside.auth_key)
    vouched = [each.manifest for each in known if is_sealed(each, inside.auth_key) is as_this]
    remember(inside, {mark for each in vouched for mark in each.erased})
    try:
        erase_again(inside)
    except KeyTrouble:
        returned = len(list_returned(inside))
        return [
            f"People who were erased since, and are in this backup: {returned}. Coming back by recovery shares erases "
            "them again; where you put the keys back yourself, run: flask --app app audit erase-again"
        ]
    return []


def _put(made: Database, house: House) -> None:
    """Let what was made be the register."""
    target, source, place = house.database, made.file, house.database.file
    if source is None or place is None:
        migrations.upgrade_as_owner(house.settings)
        with migrations.as_owner(house.settings) as owner, made.engine.connect() as reading, loosened(owner) as writing:
            copy_rows(reading, writing)
        return
    close_up(made)
    made.engine.dispose()
    target.engine.dispose()
    for beside in (f"{place}-wal", f"{place}-shm"):
        Path(beside).unlink(missing_ok=True)
    source.chmod(0o600)
    settle(source)
    os.replace(source, place)
    settle(place.resolve().parent)
