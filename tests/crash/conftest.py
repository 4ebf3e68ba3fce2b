"""What dies and comes back: real servers, of a house that lives by the machine's own clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from registry.application import make_house
from registry.core.clock import SystemClock
from tests.conftest import TestHouse, settings_for
from tests.crash.servers import Servers


@pytest.fixture
def servers(pages: Flask, database_url: str, root_key_file: Path, tmp_path: Path) -> Iterator[Servers]:
    """Servers of a house (`servers.house`) in which time goes on, as it does for them."""
    house = TestHouse(**vars(make_house(settings_for(database_url, root_key_file, tmp_path), SystemClock())))
    found = Servers(house)
    yield found
    found.close()
    house.database.engine.dispose()
