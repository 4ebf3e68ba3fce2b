"""Strangers' guesses and its owner's tries are counted apart: nobody locks the Clerk out of their own browser."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher, profiles
from flask import Flask
from flask.testing import FlaskClient

from registry.identity.models import KnownDevice
from registry.identity.passwords import Passwords
from registry.identity.views import guessing
from registry.outbox.models import Message
from registry.throttle.models import Attempt
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.identity.test_sign_in import comes_in, enter, with_password
from tests.world import PASSWORD, World, code_now

WRONG = "wrong wrong wrong"
CHEAP = PasswordHasher.from_parameters(profiles.CHEAPEST)


class Counted(Passwords):
    """Counts what is compared."""

    def __init__(self) -> None:
        super().__init__(CHEAP)
        self.compared: list[bool] = []

    def matches(self, kept: str | None, password: str) -> bool:
        self.compared.append(kept is not None)
        return super().matches(kept, password)


@pytest.fixture
def counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Counted:
    made = Counted()
    monkeypatch.setitem(app.extensions, "passwords", made)
    return made


def from_network(client: FlaskClient, address: str, email: str, password: str = WRONG) -> int:
    posted = client.post(
        "/sign-in", data={"email": email, "password": password}, environ_overrides={"REMOTE_ADDR": address}
    )
    return posted.status_code


def test_a_stranger_cannot_lock_the_clerk_out_of_their_own_browser(
    app: Flask, client: FlaskClient, world: World
) -> None:
    clerk = with_password(world, "Clara Clerk", Role.CLERK)
    assert comes_in(client, world, clerk.email).status_code == 302
    client.post("/sign-out")
    stranger = app.test_client()
    assert [enter(stranger, clerk.email, WRONG).status_code for _ in range(12)] == [422] * 10 + [429] * 2
    assert enter(stranger, clerk.email, PASSWORD).status_code == 429
    assert enter(client, clerk.email, PASSWORD).status_code == 302


def test_the_clerks_own_browser_has_ten_tries_too(client: FlaskClient, world: World) -> None:
    clerk = with_password(world, "Clara Clerk", Role.CLERK)
    comes_in(client, world, clerk.email)
    client.post("/sign-out")
    assert [enter(client, clerk.email, WRONG).status_code for _ in range(11)] == [422] * 10 + [429]


def test_a_known_device_is_known_for_its_own_person_only(app: Flask, client: FlaskClient, world: World) -> None:
    ann = with_password(world, "Ann Example")
    bert = world.has_password(world.person("Bert Example"))
    comes_in(client, world, ann.email)
    client.post("/sign-out")
    assert [enter(client, bert.email, WRONG).status_code for _ in range(11)] == [422] * 10 + [429]
    assert enter(app.test_client(), bert.email, PASSWORD).status_code == 429


def test_whoever_signs_in_with_a_device_not_their_own_gets_one(client: FlaskClient, world: World) -> None:
    ann = world.has_app(world.has_password(world.person("Ann Example")))
    client.set_cookie("register-device", "somebody else's, or made up")
    comes_in(client, world, ann.email)
    given = client.get_cookie("register-device")
    assert given is not None
    assert given.value != "somebody else's, or made up"
    comes_in(client, world, ann.email)
    kept = client.get_cookie("register-device")
    assert kept is not None
    assert kept.value == given.value


@pytest.mark.parametrize("token", ["", "x", "a" * 3000, "é"])
def test_a_made_up_device_is_a_strangers(client: FlaskClient, world: World, token: str) -> None:
    ann = world.has_password(world.person("Ann Example"))
    client.set_cookie("register-device", token)
    assert enter(client, ann.email, WRONG).status_code == 422
    with world.house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 3


def test_a_right_password_gives_every_place_back(client: FlaskClient, world: World) -> None:
    ann = with_password(world, "Ann Example")
    for _ in range(2):
        assert comes_in(client, world, ann.email).status_code == 302
        client.post("/sign-out")
    with world.house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 0


def test_a_right_password_gives_a_stranger_no_further_guesses(app: Flask, client: FlaskClient, world: World) -> None:
    ann = world.has_password(world.person("Ann Example"))
    stranger = app.test_client()
    for _ in range(9):
        enter(stranger, ann.email, WRONG)
    assert enter(client, ann.email, PASSWORD).status_code == 302
    assert [enter(stranger, ann.email, WRONG).status_code for _ in range(2)] == [422, 429]


def test_an_unknown_name_costs_and_says_the_same(client: FlaskClient, world: World, counted: Counted) -> None:
    ann = world.has_password(world.person("Ann Example"))
    seen: dict[str, tuple[list[int], int]] = {}
    for email in (ann.email, "nobody@exampleton.example"):
        with statements(world.house) as sent:
            said = [enter(client, email, WRONG).status_code for _ in range(11)]
        seen[email] = (said, len(counted.compared))
        counted.compared.clear()
        assert sent
    assert set(map(str, seen.values())) == {str(([422] * 10 + [429], 10))}


def test_an_unknown_name_asks_the_database_as_much(client: FlaskClient, world: World) -> None:
    ann = world.has_password(world.person("Ann Example"))
    asked = []
    for email in (ann.email, "nobody@exampleton.example"):
        enter(client, email, WRONG)
        with statements(world.house) as sent:
            enter(client, email, WRONG)
        asked.append([statement.split(" ", 2)[:2] for statement in sent])
    assert asked[0] == asked[1]


def test_what_is_refused_is_not_even_compared(client: FlaskClient, world: World, counted: Counted) -> None:
    ann = world.has_password(world.person("Ann Example"))
    for _ in range(15):
        enter(client, ann.email, WRONG)
    assert len(counted.compared) == 10


def test_of_twenty_guesses_at_once_ten_are_compared(app: Flask, world: World, counted: Counted) -> None:
    ann = world.has_password(world.person("Ann Example"))
    app.test_client().get("/sign-in")  # templates are compiled once
    with ThreadPoolExecutor(8) as crowd:
        said = list(crowd.map(lambda _: enter(app.test_client(), ann.email, WRONG).status_code, range(20)))
    assert sorted(said) == [422] * 10 + [429] * 10
    assert len(counted.compared) == 10


def test_spraying_one_password_over_many_names_fills_the_lane_of_its_network(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "FROM_ONE_NETWORK", 4)
    names = [f"name{number}@exampleton.example" for number in range(6)]
    addresses = ["2001:db8::1", "2001:db8::2", "2001:db8::ffff:1", "2001:db8::3", "2001:db8::4", "2001:db8:0:1::1"]
    said = [from_network(client, address, name) for address, name in zip(addresses, names, strict=True)]
    assert said == [422, 422, 422, 422, 429, 422]


def test_spraying_from_everywhere_is_slowed_and_known_devices_are_not(
    app: Flask, client: FlaskClient, world: World
) -> None:
    clerk = with_password(world, "Clara Clerk", Role.CLERK)
    comes_in(client, world, clerk.email)
    client.post("/sign-out")
    house = app.extensions["house"]
    app.extensions["house"] = replace(house, settings=replace(house.settings, strangers_a_minute=3))
    stranger = app.test_client()
    said = [from_network(stranger, f"192.0.2.{n}", f"name{n}@exampleton.example") for n in range(5)]
    assert said == [422, 422, 422, 429, 429]
    assert enter(client, clerk.email, PASSWORD).status_code == 302
    world.clock.advance(minutes=1, seconds=1)
    assert from_network(stranger, "192.0.2.9", "name9@exampleton.example") == 422


def test_a_refusal_says_when_to_try_again_to_people_and_to_programs(client: FlaskClient, world: World) -> None:
    for _ in range(10):
        enter(client, "nobody@exampleton.example", WRONG)
    world.clock.advance(seconds=100)
    refused = enter(client, "nobody@exampleton.example", WRONG)
    assert refused.headers["Retry-After"] == "200"
    assert "Try again in 4 minutes" in refused.text
    data = client.post(
        "/sign-in",
        data={"email": "nobody@exampleton.example", "password": WRONG},
        headers={"Accept": "application/json"},
    )
    assert (data.status_code, data.json) == (
        429,
        {"error": "This was tried too often. Try again in 4 minutes.", "reasons": []},
    )


def test_with_all_desks_taken_a_guess_waits_then_is_told_to_come_back_and_costs_nothing(
    app: Flask, client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = world.has_password(world.person("Ann Example"))
    crowded = Passwords(CHEAP, at_once=1, patience=0.01)
    monkeypatch.setitem(app.extensions, "passwords", crowded)
    with crowded._desk():
        refused = enter(client, ann.email, PASSWORD)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    with world.house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Attempt)) == 0
    assert enter(client, ann.email, PASSWORD).status_code == 302


def test_no_more_than_four_hashes_are_made_at_once() -> None:
    running: list[int] = []
    most, four = [0], Barrier(4)

    class Watched(PasswordHasher):
        is_watched = False

        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            if not self.is_watched:
                return CHEAP.hash(password, salt=salt)
            running.append(1)
            most[0] = max(most[0], len(running))
            four.wait(20)  # four are at it together, or this breaks
            running.pop()
            return "hash"

    watched = Watched()
    made = Passwords(watched)
    watched.is_watched = True
    with ThreadPoolExecutor(8) as crowd:
        assert list(crowd.map(made.hash, ["x"] * 8)) == ["hash"] * 8
    assert most == [4]


def test_nobody_is_known_by_more_than_ten_devices(app: Flask, world: World) -> None:
    ann = with_password(world, "Ann Example")
    for _ in range(12):
        comes_in(app.test_client(), world, ann.email)
        world.clock.advance(minutes=1)
    with world.house.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(KnownDevice)) == 10


def test_by_https_the_device_belongs_to_this_host_alone(app: Flask, world: World) -> None:
    house = world.house
    app.extensions["house"] = replace(house, settings=replace(house.settings, base_url="https://register.example"))
    ann = with_password(world, "Ann Example")
    browser, here = app.test_client(), "https://register.example"
    posted: dict[str, Any] = {"email": ann.email, "password": PASSWORD}
    browser.post("/sign-in", base_url=here, data=posted)
    code = {"code": code_now(ann.email, world.clock)}
    answer = browser.post("/sign-in/second-step", base_url=here, data=code)
    device = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("__Host-register-device="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in device.split(";")}


def test_asking_for_resets_and_trying_links_is_slowed_by_network(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "FROM_ONE_NETWORK", 3)
    asked = [client.post("/forgotten-password", data={"email": f"n{n}@x.example"}).status_code for n in range(4)]
    assert asked == [200, 200, 200, 429]
    tried = [client.post(f"/new-password/made-up-{n}", data={"password": PASSWORD}).status_code for n in range(4)]
    assert tried == [409, 409, 409, 429]


def told(world: World) -> list[Message]:
    with world.house.reading() as session:
        of_places = sa.select(Message).where(Message.dedupe.like("device:%"))
        return list(session.scalars(of_places.order_by(Message.id)))


def test_a_sign_in_from_a_new_place_is_told_once_and_the_first_of_all_is_not(
    app: Flask, client: FlaskClient, world: World
) -> None:
    ann = with_password(world, "Ann Example")
    comes_in(client, world, ann.email)
    assert told(world) == []
    thief = app.test_client()
    for _ in range(2):
        world.clock.advance(minutes=1)
        comes_in(thief, world, ann.email)
    (message,) = told(world)
    assert message.to_address == ann.email
    assert message.council_id is None
    assert "20 November 2026, 10:02am" in message.body
    assert "end that session" in message.body
    world.clock.advance(minutes=1)
    comes_in(client, world, ann.email)
    assert len(told(world)) == 1


def test_a_browser_that_people_share_is_new_to_each_of_them_once(app: Flask, client: FlaskClient, world: World) -> None:
    ann, bert = with_password(world, "Ann Example"), with_password(world, "Bert Example")
    for person in (ann, bert):
        comes_in(app.test_client(), world, person.email)
    for person in (ann, bert, ann, bert):
        world.clock.advance(minutes=1)
        comes_in(client, world, person.email)
    assert [message.to_address for message in told(world)] == [ann.email, bert.email]
    kept = client.get_cookie("register-device")
    assert kept is not None
    assert len(kept.value.split(".")) == 2
