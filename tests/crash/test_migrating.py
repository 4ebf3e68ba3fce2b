"""The machine dies in the middle of a migration; the next start goes on where the last whole step ended."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.migration import MigrationContext

from registry.core.database import Database
from registry.core.failpoint import VARIABLE
from registry.core.migrations import assert_current, upgrade
from tests.conftest import BOTH, _administer, _named

UPGRADE = (
    "import sys; from registry.core import database, migrations; migrations.upgrade(database.Database(sys.argv[1]))"
)


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind, without a single table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'register.sqlite'}"
        return
    server, name = request.getfixturevalue("postgresql_server"), f"migrating_{uuid.uuid4().hex[:12]}"
    _administer(server, f"CREATE DATABASE {name}")
    yield _named(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def test_a_migration_cut_off_is_done_whole_at_the_next_start(empty_url: str) -> None:
    for turn in (1, 2, 5):
        armed = {**os.environ, VARIABLE: f"mid_migration:{turn}"}
        died = subprocess.run([sys.executable, "-c", UPGRADE, empty_url], env=armed, capture_output=True)
        assert died.returncode == -signal.SIGKILL, died.stderr.decode()[-500:]
        database = Database(empty_url)
        with database.engine.connect() as connection:
            heads = MigrationContext.configure(connection).get_current_heads()
        assert len(heads) <= 1
        database.engine.dispose()
    database = Database(empty_url)
    upgrade(database)
    assert_current(database)
    database.engine.dispose()
