"""Bringing a database to the shape the code expects, and refusing to serve one that is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, ProgrammingError

from registry.core.database import Database
from registry.core.settings import Settings, WrongSettings

FOLDER = Path(__file__).resolve().parent.parent.parent / "migrations"
NOT_ALLOWED = "42501"
"""PostgreSQL's code for a right that a role does not have."""


def upgrade(database: Database, to: str = "head", application: str | None = None) -> None:
    """Apply every migration up to this one, each in its transaction.

    `application`: the role that serves, where that is not the owner; it is given what it needs and no more.
    """
    with database.engine.execution_options(writes=True).connect() as connection:
        if not database.is_sqlite:
            connection.detach()  # what is set here must not go back to those who serve
            with connection.begin():
                connection.exec_driver_sql("SET statement_timeout = 0")
        command.upgrade(config(connection), to)
    if application and not database.is_sqlite:
        with database.engine.begin() as connection:
            _let_serve(connection, application)


def _let_serve(connection: Connection, role: str) -> None:
    """Let a role that owns nothing use every table; entries of the trail it may only add and read."""
    name = connection.dialect.identifier_preparer.quote(role)
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE UPDATE, DELETE ON audit_entries, audit_checkpoints FROM {name}",
        f"REVOKE DELETE ON audit_heads FROM {name}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
    ):
        connection.exec_driver_sql(statement)


def upgrade_as_owner(settings: Settings) -> None:
    """Bring the installation's database up to date, as its owner, and let the application's own role serve it."""
    serves = sa.make_url(settings.database_url).username
    with as_owner(settings) as database:
        _assert_reached(database)
        try:
            upgrade(database, application=serves if serves != database.engine.url.username else None)
        except ProgrammingError as error:
            if getattr(error.orig, "sqlstate", "") != NOT_ALLOWED:
                raise
            raise WrongSettings(
                f"The role {database.engine.url.username} may make no tables in this database. Name the role that owns "
                "it in migrations_url; `flask --app app db roles` prints how both roles are made."
            ) from error


@contextmanager
def as_owner(settings: Settings) -> Iterator[Database]:
    """The installation's database as its owner comes to it."""
    database = Database(settings.migrations_url or settings.database_url)
    try:
        yield database
    finally:
        database.engine.dispose()


def revisions(connection: Connection) -> set[str]:
    """The revisions at which a database stands; none where nothing was made in it."""
    return set(MigrationContext.configure(connection).get_current_heads())


def heads() -> set[str]:
    """The revisions that the code expects."""
    return set(ScriptDirectory.from_config(config()).get_heads())


def _assert_reached(database: Database) -> set[str]:
    """Refuse a database that cannot be reached; gives the revisions at which it stands."""
    try:
        with database.engine.connect() as connection:
            return revisions(connection)
    except OperationalError as error:
        why = " ".join(str(error.orig).split())
        raise WrongSettings(
            f"The database cannot be reached ({why}). Check database_url and migrations_url."
        ) from error


def assert_current(database: Database) -> None:
    """Refuse a database that cannot be reached or whose shape is older or newer than the code."""
    if _assert_reached(database) != heads():
        raise WrongSettings("The database is not up to date. Run: flask --app app db upgrade")


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, with the connection it is to work on."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.attributes["connection"] = connection
    return made


def import_models() -> None:
    """Make every room's tables known, also those of rooms without pages."""
    for path in sorted((FOLDER.parent / "registry").glob("*/models*.py")):
        import_module(f"registry.{path.parent.name}.{path.stem}")
