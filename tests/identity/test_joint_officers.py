"""Whoever works for two councils: neither gets at the other's accounts through them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.audit.models import Entry
from registry.core.errors import Conflict, Refused
from registry.identity.actions import absence, resets, sign_in
from registry.identity.actions.half import after_first_step
from registry.identity.actions.people import leave
from registry.identity.factors import Factor, FactorReset, FirstStep
from registry.identity.models import DeviceLoss, OutsideIdentity, Person, SignInSession
from registry.outbox.models import Message
from registry.vocabulary.permissions import Role
from tests.identity.test_sign_in import with_password
from tests.world import PASSWORD, World


@pytest.fixture
def other(world: World) -> World:
    """The council that means no good; named so that it stands first in every list."""
    return world.another("aham")


@pytest.fixture
def joint(world: World, other: World) -> Person:
    """The Clerk of the one, who can sign in, and an officer of the other."""
    return other.joins(with_password(world, "Joint Officer", Role.CLERK))


@pytest.fixture
def clerk(other: World) -> Person:
    return other.person("Casper Clerk", Role.CLERK)


@pytest.fixture
def admin(other: World) -> Person:
    return other.person("Adam Admin", Role.ADMINISTRATOR)


def reset_asked(world: World, person: Person, by: Person) -> FactorReset:
    reset: FactorReset = world.add(
        FactorReset(
            council_id=world.council.id,
            person_id=person.id,
            evidence="Seen",
            asked_by=by.id,
            asked_at=world.clock.now(),
        )
    )
    return reset


def filed(world: World) -> set[int | None]:
    """Among whose messages those stand that tell of sign-ins."""
    with world.house.reading() as session:
        return set(session.scalars(select(Message.council_id).where(Message.dedupe.not_like("offer:%"))))


def factors(world: World) -> int:
    with world.house.reading() as session:
        return len(session.scalars(select(Factor.id)).all())


def test_no_council_alone_takes_a_joint_officers_second_step_off_them(
    client: FlaskClient, other: World, joint: Person, clerk: Person, admin: Person
) -> None:
    with pytest.raises(Refused, match="work for another council too"), other.work(admin) as work:
        resets.ask_reset(work, joint.id, "Seen at the desk")
    reset = reset_asked(other, joint, admin)  # as from before they joined the other
    with pytest.raises(Refused, match="work for another council too"), other.work(clerk) as work:
        resets.agree(work, reset.id)
    other.sign_in(client, clerk)
    assert client.post(other.path(f"people/{joint.id}/two-step"), data={"evidence": "Seen"}).status_code == 403
    assert factors(other) == 1


def test_whoever_joins_another_council_while_a_reset_waits_keeps_what_they_have(
    world: World, other: World, admin: Person, clerk: Person
) -> None:
    bert = other.has_app(other.has_password(other.person("Bert Both", Role.COMMS)))
    with other.work(admin) as work:
        reset_id = resets.ask_reset(work, bert.id, "Seen at the desk").id
    with other.work(clerk) as work:
        resets.agree(work, reset_id)
    world.joins(bert)
    world.clock.advance(hours=25)
    with world.house.work(None, None, "test") as work:
        after_first_step(work, work.session.get_one(Person, bert.id), FirstStep.PASSWORD)
    assert factors(world) == 1


def test_whoever_left_the_other_council_is_the_ones_again(world: World, other: World) -> None:
    bert = world.person("Bert Before")
    other.joins(bert)
    with other.work() as work:
        leave(work, bert.id, other.day(-1))
    with world.work(world.person("Clara Clerk", Role.CLERK)) as work:
        assert resets.ask_reset(work, bert.id, "Seen at the desk").person_id == bert.id


def test_stopping_ones_resets_is_told_in_the_council_of_each(
    client: FlaskClient, world: World, other: World, joint: Person, admin: Person
) -> None:
    reset_asked(other, joint, admin)
    reset_asked(world, joint, world.person("Ada Admin", Role.ADMINISTRATOR))
    world.sign_in(client, joint)
    assert "Stop it: I have lost nothing" in client.get("/me/two-step").text
    assert client.post("/me/two-step/keep").status_code == 302
    with world.house.reading() as session:
        told = session.scalars(select(Entry.chain).where(Entry.act == "two_step.reset_stopped")).all()
        assert sorted(told) == sorted([world.council.id, other.council.id])
        assert all(reset.stopped_by == joint.id for reset in session.query(FactorReset))
    assert "Stop it" not in client.get("/me/two-step").text


def test_nobody_sends_a_joint_officer_links(client: FlaskClient, other: World, joint: Person, clerk: Person) -> None:
    other.sign_in(client, clerk)
    answer = client.post(other.path(f"people/{joint.id}/link"))
    assert answer.status_code == 403
    assert "work for another council too" in answer.text
    page = client.get(other.path(f"people/{joint.id}")).text
    assert "Send a" not in page
    assert "They lost their second step" not in page


def test_no_council_reads_what_a_joint_officer_does_about_their_sign_in(
    app: Flask, client: FlaskClient, world: World, other: World, joint: Person, clerk: Person
) -> None:
    world.sign_in(client, joint)
    assert client.post("/me/two-step/codes").status_code == 200
    changed = client.post("/me/password", data={"old": PASSWORD, "password": "another long password"})
    assert changed.status_code == 302
    app.test_client().post("/forgotten-password", data={"email": joint.email})
    assert filed(world) == {None}
    for place, reader in ((other, clerk), (world, joint)):
        place.sign_in(client, reader)
        page = client.get(place.path("messages")).text
        assert "password was set" not in page
        assert "Choose a new password" not in page


def test_a_notice_in_the_course_of_a_councils_work_is_that_councils(world: World, joint: Person) -> None:
    """It used to be the first council's by name, in which this work may not write."""
    bert = world.has_password(world.person("Bert Example"))
    with world.work(joint) as work:
        resets.ask_reset(work, bert.id, "Seen at the desk")
    assert filed(world) == {world.council.id}


