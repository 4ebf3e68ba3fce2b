"""An empty database of each kind, for tests that migrate it themselves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.core.database import Database
from tests.conftest import BOTH, _administer, _named


@pytest.fixture(params=BOTH)
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database in which nothing is yet."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'bare.sqlite'}")
        yield database
        database.engine.dispose()
        return
    server, name = request.getfixturevalue("postgresql_server"), f"bare_{abs(hash(tmp_path)):x}"
    _administer(server, f"CREATE DATABASE {name}")
    database = Database(_named(server, name))
    yield database
    database.engine.dispose()
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")
