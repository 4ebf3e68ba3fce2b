"""The page of the jobs, and running one now."""

import json
import re
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from registry.audit.models import Entry
from registry.identity.models import Person
from registry.jobs.models import JobRun, RunState
from registry.jobs.runner import keep_up
from registry.jobs.runs import claim, perform, run_if_due
from registry.jobs.schedule import BY_NAME, SCHEDULE, run_backup
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.world import World


@pytest.fixture
def clerk(world: World, client: FlaskClient) -> Person:
    """The Clerk, signed in."""
    person = world.person("Cleo Clerk", Role.CLERK)
    world.sign_in(client, person)
    return person


def test_before_the_first_night_the_page_says_what_each_job_does_and_when(
    world: World, client: FlaskClient, clerk: Person
) -> None:
    text = client.get(world.path("jobs")).text
    assert "No job has run yet" in text
    assert "21 November 2026, 2:40am" in text
    for job in SCHEDULE:
        assert job.what.split(",")[0] in text


def test_a_job_asked_for_runs_for_this_council_only_and_the_trail_says_who_asked(
    world: World, client: FlaskClient, clerk: Person
) -> None:
    other = world.another()
    for each in (world, other):
        each.account(each.area())
    answer = client.post(world.path("jobs/sweep/run"), follow_redirects=True)
    assert "“Sweep” has been started" in answer.text
    assert re.search(r"[1-9]\d* raised, 0 changed, 0 cleared", answer.text)
    assert "Cleo Clerk" in answer.text
    with world.house.reading() as session:
        (run,) = session.scalars(sa.select(JobRun))
        assert list(run.summary["councils"]) == [str(world.council.id)]
        assert run.asked_by == clerk.id
        bodies = session.scalars(sa.select(Entry.body).where(Entry.act == Event.JOB_ASKED.value)).all()
    assert [json.loads(body)["council"] for body in bodies] == [world.council.id]


def test_each_council_sees_only_its_own_figures_and_its_own_wishes(world: World, client: FlaskClient) -> None:
    other = world.another()
    world.account(world.area())
    keep_up(world.house)
    world.clock.advance(minutes=1)
    clerk = world.person("Cleo Clerk", Role.CLERK)
    world.sign_in(client, clerk)
    client.post(world.path("jobs/tidy/run"))
    own = client.get(world.path("jobs")).text
    assert "raised" in own
    assert "Cleo Clerk</td>" in own
    world.sign_in(client, other.person("Ola Clerk", Role.CLERK))
    text = client.get(other.path("jobs")).text
    assert "raised" not in text
    assert "Nothing had changed" in text
    assert "Cleo Clerk" not in text
    assert "The clock" in text


def test_a_run_under_way_is_shown_and_not_started_twice(world: World, client: FlaskClient, clerk: Person) -> None:
    claim(world.house, BY_NAME["sweep"], world.clock.now(), clerk.id, world.council)
    text = client.get(world.path("jobs")).text
    assert "Still running" in text
    assert "Look again" in text
    assert client.post(world.path("jobs/sweep/run")).status_code == 409
    world.clock.advance(minutes=1)
    perform(world.house, BY_NAME["sweep"], world.clock.now() - timedelta(minutes=1), world.council)
    assert "60 s" in client.get(world.path("jobs")).text


def test_outside_of_tests_a_job_runs_behind_the_readers_back(world: World, client: FlaskClient, clerk: Person) -> None:
    client.application.testing = False
    assert client.post(world.path("jobs/sweep/run")).status_code == 302
    for thread in threading.enumerate():
        if thread.name == "job-sweep":
            thread.join(30)
    assert "Nothing had changed" in client.get(world.path("jobs")).text


def test_a_failed_run_is_shown_with_its_error(world: World, client: FlaskClient, clerk: Person) -> None:
    def failing(_house: object, _council: object) -> dict[str, object]:
        raise ValueError("private")

    run_if_due(world.house, replace(BY_NAME["sweep"], run=failing))
    text = client.get(world.path("jobs")).text
    assert "Failed" in text
    assert "ValueError" in text
    assert "private" not in text


def test_a_job_there_is_none_of_is_not_there(world: World, client: FlaskClient, clerk: Person) -> None:
    assert client.post(world.path("jobs/nothing/run")).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "runs"),
    [(Role.AUDITOR, 200, 403), (Role.ADMINISTRATOR, 200, 302), (Role.MANAGER, 403, 403), (Role.COMMS, 200, 302)],
)
def test_who_may_look_and_who_may_run(world: World, client: FlaskClient, role: Role, reads: int, runs: int) -> None:
    world.sign_in(client, world.person("Some Body", role))
    answer = client.get(world.path("jobs"))
    assert answer.status_code == reads
    if runs == 403 and reads == 200:
        assert "/run" not in answer.text
    assert client.post(world.path("jobs/tidy/run")).status_code == runs


def test_a_claim_lost_to_another_runs_nothing_here(world: World, client: FlaskClient, clerk: Person) -> None:
    now = world.clock.now()
    world.add(JobRun(job="tidy", due_at=now, state=RunState.FINISHED, host="there", started_at=now, finished_at=now))
    assert client.post(world.path("jobs/tidy/run")).status_code == 302
    with world.house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(JobRun)) == 1


def test_no_other_council_runs_what_works_for_all(world: World, client: FlaskClient) -> None:
    """Neither prune everybody's backups, nor replay everybody's trails, on one council's wish."""
    other = world.another()
    reaching = [job.name for job in SCHEDULE if job.reaches_all]
    assert reaching == ["tidy", "trail", "backup"]
    for role in (Role.CLERK, Role.COMMS, Role.ADMINISTRATOR):
        world.sign_in(client, other.person(f"Eve {role.value}", role))
        page = client.get(other.path("jobs")).text
        assert page.count("kept by Exampleton Council") == 1
        for name in reaching:
            assert client.post(other.path(f"jobs/{name}/run")).status_code == 403
            assert other.path(f"jobs/{name}/run") not in page
        assert client.post(other.path("jobs/sweep/run")).status_code == 302
        world.clock.advance(minutes=1)
    with world.house.reading() as session:
        assert set(session.scalars(sa.select(JobRun.job))) == {"sweep"}


def test_running_a_job_takes_fresh_proof(world: World, client: FlaskClient, clerk: Person) -> None:
    world.clock.advance(minutes=6)
    answer = client.post(world.path("jobs/backup/run"))
    assert "carried-" in answer.text
    with world.house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(JobRun)) == 0


def test_backups_that_were_asked_for_remove_none(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    house = replace(world.house, settings=replace(world.house.settings, backup_folder=folder, backups_kept=1))
    for _ in range(3):
        assert run_backup(house, world.council)["removed"] == 0
        world.clock.advance(days=2)
    assert run_backup(house, None)["removed"] == 3
    assert len(list(folder.iterdir())) == 1