def test_others_report_a_lost_device_once_a_day(world: World, other: World, joint: Person, clerk: Person) -> None:
    def report(by: Person) -> None:
        with other.work(by) as work:
            absence.lose_device(work, joint.id, "Phone")

    report(clerk)
    with pytest.raises(Conflict, match="in the last 24 hours"):
        report(other.person("Adam Admin", Role.ADMINISTRATOR))
    report(joint)
    world.clock.advance(hours=24, seconds=1)
    report(clerk)


def test_a_device_one_lost_oneself_is_noted_wherever_one_works(
    client: FlaskClient, world: World, other: World, joint: Person, clerk: Person
) -> None:
    world.sign_in(client, joint)
    answer = client.post(world.path(f"people/{joint.id}/device-lost"), data={"device": "Phone"})
    assert answer.headers["Location"].endswith("/sign-in")
    with world.house.reading() as session:
        noted = [(loss.council_id, loss.device) for loss in session.query(DeviceLoss)]
        assert sorted(noted) == sorted([(world.council.id, "Phone"), (other.council.id, "Phone")])
        told = session.scalars(select(Message.body).where(Message.to_address == clerk.email)).one()
        assert other.path(f"people/{joint.id}/leaver") in told


def test_what_another_council_reports_is_noted_there_alone(
    world: World, other: World, joint: Person, clerk: Person
) -> None:
    with other.work(clerk) as work:
        absence.lose_device(work, joint.id, "Phone")
    with world.house.reading() as session:
        assert [loss.council_id for loss in session.query(DeviceLoss)] == [other.council.id]


def test_whoever_is_signed_out_at_anothers_word_is_told_whose_it_was(
    world: World, other: World, joint: Person, clerk: Person
) -> None:
    """They tell the other council; what the one reports is not the other's to read."""
    with other.work(clerk) as work:
        absence.lose_device(work, joint.id, "Phone")
    with world.house.reading() as session:
        message = session.scalars(select(Message).where(Message.dedupe.like("device-lost:%"))).one()
    assert (message.to_address, message.council_id) == (joint.email, other.council.id)
    assert "Aham Council reported on 20 November 2026, 10:00am that you lost a device" in message.body
    with other.work(joint) as work:
        absence.lose_device(work, joint.id, "Phone")
    with world.house.reading() as session:
        assert session.query(Message).filter(Message.dedupe.like("device-lost:%")).count() == 1


def test_where_a_joint_officer_is_signed_in_is_no_councils_to_know(
    app: Flask, client: FlaskClient, world: World, other: World, joint: Person, clerk: Person
) -> None:
    facts = {"issuer": "https://id.example", "subject": "1", "connected_at": world.clock.now()}
    world.add(OutsideIdentity(person_id=joint.id, **facts))
    world.sign_in(app.test_client(), joint)
    other.sign_in(client, clerk)
    with world.house.reading() as session:
        assert session.query(SignInSession).filter_by(person_id=joint.id, ended_at=None).count()
    assert "They are signed in" not in client.get(other.path(f"people/{joint.id}/leaver")).text
    page = client.get(other.path(f"people/{joint.id}")).text
    assert "id.example" not in page
    assert "Has a password" not in page


def test_whom_a_provider_vouched_for_that_is_not_set_any_more_nobody_vouches_for(
    client: FlaskClient, world: World, other: World, joint: Person
) -> None:
    with world.house.work(None, None, "test") as work:
        came = work.session.get_one(Person, joint.id)
        first, issuer = FirstStep.OUTSIDE, "https://gone.example"
        admitted = sign_in.admit(work, came, "a browser", confirmed=True, first=first, provider=issuer)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = admitted.token
    for place in (world, other):
        assert client.get(place.path()).headers["Location"].startswith("/me/another-way")
        assert client.post(place.path("service-areas/new"), data={"name": "X"}).status_code == 302
    assert client.get("/me/two-step/app").status_code == client.get("/me/two-step/passkey").status_code == 403
