"""Roles that open every account, decide or let people in: given by one, worn once another has confirmed."""

import threading
from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from registry.core.clock import FixedClock
from registry.core.errors import Conflict, NotFound, Refused
from registry.councils.models import Council
from registry.identity.actions import absence, people, roles
from registry.identity.models import Person, RoleGrant
from registry.identity.queries import has_role
from registry.identity.rules.hats import HAT_MAY_BE_CONFIRMED, Confirmation
from registry.outbox.models import Message
from registry.vocabulary.permissions import Role
from tests.world import World


@pytest.fixture
def clerk(world: World) -> Person:
    return world.person("Clara Clerk", Role.CLERK)


@pytest.fixture
def keeper(world: World) -> Person:
    return world.person("Ada Keeper", Role.ADMINISTRATOR)


def wears(world: World, person: Person, role: Role) -> bool:
    with world.house.reading(world.council) as session:
        return has_role(session, world.council.id, person.id, (role,), world.today)


def given(world: World, giver: Person, person: Person, role: Role) -> RoleGrant:
    with world.work(giver) as work:
        return people.grant_role(work, person.id, role, world.today, None)


def messages(world: World) -> list[tuple[str, str]]:
    with world.house.reading(world.council) as session:
        rows = session.scalars(sa.select(Message).where(Message.subject.like("%ole %")).order_by(Message.id))
        return [(row.to_address.split("@")[0], row.subject) for row in rows]


def test_nobody_confirms_or_declines_a_role_of_another_council(world: World, clerk: Person, keeper: Person) -> None:
    grant, other = given(world, clerk, world.person("Ann Example"), Role.COMMS), world.another()
    theirs = other.person("Far Clerk", Role.CLERK)
    for answer in (roles.confirm_role, roles.decline_role):
        with pytest.raises(NotFound), other.work(theirs) as work:
            answer(work, grant.id)


def test_a_role_of_power_is_worn_once_a_second_person_has_confirmed_it(
    world: World, clerk: Person, keeper: Person
) -> None:
    ann = world.person("Ann Example")
    grant = given(world, clerk, ann, Role.COMMS)
    assert not wears(world, ann, Role.COMMS)
    with pytest.raises(Conflict, match="waits to be confirmed"):
        given(world, clerk, ann, Role.COMMS)
    with world.work(keeper) as work:
        roles.confirm_role(work, grant.id)
    assert wears(world, ann, Role.COMMS)
    assert messages(world) == [("ada.keeper", "A role waits for your confirmation")]
    with pytest.raises(Conflict, match="confirmed this role already"), world.work(keeper) as work:
        roles.confirm_role(work, grant.id)


def test_the_clerk_and_the_auditors_hear_of_every_role_of_power(world: World, clerk: Person, keeper: Person) -> None:
    world.person("Otto Auditor", Role.AUDITOR)
    world.person("Fred Former", Role.AUDITOR, ends_on=world.day(-1))
    ann, second = world.person("Ann Example"), world.person("Ben Keeper", Role.ADMINISTRATOR)
    grant = given(world, keeper, ann, Role.ADMINISTRATOR)
    with world.work(second) as work:
        roles.confirm_role(work, grant.id)
    heard = {name for name, subject in messages(world) if subject == "A new role in the social media register"}
    assert heard == {"clara.clerk", "otto.auditor"}


def test_any_three_actors_confirm_only_when_they_are_three(world: World) -> None:
    for granter, person, confirmer in product(range(1, 4), repeat=3):
        verdict = HAT_MAY_BE_CONFIRMED.judge(Confirmation(granter, person, confirmer), world.today)
        assert bool(verdict) == (confirmer not in (granter, person))


@pytest.mark.parametrize("who", ["giver", "wearer"])
def test_neither_who_gave_it_nor_who_is_to_wear_it_confirms(
    world: World, clerk: Person, keeper: Person, who: str
) -> None:
    other = world.person("Ben Keeper", Role.ADMINISTRATOR)
    grant = given(world, clerk, other, Role.COMMS)
    with pytest.raises(Refused, match="takes two people"), world.work({"giver": clerk, "wearer": other}[who]) as work:
        roles.confirm_role(work, grant.id)
    assert not wears(world, other, Role.COMMS)


def test_the_database_itself_refuses_one_who_confirms_their_own(world: World, clerk: Person, keeper: Person) -> None:
    grant = given(world, clerk, world.person("Ann Example"), Role.COMMS)
    with pytest.raises(sa.exc.IntegrityError), world.work(clerk) as work:
        work.session.execute(sa.update(RoleGrant).where(RoleGrant.id == grant.id).values(confirmed_by=clerk.id))


def test_where_nobody_else_may_confirm_the_clerk_gives_alone_and_the_auditor_hears(world: World, clerk: Person) -> None:
    world.person("Otto Auditor", Role.AUDITOR)
    ann = world.person("Ann Example")
    given(world, clerk, ann, Role.ADMINISTRATOR)
    assert wears(world, ann, Role.ADMINISTRATOR)
    assert messages(world) == [("otto.auditor", "A new role in the social media register")]


def test_a_no_ends_it_and_so_does_taking_it_back(
    world: World, clock: FixedClock, clerk: Person, keeper: Person
) -> None:
    ann = world.person("Ann Example")
    for who in (keeper, clerk):
        clock.advance(minutes=1)
        grant = given(world, clerk, ann, Role.COMMS)
        with world.work(who) as work:
            assert roles.decline_role(work, grant.id).person_id == ann.id
        assert not wears(world, ann, Role.COMMS)


