"""People on a council's list: added once, changed with care for the councils they share, found again when they left."""

import pytest
from flask.testing import FlaskClient

from registry.core.errors import Conflict, Invalid, NotFound, Refused
from registry.identity.actions import people
from registry.identity.models import Person, Terms
from registry.vocabulary.permissions import Role
from tests.world import World


def name_of(world: World, person: Person) -> str:
    with world.house.reading() as session:
        return session.get_one(Person, person.id).name


def test_a_joint_officers_name_is_not_one_councils_to_change(world: World) -> None:
    other = world.another()
    joint = other.joins(world.person("Joint Officer"))
    with world.work(world.person("Clara Clerk", Role.CLERK)) as work:
        with pytest.raises(Invalid, match="nobody here renames them"):
            people.change_person(work, joint.id, 1, {"name": "Somebody Else", "job_title": "Officer"})
        work.session.rollback()
        people.change_person(work, joint.id, 1, {"name": "Joint Officer", "job_title": "Joint press officer"})
    assert name_of(world, joint) == "Joint Officer"


def test_a_councils_own_people_may_be_renamed(world: World) -> None:
    ann = world.person("Ann Example")
    with world.work(world.person("Clara Clerk", Role.CLERK)) as work:
        people.change_person(work, ann.id, 1, {"name": "Ann Sample"})
    assert name_of(world, ann) == "Ann Sample"


@pytest.mark.parametrize("facts", [{}, {"sponsor_id": None, "ends_on": 30}])
def test_whoever_is_not_an_employee_has_a_sponsor_and_a_last_day(world: World, facts: dict[str, object]) -> None:
    ends_on = world.day(30) if facts else None
    joiner = people.Joiner("Vera Volunteer", "vera@x.example", "", world.today, Terms.VOLUNTEER, ends_on=ends_on)

    def add() -> None:
        with world.work() as work:
            people.add_person(work, joiner)

    with pytest.raises(Refused):
        add()


def test_an_address_stands_once_on_a_councils_list(world: World) -> None:
    ann = world.person("Ann Example")

    def add() -> None:
        with world.work() as work:
            people.add_person(work, people.Joiner("Ann Twice", ann.email.upper(), "", world.today))

    with pytest.raises(Invalid, match="already on the council's list"):
        add()


def test_roles_are_given_by_another_to_somebody_who_works_here_and_only_once(world: World) -> None:
    clerk, ann = world.person("Clara Clerk", Role.CLERK), world.person("Ann Example")
    for person, role in ((clerk, Role.AUDITOR), (ann, Role.EDITOR)):
        with pytest.raises(Refused), world.work(clerk) as work:
            people.grant_role(work, person.id, role, work.today, None)
    with pytest.raises(NotFound), world.work(clerk) as work:
        people.grant_role(work, 9999, Role.AUDITOR, work.today, None)
    with world.work(clerk) as work:
        grant = people.grant_role(work, ann.id, Role.COMMS, work.today, None)
    with pytest.raises(Conflict), world.work(clerk) as work:
        people.grant_role(work, ann.id, Role.COMMS, work.today, None)
    with world.work(clerk) as work:
        people.end_role(work, grant.id)
    with pytest.raises(NotFound), world.work(clerk) as work:
        people.end_role(work, grant.id)


def test_the_list_is_searched_paged_and_tells_who_left(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    for number in range(55):
        world.person(f"Person {number:02}")
    gone = world.person("Gone Example", ends_on=world.day(-1))
    first = client.get(world.path("people")).text
    assert 'rel="next"' in first
    assert gone.name not in first
    later = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "Person 54" in client.get(world.path("people") + later).text
    assert "Person 07" in client.get(world.path("people?q=person+07")).text
    assert "Nobody matches" in client.get(world.path("people?q=nobody+at+all")).text
    assert gone.name in client.get(world.path("people?show=left")).text


def test_only_the_clerk_makes_somebody_clerk_or_communications(world: World) -> None:
    keeper, ann = world.person("Adam Administrator", Role.ADMINISTRATOR), world.person("Ann Example")
    for role in (Role.CLERK, Role.COMMS):
        with pytest.raises(Refused, match="Only the Clerk makes somebody"), world.work(keeper) as work:
            people.grant_role(work, ann.id, role, work.today, None)
    with world.work(keeper) as work:
        people.grant_role(work, ann.id, Role.MANAGER, work.today, None)
    with world.work(world.person("Clara Clerk", Role.CLERK)) as work:
        people.grant_role(work, ann.id, Role.COMMS, work.today, None)


def test_saving_somebody_as_they_are_enters_nothing_and_nobody_leaves_before_they_came(world: World) -> None:
    clerk, ann = world.person("Clara Clerk", Role.CLERK), world.person("Ann Example")
    with world.work(clerk) as work:
        people.change_person(work, ann.id, 1, {"name": "Ann Example", "job_title": "Officer"})
        assert work.occurrences == []
    with pytest.raises(Invalid, match="cannot be before the first"), world.work(clerk) as work:
        people.leave(work, ann.id, world.day(-5000))
