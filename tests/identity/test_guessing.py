"""Nobody finds a password by trying: not at the door, not from a session left open."""

import re

import pytest
from argon2 import PasswordHasher, profiles
from flask import Flask
from flask.testing import FlaskClient

from registry.audit.models import Entry
from registry.identity.actions.links import set_password
from registry.identity.actions.sign_in import check, sign_in
from registry.identity.models import Person
from registry.identity.passwords import Passwords
from registry.outbox.links import whole_body
from registry.outbox.models import Message
from registry.vocabulary.events import Event
from tests.conftest import PASSWORDS
from tests.identity.test_sign_in import enter, with_password
from tests.world import PASSWORD, World

NEW = "another quite long password"


def change(client: FlaskClient, old: str) -> int:
    return client.post("/me/password", data={"old": old, "password": NEW}).status_code


def test_a_session_left_open_does_not_let_its_finder_try_passwords_without_end(
    client: FlaskClient, world: World
) -> None:
    person = with_password(world)
    world.sign_in(client, person)
    assert [change(client, "wrong wrong wrong") for _ in range(10)] == [422] * 10
    assert change(client, PASSWORD) == 429
    assert enter(client, person.email, PASSWORD).status_code == 429
    world.clock.advance(minutes=6)
    world.sign_in(client, person)
    assert change(client, PASSWORD) == 302


def test_a_wrong_present_password_is_entered_in_the_trail(client: FlaskClient, world: World) -> None:
    world.sign_in(client, with_password(world))
    assert change(client, "wrong wrong wrong") == 422
    with world.house.reading() as session:
        assert session.query(Entry).filter_by(act=Event.SIGN_IN_FAILED.value).count() == 1


def test_whoever_keeps_guessing_at_the_door_does_not_keep_others_from_writing(
    app: Flask, client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []

    class Watched(Passwords):
        def matches(self, kept: str | None, password: str) -> bool:
            world.person(f"Newcomer {len(written)}")  # waits in vain if the guess holds the database
            written.append(1)
            return super().matches(kept, password)

    watched = Watched(PasswordHasher.from_parameters(profiles.CHEAPEST))
    monkeypatch.setitem(app.extensions, "passwords", watched)
    assert enter(client, "nobody@exampleton.example", "wrong wrong wrong").status_code == 422
    assert written


def test_a_password_changed_while_the_old_one_was_compared_lets_nobody_in(world: World) -> None:
    person = with_password(world)
    with world.house.reading() as session:
        checked = check(session, PASSWORDS, person.email, PASSWORD)
    with world.house.work(None, None, "test") as work:
        set_password(work, work.session.get_one(Person, person.id), PASSWORDS.hash(NEW))
    with world.house.work(None, None, "test") as work:
        assert sign_in(work, checked) is None


def test_whoever_keeps_asking_for_resets_neither_floods_a_mailbox_nor_ends_the_last_link(
    client: FlaskClient, world: World
) -> None:
    person = with_password(world)
    asked = [client.post("/forgotten-password", data={"email": person.email}) for _ in range(6)]
    assert {answer.status_code for answer in asked} == {200}
    with world.house.reading() as session:
        bodies = [whole_body(world.house.auth_key, message) for message in session.query(Message).order_by(Message.id)]
    assert len(bodies) == 3
    link = re.search(r"/new-password/\S+", bodies[-1])
    assert link
    assert client.post(link[0], data={"password": NEW}).status_code == 302
    world.clock.advance(minutes=21)
    client.post("/forgotten-password", data={"email": person.email})
    with world.house.reading() as session:
        assert session.query(Message).filter(Message.dedupe.startswith("link:")).count() == 4
