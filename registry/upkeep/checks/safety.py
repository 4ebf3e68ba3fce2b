"""What keeps the register safe: settings, keys, where they lie, and backups."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from registry.audit.erasures import list_returned
from registry.core.house import House
from registry.core.keyfile import KeyTrouble
from registry.core.tenants import Beyond
from registry.councils.queries import keeping_of, list_councils
from registry.custody.key_queries import keys_made_before
from registry.custody.opening import custody_status, warnings
from registry.upkeep.check import Finding, broken, check, warning, well
from registry.upkeep.manifest import list_backups

OLD = timedelta(hours=36)
A_YEAR = timedelta(days=365)


@check("settings")
def settings(house: House) -> Iterator[Finding]:
    """What is set in a way that a council's register should not be."""
    given = house.settings
    faults = [
        (given.debug, warning("debug is on.", "Turn it off: it is for developing.")),
        (
            not given.is_secure,
            warning("The register is served on this machine only.", "Set base_url to its https address for others."),
        ),
    ]
    found = [finding for is_so, finding in faults if is_so]
    yield from found or [well(f"The settings serve {given.base_url}.")]


ROLE = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
OWNS = "SELECT count(*) FROM pg_tables WHERE tableowner = current_user AND schemaname = 'public'"


@check("walls")
def walls(house: House) -> Iterator[Finding]:
    """Whether the database itself keeps councils apart, or leaves it to the register's own sessions."""
    if house.database.is_sqlite:
        yield well("The register's sessions keep councils apart.")
        return
    with house.reading(Beyond.KEEPER) as session:
        connection = session.connection()
        passes = connection.exec_driver_sql(ROLE).scalar() or connection.exec_driver_sql(OWNS).scalar()
    if passes:
        yield warning(
            "The register's role owns tables or passes their policies.",
            "Make two roles: flask --app app db roles, and set migrations_url.",
        )
    else:
        yield well("The register's role owns nothing, and the database keeps councils apart.")


@check("keys")
def keys(house: House) -> Iterator[Finding]:
    """Whether custody opens, the register's own key is there, and neither lies beside what it protects."""
    with house.reading(Beyond.KEEPER) as session:
        custody = custody_status(session, house.settings)
        unwise = warnings(session, house.settings)
    if custody.is_sealed:
        yield warning(custody.sentence, "Let the Clerk unseal it, or run: flask --app app custody unseal.")
    else:
        yield well(custody.sentence) if custody.is_open else broken(custody.sentence)
    try:
        yield well(f"The register's own key is {house.auth_key.id()}.")
    except KeyTrouble as trouble:
        yield broken(trouble.sentence)
    yield from (warning(said, "Then encrypt the disk, too.") for said in unwise)
    own, database = house.settings.auth_key_file, house.database.file
    if database and own.exists() and own.resolve().parent == database.resolve().parent:
        yield warning(
            f"In one folder with the database: {own.name}. Who copies the folder can sign the trail as the register.",
            "Move it elsewhere (auth_key_file), and encrypt the disk.",
        )
    if database and is_open_to_others(database):
        yield warning(f"Other users of this machine may read {database}.", f"Run: chmod 700 {database.parent}")


def is_open_to_others(file: Path) -> bool:
    """Whether others than its owner may come to a file and read it (where files have modes at all)."""
    if os.name != "posix" or not file.exists():
        return False
    return bool(file.stat().st_mode & 0o044 and file.resolve().parent.stat().st_mode & 0o011)


@check("rotation")
def rotation(house: House) -> Iterator[Finding]:
    """Whether the keys of custody were renewed within the year that docs/assurance.md gives them."""
    with house.reading(Beyond.KEEPER) as session:
        old = keys_made_before(session, house.clock.now() - A_YEAR)
    if old:
        said = f"Not renewed for over a year: {', '.join(old)}."
        yield warning(said, "Renew them: flask --app app custody rotate root, then rotate council for each.")
    else:
        yield well("No key of custody is older than a year.")


@check("keeper")
def keeper(house: House) -> Iterator[Finding]:
    """Whether somebody may make recovery shares, seal and unseal, and run the jobs of all by the browser."""
    with house.reading(Beyond.KEEPER) as session:
        named, councils = keeping_of(session, None).name, len(list_councils(session))
    if councils and not named:
        mend = "Name the council that does: flask --app app custody kept-by."
        yield warning(f"Of {councils} councils, none is named to keep the keys that serve them all.", mend)
    else:
        yield well("A council keeps the keys that serve every council here." if named else "There is no council yet.")


@check("erasures")
def erasures(house: House) -> Iterator[Finding]:
    """Whether everybody who was erased is, whatever backup this register came from."""
    returned = len(list_returned(house))
    if returned:
        yield broken(f"People who were erased and came back: {returned}.", "Run: flask --app app audit erase-again.")
    else:
        yield well("Nobody who was erased has come back.")


@check("backups")
def backups(house: House) -> Iterator[Finding]:
    """Whether there is a backup young enough to come back from."""
    folder = house.settings.backup_folder
    if folder is None:
        yield warning("No backup is made by itself.", "Set backup_folder, best to another disk, or run backup by cron.")
        return
    found = list_backups(folder)
    if not found:
        yield warning(f"There is no backup in {folder} yet.", "Run: flask --app app backup")
        return
    age = house.clock.now() - found[-1].made_at
    sentence = f"The latest backup, {found[-1].folder.name}, is {age.total_seconds() / 3600:.0f} hours old."
    yield warning(sentence, "Run: flask --app app backup") if age > OLD else well(sentence)
    if found[-1].breaches:
        yield broken("The latest backup holds a register in which something is not true that must be.", "Run doctor.")
