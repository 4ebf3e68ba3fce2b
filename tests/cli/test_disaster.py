"""The commands of docs/disaster.md: the server is lost, and comes back from a backup and two papers, values and all."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from registry.application import make_house
from registry.core.clock import SystemClock
from registry.core.settings import load
from registry.core.tenants import Beyond
from registry.councils.queries import list_councils
from registry.custody.models import Credential
from registry.vocabulary.events import Event
from tests import conftest
from tests.cli.running import TOP, flask
from tests.custody.hall import VALUE, Hall, build
from tests.hearing import remember
from tests.world import World

PAGE = (TOP / "docs" / "disaster.md").read_text(encoding="utf-8")
HOLDERS = ("clara@parish.example", "dan.deputy@example-parish.example")


def lived_in(instance: Path) -> tuple[list[str], Hall, Credential]:
    """A register with a value in custody and two holders of a share on paper; gives what stands on the papers."""
    clerk = ("--clerk", "Clara Clerk", "--email", HOLDERS[0])
    assert flask(instance, "init", "--council", "Example Parish Council", *clerk).returncode == 0
    with at_work(instance) as world:
        world.person("Dan Deputy")
        hall = build(world)
        with world.work() as work:
            work.record(Event.ACCOUNT_ADDED, hall.account, how="for the test")
        kept = hall.deposit()
    asked = [part for holder in HOLDERS for part in ("--holder", holder)]
    made = flask(instance, "custody", "shares", "make", "--needed", "2", *asked)
    assert made.returncode == 0, made.stderr
    papers = []
    for holder in HOLDERS:
        shown = flask(instance, "custody", "shares", "show", holder)
        assert shown.returncode == 0, shown.stderr
        papers.append(" ".join(line.strip() for line in shown.stdout.splitlines() if line.startswith("  ")))
        remember(papers[-1])
        confirmed = flask(instance, "custody", "shares", "confirm", typed=f"{papers[-1]}\n")
        assert confirmed.returncode == 0, confirmed.stderr
    return papers, hall, kept


@contextmanager
def at_work(instance: Path) -> Iterator[World]:
    """The people of the parish at work in the register that lies here, with its own keys."""
    there = World.__new__(World)
    there.house, there.clock = conftest.TestHouse(**vars(make_house(load(instance)))), SystemClock()
    with there.house.reading(Beyond.INSTALLATION) as session:
        (there.council,) = list_councils(session)
    yield there
    there.house.database.engine.dispose()


def test_a_lost_server_comes_back_from_a_backup_and_two_papers_by_the_printed_page(tmp_path: Path) -> None:
    instance, backups = tmp_path / "instance", tmp_path / "backups"
    papers, hall, kept = lived_in(instance)
    made = flask(instance, "backup", "--to", str(backups))
    assert made.returncode == 0, made.stderr
    ids = re.findall(r"[0-9a-f]{16}", made.stdout.splitlines()[1])
    shutil.rmtree(instance)  # the server is lost
    steps = re.findall(r"^\.venv/bin/flask --app app (.+)$", PAGE, re.M)
    assert [step.split(" /")[0] for step in steps] == [
        "restore", "custody recover", "doctor", "serve", "people link clara@council.example"
    ]  # fmt: skip

    began = monotonic()
    restored = flask(instance, "restore", str(next(backups.glob("register-*"))))
    assert restored.returncode == 0, restored.stderr
    assert restored.stdout.startswith("Restored: ")
    assert all(key in restored.stdout.split("Still to do:", 1)[1] for key in ids)
    assert flask(instance, "doctor").returncode == 2  # the keys are not there yet
    recovered = flask(instance, "custody", "recover", typed="\n".join(["2", *papers, ""]))
    assert recovered.returncode == 0, recovered.stderr
    examined = flask(instance, "doctor")
    assert examined.returncode == 1, examined.stdout  # keys beside the database, this machine only: not broken
    took = monotonic() - began
    assert all(key in examined.stdout for key in ids)
    link = flask(instance, "people", "link", HOLDERS[0])
    assert "/new-password/" in link.stdout
    with sqlite3.connect(instance / "register.sqlite") as database:
        assert database.execute("SELECT count(*) FROM sign_in_sessions WHERE ended_at IS NULL").fetchone() == (0,)
    with at_work(instance) as world:  # step 8: the very value that was put in before, by the keys off the papers
        assert Hall(world, hall.area, hall.account, hall.ann).look(kept) == VALUE
    assert took < 600, f"the drill took {took:.0f} s"
