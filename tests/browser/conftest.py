"""A real Chromium before the real application, served by waitress on this machine."""

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from waitress.server import create_server

from registry.application import create_app
from registry.core.clock import FixedClock
from registry.core.settings import Settings
from tests.browser.walker import DESKTOP, Walker
from tests.chromium import window
from tests.conftest import NO_PACE, PASSWORDS, TestHouse
from tests.world import World


@pytest.fixture
def clock() -> FixedClock:
    """The register's clock; the browser's own goes on."""
    return FixedClock(datetime(2026, 11, 20, 10, 0, tzinfo=UTC))


@pytest.fixture
def served(
    template_sqlite: Path, tmp_path: Path, root_key_file: Path, clock: FixedClock
) -> Iterator[tuple[Flask, str]]:
    """The application on SQLite with real form tokens, and its address."""
    path = tmp_path / "register.sqlite"
    shutil.copy(template_sqlite, path)
    settings = Settings(
        instance=tmp_path,
        secret_key="tests only: 0123456789abcdefghijklmnop",
        database_url=f"sqlite:///{path}",
        root_key_file=root_key_file,
        auth_key_file=root_key_file.with_name("auth.key"),
        acts_a_minute=NO_PACE,
    )
    app = create_app(settings, clock, PASSWORDS)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600  # no file of ours changes meanwhile: spare asking for each again
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield app, f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)
    app.extensions["house"].database.engine.dispose()


@pytest.fixture
def world(served: tuple[Flask, str], clock: FixedClock) -> World:
    """A council behind the served pages."""
    return World(TestHouse(**vars(served[0].extensions["house"])), clock)


@pytest.fixture
def page(browser: Browser, served: tuple[Flask, str]) -> Iterator[Page]:
    """A fresh browser window of a desktop, closed before the server is: that waits for whoever is connected."""
    with window(browser, viewport=DESKTOP) as page:
        yield page


@pytest.fixture
def walker(page: Page, served: tuple[Flask, str], clock: FixedClock) -> Walker:
    """Somebody at that window."""
    return Walker(page, served[1], clock)
