"""A server that is told to stop finishes what it has, takes on nothing new, and leaves its database in one piece."""

import re
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from urllib.parse import urlencode

import pytest

from tests.cli.running import TOP, environment_of
from tests.cli.test_installation import founded

__all__ = ["founded"]

MAIN = [sys.executable, "-m", "flask", "--app", "app"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(seconds: float, is_so: Callable[[], bool]) -> bool:
    """Whether something comes true within so many seconds."""
    ends = monotonic() + seconds
    while monotonic() < ends:
        if is_so():
            return True
        sleep(0.05)
    return False


def answers(port: int) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection, suppress(OSError):
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    return False


@pytest.fixture
def server(founded: tuple[Path, str]) -> Iterator[tuple[Path, int, "subprocess.Popen[str]"]]:
    """A real server on a real register."""
    instance, port = founded[0], free_port()
    process = subprocess.Popen(
        [*MAIN, "serve", "--port", str(port)],
        cwd=TOP,
        env=environment_of(instance),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert until(60, lambda: answers(port))
        yield instance, port, process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_what_was_asked_before_is_answered_and_nothing_after(server: tuple[Path, int, "subprocess.Popen[str]"]) -> None:
    instance, port, process = server
    browser = HTTPConnection("127.0.0.1", port, timeout=30)
    browser.request("GET", "/sign-in")
    page = browser.getresponse()
    cookie, text = (page.getheader("Set-Cookie") or "").split(";")[0], page.read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text)
    assert token
    answered: list[int] = []

    def ask() -> None:
        form = urlencode({"csrf_token": token[1], "email": "clara@parish.example", "password": "not hers at all"})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        browser.request("POST", "/sign-in", form, headers)
        answered.append(browser.getresponse().status)

    asking = Thread(target=ask)
    with sqlite3.connect(instance / "register.sqlite", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")  # so that the guess cannot be entered yet
        asking.start()
        sleep(1)  # the request is with the server by then; sooner it would prove nothing, later it proves the same
        process.send_signal(signal.SIGTERM)
        assert until(10, lambda: not answers(port))
        assert process.poll() is None
        other.execute("ROLLBACK")
    asking.join(30)
    browser.close()
    assert answered == [422]
    assert process.wait(30) == 0
    assert not (instance / "register.sqlite-wal").exists() or (instance / "register.sqlite-wal").stat().st_size == 0
    said = process.stderr.read() if process.stderr else ""
    assert '"event": "stopping"' in said
    assert '"event": "stopped"' in said


def test_the_jobs_alone_stop_as_well(founded: tuple[Path, str]) -> None:
    process = subprocess.Popen(
        [*MAIN, "scheduler"],
        cwd=TOP,
        env=environment_of(founded[0], PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    assert "The scheduler runs" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    process.stdout.close()
