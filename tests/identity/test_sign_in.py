"""Signing in: long passwords, one answer for every wrong name, sessions that the server ends."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.core.errors import NotFound
from registry.identity.actions.sign_in import end_session
from registry.identity.models import SignInSession
from registry.vocabulary.permissions import Role
from tests.world import PASSWORD, World, code_now


def with_password(world: World, name: str = "Ann Example", *roles: Role):
    return world.has_app(world.has_password(world.person(name, *roles)))


def enter(client: FlaskClient, email: str, password: str, address: str = "/sign-in"):
    return client.post(address, data={"email": email, "password": password})


def comes_in(client: FlaskClient, world: World, email: str, address: str = "/sign-in"):
    """Both steps; half a minute later than whatever was before, since no code is good twice."""
    world.clock.advance(seconds=30)
    led = enter(client, email, PASSWORD, address).headers["Location"]
    assert led.startswith("/sign-in/second-step")
    return client.post(led, data={"code": code_now(email.lower(), world.clock)})


def shown(page: str, email: str) -> str:
    """A page without what differs for reasons of its own: the name typed and the form's token."""
    return re.sub(r'name="(csrf_token|form_key)" value="[^"]+"', "", page.replace(email, ""))


def test_a_person_signs_in_by_name_and_password(client: FlaskClient, world: World) -> None:
    person = with_password(world)
    assert comes_in(client, world, person.email.upper()).headers["Location"] == "/"
    assert client.get("/me/sessions").status_code == 200


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client: FlaskClient, world: World) -> None:
    person = with_password(world)
    wrong = enter(client, person.email, "not the password at all")
    unknown = enter(client, "nobody@exampleton.example", "not the password at all")
    assert wrong.status_code == unknown.status_code == 422
    assert shown(wrong.text, person.email) == shown(unknown.text, "nobody@exampleton.example")


def test_eleven_guesses_in_five_minutes_are_one_too_many(client: FlaskClient, world: World) -> None:
    person = with_password(world)
    assert [enter(client, person.email, "wrong wrong wrong").status_code for _ in range(10)] == [422] * 10
    assert enter(client, person.email, PASSWORD).status_code == 429
    world.clock.advance(minutes=6)
    assert enter(client, person.email, PASSWORD).status_code == 302


def test_nobody_ends_a_session_that_is_not_theirs(client: FlaskClient, world: World) -> None:
    ann, ben = with_password(world), with_password(world, "Ben Example")
    comes_in(client, world, ann.email)
    with world.house.reading() as session:
        number = session.query(SignInSession.id).filter_by(person_id=ann.id).scalar()
    with pytest.raises(NotFound), world.work(ben) as work:
        end_session(work, number, ben.id)
    assert client.get("/me/sessions").status_code == 200


def test_signing_out_ends_the_session_on_the_server(app: Flask, client: FlaskClient, world: World) -> None:
    person = with_password(world)
    comes_in(client, world, person.email)
    stolen = app.test_client()
    cookie = client.get_cookie("register")
    assert cookie is not None
    stolen.set_cookie("register", cookie.value)
    assert stolen.get("/me/sessions").status_code == 200
    assert client.post("/sign-out").headers["Clear-Site-Data"] == '"cache", "storage"'
    assert stolen.get("/me/sessions").headers["Location"].startswith("/sign-in")


def test_signing_out_by_the_pages_own_form_is_taken(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Ann Example"))
    assert client.post("/sign-out", data={"form_key": "the key of a form"}).headers["Location"] == "/sign-in"


@pytest.mark.parametrize(("idle", "expected"), [(timedelta(minutes=29), 200), (timedelta(minutes=31), 302)])
def test_a_session_left_idle_half_an_hour_is_over(
    client: FlaskClient, world: World, idle: timedelta, expected: int
) -> None:
    world.sign_in(client, world.person("Ann Example"))
    world.clock.moment += idle
    assert client.get("/me/sessions").status_code == expected


def test_a_session_lasts_eight_hours_at_most(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Ann Example"))
    for _ in range(16):
        world.clock.advance(minutes=29)
        assert client.get("/me/sessions").status_code == 200
    world.clock.advance(minutes=29)
    assert client.get("/me/sessions").status_code == 302


def test_somebody_who_left_is_out_at_the_next_click(client: FlaskClient, world: World) -> None:
    person = world.person("Ann Example")
    clerk = world.person("Clerk", Role.CLERK)
    world.sign_in(client, person)
    assert client.get(world.path("people")).status_code == 403
    world.leaves(person, clerk)
    assert client.get("/me/sessions").status_code == 302
    assert enter(client, person.email, PASSWORD).status_code == 422


def test_the_sixth_session_of_somebody_ends_their_oldest(app: Flask, world: World) -> None:
    ann, ben = world.person("Ann Example"), world.person("Ben Example")
    browsers, other = [app.test_client() for _ in range(6)], app.test_client()
    world.sign_in(other, ben)
    for browser in browsers:
        world.sign_in(browser, ann)
    assert [browser.get("/me/sessions").status_code for browser in browsers] == [302, *[200] * 5]
    assert other.get("/me/sessions").status_code == 200


def test_a_last_day_ends_the_session_at_midnight_though_nobody_ended_it(client: FlaskClient, world: World) -> None:
    """No job and no click of anybody else stands between somebody's last day and the end of what they may."""
    person = world.person("Tom Temporary", ends_on=world.today)
    world.clock.moment = world.clock.now().replace(hour=23, minute=50)
    world.sign_in(client, person)
    assert client.get("/me/sessions").status_code == 200
    world.clock.advance(minutes=20)
    assert client.get("/me/sessions").status_code == 302
    with world.house.reading() as session:
        assert [entry.ended_at for entry in session.query(SignInSession)] == [None]


def test_sign_in_leads_only_to_pages_of_the_register(client: FlaskClient, world: World) -> None:
    person = with_password(world)
    for evil in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert comes_in(client, world, person.email, f"/sign-in?next={evil}").headers["Location"] == "/"
    assert comes_in(client, world, person.email, "/sign-in?next=/me/sessions").headers["Location"] == "/me/sessions"


def test_a_real_register_cannot_be_entered_by_choosing_a_person(client: FlaskClient, world: World) -> None:
    person = world.person("Ann Example")
    assert client.get("/demo").status_code == 404
    assert client.post("/demo", data={"person": person.id}).status_code == 404
