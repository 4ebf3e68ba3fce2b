"""What strangers can do to those who sign in without a password, and what whoever has somebody's password can do:
neither fills a lane in which the owner would have to wait, nor finds a code by trying every day."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.audit.models import Entry
from registry.identity.factors import HalfSignIn
from registry.identity.models import Person
from registry.identity.views import guessing
from registry.jobs.tidy import tidy
from registry.outbox.models import Message
from registry.throttle.looks import Looks
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.identity.outside import BACK, Outside, outside, provider_process
from tests.identity.test_outside_sign_in import connected
from tests.identity.test_passkeys import CHALLENGE, HERE, enrolled, post
from tests.identity.test_sign_in import comes_in, enter, with_password
from tests.world import PASSWORD, World, code_now

__all__ = ["outside", "provider_process"]


def wrong_codes(client: FlaskClient, person: Person, wanted: int) -> Iterator[int]:
    """Codes that are none, after the right password: a sign-in takes five."""
    for number in range(wanted):
        if number % 5 == 0:
            enter(client, person.email, PASSWORD)
        yield client.post("/sign-in/second-step", data={"code": "no code at all"}).status_code


def told(world: World) -> list[str]:
    with world.house.reading() as session:
        guessed = session.query(Message).filter(Message.dedupe.like("guessed:%"))
        return [message.subject for message in guessed.order_by(Message.id)]


def test_whoever_has_the_password_has_few_codes_a_day_and_the_owners_browser_has_its_own(
    app: Flask, client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "CODES_A_DAY", 12)
    clerk = with_password(world, "Clara Clerk", Role.CLERK)
    assert comes_in(client, world, clerk.email).status_code == 302
    thief = app.test_client()
    assert list(wrong_codes(thief, clerk, 10)) == [422] * 4 + [409] + [422] * 4 + [409]
    world.clock.advance(minutes=6)
    assert list(wrong_codes(thief, clerk, 3)) == [422, 422, 429]
    world.clock.advance(hours=12)
    tidy(world.house)
    enter(thief, clerk.email, PASSWORD)
    refused = thief.post("/sign-in/second-step", data={"code": code_now(clerk.email, world.clock)})
    assert refused.status_code == 429
    assert "in 12 hours" in refused.text
    assert comes_in(client, world, clerk.email).status_code == 302
    world.clock.advance(hours=13)
    assert comes_in(thief, world, clerk.email).status_code == 302


def test_a_known_device_has_few_codes_a_day_too(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "CODES_A_DAY", 2)
    ann = with_password(world)
    comes_in(client, world, ann.email)
    assert list(wrong_codes(client, ann, 3)) == [422, 422, 429]
    world.clock.advance(hours=25)
    assert comes_in(client, world, ann.email).status_code == 302


def test_at_the_fifth_wrong_code_its_owner_is_told_that_somebody_has_their_password(
    app: Flask, client: FlaskClient, world: World
) -> None:
    ann = with_password(world)
    comes_in(client, world, ann.email)
    assert "past your first step" not in client.get("/me/sessions").text
    thief = app.test_client()
    list(wrong_codes(thief, ann, 4))
    assert told(world) == []
    list(wrong_codes(thief, ann, 3))
    assert told(world) == ["Social media register: somebody who has your password gave wrong codes as your second step"]
    assert "gave 7 wrong codes" in client.get("/me/sessions").text
    world.clock.advance(days=2)
    tidy(world.house)
    comes_in(client, world, ann.email)
    assert "gave 7 wrong codes" in client.get("/me/sessions").text
    world.clock.advance(days=29)
    assert tidy(world.house)["half_sign_ins"] == 2


def test_ones_own_slip_of_the_finger_is_forgotten_with_the_right_code(client: FlaskClient, world: World) -> None:
    ann = with_password(world)
    list(wrong_codes(client, ann, 4))
    assert client.post("/sign-in/second-step", data={"code": code_now(ann.email, world.clock)}).status_code == 302
    assert "past your first step" not in client.get("/me/sessions").text
    assert told(world) == []


def test_strangers_keep_nobody_out_who_signs_in_at_work(
    app: Flask, client: FlaskClient, world: World, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every lane of strangers full, of the Clerk's own network too."""
    connected(world, outside, world.person("Clara Clerk", Role.CLERK))
    outside.trusted(app)
    outside.behaves(claims={"amr": ["mfa"]})
    outside.signs_in(client)
    client.post("/sign-out")
    monkeypatch.setattr(guessing, "FROM_ONE_NETWORK", 3)
    few(app, strangers_a_minute=3)
    stranger = app.test_client()
    assert [stranger.post(BACK, data={"state": "x"}).status_code for _ in range(4)] == [403, 403, 403, 429]
    answer = outside.goes(client)
    assert outside.returns(client, answer).headers["Location"] == "/"
    elsewhere = app.test_client()
    answer = outside.goes(elsewhere)
    came = elsewhere.post(BACK, data=answer, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert came.headers["Location"] == "/"


def test_strangers_keep_nobody_out_who_signs_in_with_a_passkey(
    app: Flask, client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = world.has_password(world.person("Clara Clerk", Role.CLERK))
    device = enrolled(client, world, clerk)
    monkeypatch.setattr(guessing, "FROM_ONE_NETWORK", 3)
    few(app, strangers_a_minute=3)
    monkeypatch.setitem(app.extensions, "challenges", Looks(most=8))
    stranger = app.test_client()
    for _ in range(4):
        post(stranger, f"{CHALLENGE}?by=itself")
        last = post(stranger, "/sign-in/passkey", passkey="{}")
    assert last.status_code == 429
    assert [post(stranger, CHALLENGE).status_code for _ in range(5)] == [200] * 4 + [429]
    options = post(client, f"{CHALLENGE}?by=itself").json
    assert post(client, "/sign-in/passkey", passkey=device.signs(options)).headers["Location"] == "/"
    world.has_app(clerk)
    elsewhere = app.test_client()
    assert post(elsewhere, "/sign-in", email=clerk.email, password=PASSWORD).status_code == 302
    code = code_now(clerk.email, world.clock)
    assert post(elsewhere, "/sign-in/second-step", code=code).headers["Location"] == "/"


def few(app: Flask, strangers_a_minute: int) -> None:
    """Let so few strangers try in a minute."""
    house = app.extensions["house"]
    settings = replace(house.settings, strangers_a_minute=strangers_a_minute)
    app.extensions["house"] = replace(house, settings=settings)


def test_asking_for_challenges_without_end_writes_no_rows_without_end(app: Flask, world: World) -> None:
    said = [app.test_client().post(CHALLENGE, base_url=HERE).status_code for _ in range(guessing.CHALLENGES + 2)]
    assert said == [200] * guessing.CHALLENGES + [429] * 2
    with world.house.reading() as session:
        assert session.query(HalfSignIn).count() == guessing.CHALLENGES
    world.clock.advance(minutes=1)
    assert app.test_client().post(CHALLENGE, base_url=HERE).status_code == 200


def test_whoever_has_very_many_networks_is_counted_as_one_site_too(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "FROM_ONE_SITE", 3)

    def tries(network: str) -> int:
        data = {"email": f"{network.replace(':', '')}@x.example", "password": "wrong wrong wrong"}
        return client.post(
            "/sign-in", data=data, environ_overrides={"REMOTE_ADDR": f"2001:db8:{network}::1"}
        ).status_code

    assert [tries(network) for network in ("7:1", "7:2", "7:3", "7:4", "8:1")] == [422, 422, 422, 429, 422]


def confirm_wrongly(client: FlaskClient, times: int) -> None:
    for _ in range(times):
        assert client.post("/confirm", data={"code": "000000"}).status_code == 422


def test_at_the_fifth_wrong_code_of_a_session_its_owner_is_told_that_somebody_is_in(
    app: Flask, client: FlaskClient, world: World
) -> None:
    """A session left open is stopped at the doors that ask again; whoever tries them is not alone with it."""
    ann = with_password(world)
    comes_in(client, world, ann.email)
    world.clock.advance(minutes=1)
    owner = app.test_client()
    comes_in(owner, world, ann.email)
    confirm_wrongly(client, 4)
    assert told(world) == []
    confirm_wrongly(client, 2)
    assert [subject.partition(": ")[2] for subject in told(world)] == [
        "somebody who is signed in as you gave wrong codes when asked to confirm that it is them"
    ]
    assert "gave 6 wrong codes when asked to confirm" in owner.get("/me/sessions").text
    with world.house.reading() as session:
        failed = session.scalars(select(Entry.body).where(Entry.act == Event.SIGN_IN_FAILED.value)).all()
    assert sum("wrong second step when confirming" in body for body in failed) == 6


def test_slips_before_a_right_code_are_forgotten_there_too(client: FlaskClient, world: World) -> None:
    ann = with_password(world)
    comes_in(client, world, ann.email)
    confirm_wrongly(client, 4)
    world.clock.advance(minutes=1)
    assert client.post("/confirm", data={"code": code_now(ann.email, world.clock)}).status_code == 302
    assert "when asked to confirm" not in client.get("/me/sessions").text
    confirm_wrongly(client, 1)
    assert told(world) == []
