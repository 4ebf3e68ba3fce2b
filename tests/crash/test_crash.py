"""The machine dies in the middle of everything, again and again; what was acknowledged is there, and nothing is half.

The real server, four people at work at once, SIGKILL at a random moment or at a named point. After each round every
invariant holds, the trail is whole, and each act that somebody saw done is found exactly once. `make crash` goes on for
two hundred rounds.
"""

import contextlib
import random
import threading
import time

import requests
import sqlalchemy as sa
from flask import Flask

from registry.core.clock import SystemClock
from registry.core.house import House
from registry.upkeep.invariants import check
from tests.crash.scene import Browser, Claim, Refusal, Scene, set_the_scene
from tests.crash.servers import ROUNDS, Servers
from tests.world import World

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


def test_whatever_moment_the_machine_dies_nothing_acknowledged_is_lost_and_nothing_is_half_done(
    servers: Servers, pages: Flask
) -> None:
    house = servers.house
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


def test_whoever_leaves_as_the_machine_dies_has_left_wholly_or_not_at_all(servers: Servers, pages: Flask) -> None:
    """T04, at every point at which a transaction may be cut off: sign-ins, roles, editorships, values due, notices."""
    house = servers.house
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
    """Wait until PostgreSQL has seen that its clients are gone; the owner, who serves nobody, may stay."""
    if house.database.is_sqlite:
        return
    others = sa.text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
    )
    house.database.engine.dispose()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with house.database.engine.connect() as connection:
            if connection.scalar(others) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("the dead server's connections live on")
