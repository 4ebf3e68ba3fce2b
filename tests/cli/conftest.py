from collections.abc import Iterator

import pytest

from tests.cli import running


@pytest.fixture(scope="session", autouse=True)
def _no_command_outlives_the_run() -> Iterator[None]:
    yield
    running.end()
