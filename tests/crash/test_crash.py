"""The machine dies in the middle of everything, again and again; what was acknowledged is there, and nothing is half.

The real server, four people at work at once, SIGKILL at a random moment or at a named point. After each round every
invariant holds, the trail is whole, and each act that somebody saw done is found exactly once. `make crash` goes on for
two hundred rounds.
"""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from flask import Flask

from registry.application import make_house
from registry.core.clock import SystemClock
from registry.core.house import House
from registry.upkeep.invariants import check
from tests import conftest
from tests.conftest import settings_for
from tests.crash.scene import Browser, Claim, Refusal, Scene, set_the_scene
from tests.world import World

ROUNDS = int(os.environ.get("CRASH_ROUNDS", "20"))
POINTS = {
    "before_event": 9,
    "before_commit": 9,
    "after_commit": 9,
    "before_response": 20,
    "mid_sweep": 1,
    "mid_rewrap": 5,
}
"""Where it dies, and by which time it passes there at the latest."""
WHO = ("clerk", "comms", "editor", "staff")


class Servers:
    """The process that becomes a server, as often as one is asked for."""

    def __init__(self, house: House) -> None:
        settings = house.settings
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        keys = str(settings.root_key_file)
        self.ask({"url": settings.database_url, "root_key": keys, "instance": str(settings.instance)})

    def ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Ask for something, and hear what came of it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return dict(json.loads(self.process.stdout.readline()))

    def serve(self, failpoint: str) -> tuple[int, str]:
        """Start a server: its process and its address."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        pid = self.ask({"do": "serve", "port": port, "failpoint": failpoint})["pid"]
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.01)
            else:
                return pid, f"http://127.0.0.1:{port}"
        raise AssertionError("the server did not come")

    def renew(self, scene: Scene, failpoint: str) -> int:
        """Start somebody who renews the council's key over and over: their process."""
        who = {"council": scene.world.council.id, "actor": scene.people["clerk"].id}
        return int(self.ask({"do": "rotate", "failpoint": failpoint, **who})["pid"])

    def kill(self, pid: int) -> None:
        """End a server as a power cut would, if nothing has yet, and see it gone."""
        os.kill(pid, signal.SIGKILL)  # a dead child keeps its number until it is waited for
        self.ask({"do": "wait", "pid": pid})

    def close(self) -> None:
        """No more servers."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture
def house(pages: Flask, database_url: str, root_key_file: Path, tmp_path: Path) -> Iterator[House]:
    """A house that lives by the machine's own clock, as the server does."""
    made = conftest.TestHouse(**vars(make_house(settings_for(database_url, root_key_file, tmp_path), SystemClock())))
    yield made
    made.database.engine.dispose()


@pytest.fixture
def servers(house: House) -> Iterator[Servers]:
    """Servers of this house."""
    found = Servers(house)
    yield found
    found.close()


def test_whatever_moment_the_machine_dies_nothing_acknowledged_is_lost_and_nothing_is_half_done(
    house: House, servers: Servers, pages: Flask
) -> None:
    chance = random.Random(20261120)
    scene = set_the_scene(World(house, SystemClock(), daily_reveals=100_000), ROUNDS)  # type: ignore[arg-type]
    kept: list[Claim] = []
    for number in range(ROUNDS):
        point = chance.choice(list(POINTS))
        failpoint = f"{point}:{chance.randint(1, POINTS[point])}" if number % 2 else ""
        fresh = one_round(servers, scene, pages, number, failpoint, chance.uniform(0.05, 0.4))
        settle(house)
        kept += fresh
        assert [str(breach) for breach in check(house)] == [], failpoint or "a random moment"
        with house.reading() as session:
            lost = [said for said, holds in (kept if number == ROUNDS - 1 else fresh) if not holds(session)]
            halves = [person.name for person in scene.leaving if len(scene.ended(session, person)) == 2]
        assert (lost, halves) == ([], []), failpoint or "a random moment"
    assert len(kept) >= ROUNDS, "too little was done for the crashes to say anything"


def test_whoever_leaves_as_the_machine_dies_has_left_wholly_or_not_at_all(
    house: House, servers: Servers, pages: Flask
) -> None:
    """T04, at every point at which a transaction may be cut off: sign-ins, roles, editorships, values due, notices."""
    points = [f"{point}:{time}" for point in ("before_event", "before_commit", "after_commit") for time in (1, 2)]
    scene = set_the_scene(World(house, SystemClock()), len(points))  # type: ignore[arg-type]
    outcomes = set()
    pages.extensions["house"] = house
    for failpoint, person in zip(points, scene.leaving, strict=True):
        cookie = scene.cookie(pages, scene.people["clerk"])
        pid, base = servers.serve(failpoint)
        with contextlib.suppress(requests.RequestException):
            scene.leaves(Browser(base, cookie, scene.people["clerk"]))
        servers.kill(pid)
        settle(house)
        with house.reading() as session:
            outcomes |= (ended := scene.ended(session, person))
        assert len(ended) == 1, failpoint
    assert outcomes == {True, False}
    assert [str(breach) for breach in check(house)] == []


def one_round(servers: Servers, scene: Scene, app: Flask, number: int, failpoint: str, after: float) -> list[Claim]:
    """Everybody works until the machine dies; what each of them saw done."""
    app.extensions["house"] = scene.world.house  # to sign cookies
    people = {who: scene.somebody(who, number) for who in WHO}
    cookies = {who: scene.cookie(app, person) for who, person in people.items()}
    pid, base = servers.serve(failpoint)
    renewing = servers.renew(scene, failpoint) if number and number % 3 == 0 else None
    done: list[Claim] = []
    faults: list[Refusal] = []
    workers = [
        threading.Thread(target=work, args=(scene, Browser(base, cookies[who], people[who]), who, done, faults))
        for who in WHO
    ]
    for worker in workers:
        worker.start()
    if failpoint:
        for worker in workers:
            worker.join(timeout=3)
    else:
        time.sleep(0.25 + after)  # the first quarter of a second goes into first pages
    servers.kill(pid)
    if renewing:
        servers.kill(renewing)
    for worker in workers:
        worker.join(timeout=30)
    assert not faults, "\n".join(str(fault) for fault in faults)
    return done


def work(scene: Scene, browser: Browser, who: str, done: list[Claim], faults: list[Refusal]) -> None:
    """Do one thing after another until the server is gone."""
    stop = time.monotonic() + 2
    while time.monotonic() < stop:
        for act in scene.acts(who):
            try:
                done.append(act(browser))
            except (requests.RequestException, OSError):
                return
            except Refusal as refusal:
                faults.append(refusal)
                return


def settle(house: House) -> None:
    """Wait until PostgreSQL has seen that its clients are gone."""
    if house.database.is_sqlite:
        return
    others = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    house.database.engine.dispose()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with house.database.engine.connect() as connection:
            if connection.scalar(others) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("the dead server's connections live on")