def test_of_many_who_confirm_at_once_one_does(world: World, clerk: Person) -> None:
    keepers = [world.person(f"Keeper {number}", Role.ADMINISTRATOR) for number in range(6)]
    grant = given(world, clerk, world.person("Ann Example"), Role.COMMS)
    came: list[str] = []

    def confirm(who: Person) -> None:
        try:
            with world.work(who) as work:
                roles.confirm_role(work, grant.id)
            came.append("confirmed")
        except Conflict:
            came.append("late")

    threads = [threading.Thread(target=confirm, args=(who,)) for who in keepers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["confirmed"] + ["late"] * 5


def test_a_role_of_reading_or_of_one_area_needs_no_second_person(world: World, clerk: Person, keeper: Person) -> None:
    ann = world.person("Ann Example")
    for role in (Role.AUDITOR, Role.MANAGER):
        given(world, clerk, ann, role)
        assert wears(world, ann, role)


def test_sysadmin_cannot_reveal_or_self_grant(
    app: Flask, client: FlaskClient, world: World, clerk: Person, keeper: Person
) -> None:
    world.sign_in(client, keeper)
    area = world.area()
    account = world.account(area)
    assert client.get(world.path(f"accounts/{account.id}/custody")).status_code == 403
    own = client.post(
        world.path(f"people/{keeper.id}/roles/new"), data={"role": "administrator", "starts_on": ["20", "11", "2026"]}
    )
    assert own.status_code == 403
    other = world.person("Ann Example")
    for role, status in (("clerk", 403), ("comms", 403), ("management_team", 302)):
        sent = {"role": role, "starts_on": ["20", "11", "2026"]}
        assert client.post(world.path(f"people/{other.id}/roles/new"), data=sent).status_code == status
    assert not wears(world, other, Role.MANAGEMENT_TEAM)
    with pytest.raises(Refused, match="Only the Clerk ends"):
        world.leaves(clerk, keeper)


def test_an_administrator_alone_makes_nobody_who_decides(
    client: FlaskClient, world: World, clerk: Person, keeper: Person
) -> None:
    """Neither by a deputy for a day, nor by settling who decides, nor by letting training count unconfirmed."""
    ann = world.person("Ann Example")
    with world.work(keeper) as work:
        people.grant_role(work, ann.id, Role.MANAGER, world.today, world.day(1))
    assert not wears(world, ann, Role.MANAGER)
    world.sign_in(client, keeper)
    assert client.post(world.path("settings/chain"), data={"version": "1", "template": "own"}).status_code == 403
    assert world.path("settings/chain") not in client.get(world.path("settings")).text
    numbers = {"ideal_editors": "2", "grace_days": "14", "default_cadence_days": "30"}
    days = {"review_low": "365", "review_normal": "180", "review_high": "90"}
    page = client.get(world.path("settings/measures"))
    assert "Training counts only" not in page.text
    assert client.post(world.path("settings/measures"), data={"version": "1", **numbers, **days}).status_code == 302
    with world.house.reading(world.council) as session:
        assert session.get_one(Council, world.council.id).training_confirmed
    ben = world.person("Ben Example")
    given(world, clerk, ben, Role.MANAGER)
    assert wears(world, ben, Role.MANAGER)


def test_an_administrator_puts_the_clerk_out_by_no_other_way(world: World, clerk: Person, keeper: Person) -> None:
    """Neither by suspending them nor by a last day that has passed: then nobody would be left to confirm or decline."""
    colleague = world.person("Cora Colleague", Role.COMMS)
    for person in (colleague, clerk):
        with pytest.raises(Refused, match="Only the Clerk ends"), world.work(keeper) as work:
            absence.suspend(work, person.id, "An enquiry")
        for last_day in (world.day(-1), world.day(30)):
            with pytest.raises(Refused, match="Only the Clerk ends"), world.work(keeper) as work:
                people.change_person(work, person.id, 1, {"ends_on": last_day})
    assert wears(world, clerk, Role.CLERK)
    with world.work(clerk) as work:
        people.change_person(work, colleague.id, 1, {"ends_on": world.day(30)})
    with world.work(keeper) as work:
        people.change_person(work, colleague.id, 2, {"ends_on": world.day(60), "job_title": "Officer for a while"})
    with world.work(clerk) as work:
        absence.suspend(work, colleague.id, "An enquiry")


def test_an_administrator_ends_no_role_of_the_clerk(world: World, clerk: Person, keeper: Person) -> None:
    with world.house.reading(world.council) as session:
        number = session.scalars(sa.select(RoleGrant.id).where(RoleGrant.person_id == clerk.id)).one()
    with pytest.raises(Refused, match="Only the Clerk ends"), world.work(keeper) as work:
        people.end_role(work, number)
    assert wears(world, clerk, Role.CLERK)


def test_the_second_person_finds_it_on_the_first_page_and_confirms_it_there(
    client: FlaskClient, world: World, clerk: Person, keeper: Person
) -> None:
    ann = world.person("Ann Example")
    grant = given(world, clerk, ann, Role.COMMS)
    world.sign_in(client, keeper)
    assert "Confirm or refuse that Ann Example becomes Communications" in client.get(world.path()).text
    page = client.get(world.path(f"people/{ann.id}")).text
    assert "waits for a second person" in page
    assert "Confirm the role" in page
    assert client.post(world.path(f"roles/{grant.id}/confirm")).status_code == 302
    assert "confirmed by Ada Keeper" in client.get(world.path(f"people/{ann.id}")).text
    again = world.another().person("Otto Other", Role.CLERK)
    world.sign_in(client, again)
    assert client.post(world.path(f"roles/{grant.id}/decline")).status_code == 404
