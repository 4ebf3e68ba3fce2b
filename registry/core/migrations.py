"""Bringing a database to the shape the code expects, and refusing to serve one that is not."""

from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from registry.core.database import Database
from registry.core.settings import WrongSettings

FOLDER = Path(__file__).resolve().parent.parent.parent / "migrations"


def upgrade(database: Database, to: str = "head") -> None:
    """Apply every migration up to this one, each in its transaction."""
    with database.engine.execution_options(writes=True).connect() as connection:
        if not database.is_sqlite:
            connection.detach()  # what is set here must not go back to those who serve
            with connection.begin():
                connection.exec_driver_sql("SET statement_timeout = 0")
        command.upgrade(config(connection), to)


def revisions(connection: Connection) -> set[str]:
    """The revisions at which a database stands; none where nothing was made in it."""
    return set(MigrationContext.configure(connection).get_current_heads())


def heads() -> set[str]:
    """The revisions that the code expects."""
    return set(ScriptDirectory.from_config(config()).get_heads())


def assert_current(database: Database) -> None:
    """Refuse a database that cannot be reached or whose shape is older or newer than the code."""
    try:
        with database.engine.connect() as connection:
            found = revisions(connection)
    except OperationalError as error:
        raise WrongSettings(f"The database cannot be reached: {error.orig}. Check database_url.") from error
    if found != heads():
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
