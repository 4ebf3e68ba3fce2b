"""Somebody lost everything: two people, a note, and for people with a role a day in which it can be stopped."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.cli.admitting import people as command
from registry.core.errors import Conflict, NotFound, Refused
from registry.identity.actions import resets
from registry.identity.factors import Factor, FactorReset
from registry.identity.models import Person
from registry.outbox.models import Message
from registry.vocabulary.permissions import Role
from tests.identity.test_sign_in import comes_in, enter, with_password
from tests.world import PASSWORD, World

WHY = {"evidence": "Came to my desk with her staff card"}


@pytest.fixture
def clerk(world: World) -> Person:
    return world.person("Clara Clerk", Role.CLERK)


@pytest.fixture
def admin(world: World) -> Person:
    return world.person("Adam Admin", Role.ADMINISTRATOR)


def asked(world: World, person: Person, by: Person) -> int:
    with world.work(by) as work:
        return resets.ask_reset(work, person.id, WHY["evidence"]).id


def agree(world: World, reset_id: int, by: Person) -> FactorReset:
    with world.work(by) as work:
        return resets.agree(work, reset_id)


def has_factor(world: World, person: Person) -> bool:
    with world.house.reading() as session:
        return session.scalar(select(Factor.id).where(Factor.person_id == person.id)) is not None


def test_two_people_let_somebody_begin_anew(client: FlaskClient, app: Flask, world: World, clerk, admin) -> None:
    ann = with_password(world)
    theirs, second = app.test_client(), app.test_client()
    comes_in(theirs, world, ann.email)
    world.sign_in(client, admin)
    page = world.path(f"people/{ann.id}/two-step")
    assert client.post(page, data={"evidence": ""}).status_code == 422
    assert client.post(page, data=WHY).status_code == 302
    assert client.post(page, data=WHY).status_code == 409
    shown = client.get(page).text
    assert WHY["evidence"] in shown
    assert "Somebody else who manages people must agree" in shown
    assert client.post(world.path("resets/1/agree")).status_code == 403
    world.sign_in(second, clerk)
    assert ">Agree" in second.get(page).text.replace("\n", "").replace("  ", "")
    assert second.post(world.path("resets/1/agree")).status_code == 302
    assert second.post(world.path("resets/1/agree")).status_code == 409
    assert theirs.get("/me/sessions").status_code == 302
    led = enter(theirs, ann.email, PASSWORD).headers["Location"]
    assert theirs.get(led).headers["Location"] == "/sign-in/set-up"
    with world.house.reading() as session:
        told = [message.to_address for message in session.query(Message)]
    assert told.count(ann.email) == 2
    assert clerk.email in told


def test_for_somebody_with_a_role_it_waits_a_day(client: FlaskClient, world: World, clerk, admin) -> None:
    comms = with_password(world, "Corin Comms", Role.COMMS)
    reset = agree(world, asked(world, comms, admin), clerk)
    assert reset.done_at is None
    world.clock.advance(hours=23)
    assert enter(client, comms.email, PASSWORD).status_code == 302
    assert has_factor(world, comms)
    world.clock.advance(hours=1)
    assert enter(client, comms.email, PASSWORD).status_code == 302
    assert not has_factor(world, comms)


def test_whoever_lost_nothing_stops_it(client: FlaskClient, world: World, clerk, admin) -> None:
    comms = with_password(world, "Corin Comms", Role.COMMS)
    reset_id = asked(world, comms, admin)
    agree(world, reset_id, clerk)
    comes_in(client, world, comms.email)
    assert "Stop it: I have lost nothing" in client.get("/me/two-step").text
    assert client.post("/me/two-step/keep").status_code == 302
    world.clock.advance(hours=25)
    enter(client, comms.email, PASSWORD)
    assert has_factor(world, comms)
    with pytest.raises(Conflict), world.work(admin) as work:
        resets.agree(work, reset_id)


def test_a_keeper_of_people_stops_it(client: FlaskClient, world: World, clerk, admin) -> None:
    ann = with_password(world)
    asked(world, ann, admin)
    world.sign_in(client, clerk)
    assert client.post(world.path("resets/1/stop")).status_code == 302
    assert has_factor(world, ann)
    assert client.post(world.path("resets/1/stop")).status_code == 409


def test_nobody_asks_for_or_agrees_to_their_own(world: World, clerk, admin) -> None:
    with pytest.raises(Refused, match="Nobody asks for themselves"):
        asked(world, clerk, clerk)
    reset_id = asked(world, clerk, admin)
    for one in (admin, clerk):
        with pytest.raises(Refused, match="Two people are needed"):
            agree(world, reset_id, one)


def test_of_two_who_agree_at_once_one_is_told_so(world: World, clerk, admin) -> None:
    ann, third = with_password(world), world.person("Theo Third", Role.ADMINISTRATOR)
    reset_id = asked(world, ann, admin)

    def tries(one: Person) -> bool:
        try:
            agree(world, reset_id, one)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(tries, (clerk, third))) == 1


def test_another_council_sees_none_of_it(world: World, clerk, admin) -> None:
    reset_id = asked(world, with_password(world), admin)
    other = world.another()
    stranger = other.person("Otto Other", Role.CLERK)
    for act in (resets.agree, resets.stop):
        with pytest.raises(NotFound), other.work(stranger) as work:
            act(work, reset_id)


def test_who_has_left_is_given_nothing(world: World, admin) -> None:
    gone = world.person("Greta Gone", starts_on=world.day(-100), ends_on=world.day(-1))
    with pytest.raises(Refused, match="do not work"):
        asked(world, gone, admin)


def test_the_keeper_of_the_server_can_where_nobody_else_is_left(app: Flask, client: FlaskClient, world: World) -> None:
    clerk = with_password(world, "Penny Onlyone", Role.CLERK)
    comes_in(client, world, clerk.email)
    run = app.test_cli_runner()
    assert "Nobody here" in run.invoke(command, ["reset-two-step", "nobody@x.example"]).output
    assert "sets up a new second step" in run.invoke(command, ["reset-two-step", clerk.email]).output
    assert not has_factor(world, clerk)
    assert client.get("/me/sessions").status_code == 302
