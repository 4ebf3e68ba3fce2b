"""Roles are given from a day until a day, in that order, and end when people leave."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from registry.core.errors import Conflict
from registry.identity.actions import absence, people
from registry.identity.models import Person, RoleGrant
from registry.identity.queries import people_wearing
from registry.vocabulary.permissions import Role
from tests.world import World


def boxes(day: date) -> list[int]:
    return [day.day, day.month, day.year]


def grants_of(world: World, person: Person) -> list[RoleGrant]:
    with world.house.reading() as session:
        return list(session.query(RoleGrant).filter_by(person_id=person.id))


@pytest.fixture
def ann(client: FlaskClient, world: World) -> Person:
    """Somebody to whom a Clerk, who is signed in, gives roles."""
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    return world.person("Ann Example")


def post(client: FlaskClient, world: World, page: str, **typed: Any) -> Any:
    return client.post(world.path(page), data=typed)


def test_who_wears_a_role_is_whoever_does_so_today_and_is_at_work(world: World) -> None:
    clerk, keeper = world.person("Clara Clerk", Role.CLERK), world.person("Ada Keeper", Role.ADMINISTRATOR)
    world.person("Fred Former", Role.COMMS, ends_on=world.day(-1))
    away, named, waits = (world.person(name) for name in ("Al Away", "Ned Named", "Walt Waits"))
    with world.work() as work:
        people.grant_role(work, away.id, Role.COMMS, world.today, None)
        people.grant_role(work, named.id, Role.COMMS, world.day(-9), world.day(-1))
    with world.work(clerk) as work:
        people.grant_role(work, waits.id, Role.COMMS, world.today, None)
        absence.suspend(work, away.id, "An enquiry")

    def wearing(**more: Any) -> list[str]:
        roles = (Role.CLERK, Role.COMMS, Role.ADMINISTRATOR)
        with world.house.reading() as session:
            return [p.name for p in people_wearing(session, world.council.id, roles, world.today, **more)]

    assert wearing() == ["Ada Keeper", "Clara Clerk"]
    assert wearing(also=[named.id, away.id], besides=[keeper.id, None]) == ["Clara Clerk", "Ned Named"]


def test_a_role_does_not_end_before_it_begins(client: FlaskClient, world: World, ann: Person) -> None:
    days = {"starts_on": boxes(world.day(5)), "ends_on": boxes(world.day(4))}
    answer = post(client, world, f"people/{ann.id}/roles/new", role="auditor", **days)
    assert answer.status_code == 422
    assert "The last day cannot be before the first" in answer.text
    assert grants_of(world, ann) == []


def test_nobody_joins_to_leave_before_their_first_day(client: FlaskClient, world: World, ann: Person) -> None:
    days = {"starts_on": boxes(world.day(5)), "ends_on": boxes(world.day(4))}
    typed = {"name": "Con Tractor", "email": "con@other.example", "terms": "contractor", "sponsor_id": ann.id}
    assert post(client, world, "people/new", **typed, **days).status_code == 422


def test_what_whoever_is_no_employee_needs_is_said_at_its_field(client: FlaskClient, world: World, ann: Person) -> None:
    typed = {"name": "Con Tractor", "email": "con@other.example", "job_title": "Films", "terms": "contractor"}
    answer = post(client, world, "people/new", **typed, starts_on=boxes(world.today))
    assert answer.status_code == 422
    assert "Somebody who is not an employee needs a last day. (002 §2.1; 004 §3.1)" in answer.text
    assert '<a href="#sponsor_id">Somebody who is not an employee needs a sponsor who is.' in answer.text
    assert '<a href="#ends_on-day">' in answer.text
    assert 'value="Con Tractor"' in answer.text
    typed = {"name": "Ann Example", "terms": "volunteer", "sponsor_id": world.person("Sponsor").id, "lock": "1"}
    assert "needs a last day" in post(client, world, f"people/{ann.id}/change", **typed).text


def test_a_last_day_before_the_first_is_refused_where_a_person_is_changed(
    client: FlaskClient, world: World, ann: Person
) -> None:
    typed = {"name": "Ann Example", "terms": "employee", "ends_on": boxes(world.day(-500)), "lock": "1"}
    assert post(client, world, f"people/{ann.id}/change", **typed).status_code == 422


def test_a_role_that_runs_is_not_given_a_second_time(client: FlaskClient, world: World, ann: Person) -> None:
    for until in (world.day(90), world.day(100)):
        days = {"starts_on": boxes(world.today), "ends_on": boxes(until)}
        answer = post(client, world, f"people/{ann.id}/roles/new", role="auditor", **days)
    assert answer.status_code == 409
    assert len(grants_of(world, ann)) == 1


def test_a_role_with_a_last_day_ends_when_its_wearer_leaves_earlier(world: World, ann: Person) -> None:
    with world.work() as work:
        people.grant_role(work, ann.id, Role.CLERK, world.day(-9), world.day(200))
    world.leaves(ann)
    assert [grant.ends_on for grant in grants_of(world, ann)] == [world.day(-1)]


def test_a_role_that_is_over_is_not_ended_again_on_a_later_day(world: World, ann: Person) -> None:
    with world.work() as work:
        grant = people.grant_role(work, ann.id, Role.AUDITOR, world.day(-90), world.day(-30))
    with pytest.raises(Conflict), world.work() as work:
        people.end_role(work, grant.id)
    assert grants_of(world, ann)[0].ends_on == world.today - timedelta(days=30)
