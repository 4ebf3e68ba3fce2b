"""The second step: codes that work once, nobody in before it, and one's own factors in one's own hands."""

import re
from base64 import b32decode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from registry.audit.models import Entry
from registry.identity.actions import factors, proving
from registry.identity.actions.half import after_first_step
from registry.identity.factors import Factor, FirstStep, HalfSignIn, RecoveryCode, Step
from registry.identity.models import Person, SignInSession
from registry.identity.session_queries import find_half
from registry.identity.totp import address_of, code_of, letters_of, matching_period, period_of
from registry.outbox.models import Message
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.identity.test_sign_in import comes_in, enter, with_password
from tests.world import PASSWORD, World, code_now, seed_of

RFC = b"12345678901234567890"


@pytest.mark.parametrize(("second", "code"), [(59, "94287082"), (1111111109, "07081804"), (20000000000, "65353130")])
def test_codes_are_those_of_rfc_6238(second: int, code: str) -> None:
    assert code_of(RFC, second // 30, digits=8) == code


def test_a_code_is_good_in_its_own_half_minute_and_the_two_beside_it(world: World) -> None:
    now = world.clock.now()
    period = period_of(now)
    found = [matching_period(RFC, code_of(RFC, period + away), now) for away in (-2, -1, 0, 1, 2)]
    assert found == [None, period - 1, period, period + 1, None]
    assert matching_period(RFC, "١٢٣٤٥٦", now) is None
    assert matching_period(RFC, "12345", now) is None


def test_where_clocks_are_right_a_code_is_good_in_its_own_half_minute_alone(
    app: Flask, client: FlaskClient, world: World
) -> None:
    """ASVS 6.5.5, to the letter; at enrolment too, so that nobody sets up a phone whose codes would never be right."""
    app.extensions["house"] = replace(world.house, settings=replace(world.house.settings, codes_beside=0))
    period = period_of(world.clock.now())
    person = with_password(world)
    seed = seed_of(person.email)
    enter(client, person.email, PASSWORD)
    assert client.post("/sign-in/second-step", data={"code": code_of(seed, period - 1)}).status_code == 422
    assert client.post("/sign-in/second-step", data={"code": code_of(seed, period)}).status_code == 302
    assert client.post("/me/two-step/app/begin").status_code == 302
    letters = re.search(r'app-letters" translate="no">([A-Z2-7 ]+)<', client.get("/me/two-step/app").text)
    assert letters
    early = code_of(b32decode(letters[1].replace(" ", "")), period + 1)
    assert client.post("/me/two-step/app", data={"code": early, "name": "Phone"}).status_code == 422


def test_a_seed_is_told_in_letters_and_by_an_address_that_names_the_register() -> None:
    address = address_of(RFC, "ann@exampleton.example")
    assert address.startswith("otpauth://totp/Social%20media%20accounts%3Aann%40exampleton.example?secret=")
    assert b32decode(letters_of(RFC).replace(" ", "")) == RFC


def test_nobody_is_in_before_the_second_step(client: FlaskClient, world: World) -> None:
    person = with_password(world, "Ann Example", Role.CLERK)
    assert enter(client, person.email, PASSWORD).headers["Location"] == "/sign-in/second-step"
    for page in ("/me/sessions", "/me/two-step", world.path("people"), "/confirm"):
        assert client.get(page).headers["Location"].startswith("/sign-in")
    assert client.get("/sign-in/second-step").status_code == 200
    with world.house.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignInSession)) == 0


@pytest.mark.parametrize("page", ["/sign-in/second-step", "/sign-in/set-up", "/sign-in/set-up/app"])
def test_without_the_first_step_there_is_no_second(client: FlaskClient, page: str) -> None:
    assert client.get(page).headers["Location"].startswith("/sign-in")
    assert client.post(page).headers["Location"].startswith("/sign-in")


def test_half_a_sign_in_lasts_ten_minutes_and_five_wrong_answers(client: FlaskClient, world: World) -> None:
    person = with_password(world)
    enter(client, person.email, PASSWORD)
    world.clock.advance(minutes=10)
    assert client.get("/sign-in/second-step").status_code == 302
    enter(client, person.email, PASSWORD)
    wrong = [client.post("/sign-in/second-step", data={"code": "000000"}).status_code for _ in range(6)]
    assert wrong == [422] * 4 + [409, 302]
    right = client.post("/sign-in/second-step", data={"code": code_now(person.email, world.clock)})
    assert right.headers["Location"].startswith("/sign-in")
    assert client.get("/me/sessions").status_code == 302


def test_codes_cannot_be_tried_without_end(client: FlaskClient, world: World) -> None:
    person, said = with_password(world), list[int]()
    for _ in range(3):
        enter(client, person.email, PASSWORD)
        said += [client.post("/sign-in/second-step", data={"code": "000000"}).status_code for _ in range(5)]
    assert 429 in said
    assert said.count(422) + said.count(409) == 10


def test_no_code_opens_twice(client: FlaskClient, app: Flask, world: World) -> None:
    person = with_password(world)
    comes_in(client, world, person.email)
    thief = app.test_client()
    enter(thief, person.email, PASSWORD)
    again = thief.post("/sign-in/second-step", data={"code": code_now(person.email, world.clock)})
    assert again.status_code == 422
    before = code_of(seed_of(person.email), period_of(world.clock.now()) - 1)
    assert thief.post("/sign-in/second-step", data={"code": before}).status_code == 422


def test_of_twenty_who_use_one_code_at_once_one_gets_through(world: World) -> None:
    person = with_password(world)
    codes = _codes_of(world, person)
    for code in (code_now(person.email, world.clock), codes[0]):

        def use(_: int, code: str = code) -> bool:
            with world.house.work(None, None, "test") as work:
                token = after_first_step(work, person, FirstStep.PASSWORD)
                work.flush()
                half = find_half(work.session, token, work.now)
                assert half is not None
                means = proving.Means(world.house.auth_key, None)
                return proving.prove(work, means, half, person, proving.Proof(code=code)) is not None

        with ThreadPoolExecutor(5) as pool:
            assert sum(pool.map(use, range(20))) == 1


def test_the_first_sign_in_sets_up_an_app_before_anything_else(client: FlaskClient, world: World) -> None:
    person = world.has_password(world.person("Ann Example"))
    led = enter(client, person.email, PASSWORD, "/sign-in?next=/me/sessions").headers["Location"]
    assert client.get(led).headers["Location"] == "/sign-in/set-up?next=/me/sessions"
    assert client.get("/sign-in/set-up/app").headers["Location"] == "/sign-in/set-up"  # nothing chosen yet
    assert client.post("/sign-in/set-up").status_code == 422
    assert client.post("/sign-in/set-up", data={"kind": "app"}).headers["Location"] == "/sign-in/set-up/app"
    page = client.get("/sign-in/set-up/app").text
    letters = re.search(r'app-letters" translate="no">([A-Z2-7 ]+)<', page)
    assert letters
    assert "<style" not in page
    seed = b32decode(letters[1].replace(" ", ""))
    wrong = client.post("/sign-in/set-up/app", data={"code": "000000", "name": "Phone"})
    assert wrong.status_code == 422
    assert letters[1] in wrong.text
    code = code_of(seed, period_of(world.clock.now()))
    shown = client.post("/sign-in/set-up/app?next=/me/sessions", data={"code": code, "name": "Phone"})
    codes = re.findall(r"\b[a-z2-7]{4}(?:-[a-z2-7]{4}){5}\b", shown.text)
    assert len(set(codes)) == 10
    assert client.get("/me/sessions").status_code == 200
    with world.house.reading() as session:
        kept = session.scalars(select(RecoveryCode.code_hash)).all()
        assert not set(codes) & set(kept)
        assert seed not in (session.scalars(select(Factor.seed)).one() or b"")
        assert "An authenticator app was added" in session.scalars(select(Message.body)).one()


def test_each_recovery_code_lets_in_once(client: FlaskClient, world: World) -> None:
    person = with_password(world)
    code = _codes_of(world, person)[3]
    enter(client, person.email, PASSWORD)
    assert client.post("/sign-in/second-step", data={"code": code.upper().replace("-", " ")}).status_code == 302
    assert "You have 9 recovery codes left" in client.get("/me/two-step").text
    client.post("/sign-out")
    enter(client, person.email, PASSWORD)
    assert client.post("/sign-in/second-step", data={"code": code}).status_code == 422


def test_a_door_that_wants_fresh_proof_takes_a_code_and_gives_a_new_token(
    client: FlaskClient, app: Flask, world: World
) -> None:
    person = with_password(world)
    comes_in(client, world, person.email)
    stolen = app.test_client()
    stolen.set_cookie("register", client.get_cookie("register").value)
    world.clock.advance(minutes=6)
    assert stolen.get("/me/sessions").status_code == 200
    asked = client.post("/me/two-step/codes")
    assert "six digits" in asked.text.lower()
    assert 'name="password"' not in asked.text
    assert client.post("/confirm", data={"code": "000000"}).status_code == 422
    assert client.post("/confirm").status_code == 422
    answer = {"code": code_now(person.email, world.clock), "carried-": "form"}
    assert "Carry on" in client.post("/confirm?next=/me/two-step/codes", data=answer).text
    assert "Your recovery codes" in client.post("/me/two-step/codes").text
    assert stolen.get("/me/sessions").status_code == 302  # the token of before opens nothing any more


def test_ones_password_does_not_open_a_door_that_wants_the_second_step(client: FlaskClient, world: World) -> None:
    person = with_password(world)
    comes_in(client, world, person.email)
    world.clock.advance(minutes=6)
    assert client.post("/confirm", data={"password": PASSWORD}).status_code == 422
    assert client.get("/me/two-step/app").status_code == 302


def test_a_file_is_saved_from_a_page_and_not_instead_of_it(client: FlaskClient, world: World) -> None:
    person = with_password(world)
    comes_in(client, world, person.email)
    world.clock.advance(minutes=6)
    led = client.get(world.path("accounts.csv")).headers["Location"]
    assert "Save the file" in client.post(led, data={"code": code_now(person.email, world.clock)}).text


def test_somebody_adds_names_and_removes_their_own_and_keeps_one(client: FlaskClient, world: World) -> None:
    person = with_password(world)
    comes_in(client, world, person.email)
    assert client.get("/me/two-step/app").headers["Location"] == "/me/two-step"
    client.post("/me/two-step/app/begin")
    page = client.get("/me/two-step/app").text
    found = re.search(r'app-letters" translate="no">([A-Z2-7 ]+)<', page)
    assert found
    code = code_of(b32decode(found[1].replace(" ", "")), period_of(world.clock.now()))
    assert client.post("/me/two-step/app", data={"code": code, "name": "Tablet"}).status_code == 302
    assert client.post("/me/two-step/app", data={"code": code, "name": "Tablet"}).status_code == 409
    with world.house.reading() as session:
        old, new = session.scalars(select(Factor.id).order_by(Factor.id)).all()
    assert client.post(f"/me/two-step/{new}", data={"name": "My <tablet>"}).status_code == 302
    assert client.post(f"/me/two-step/{new}", data={"name": "My <tablet>"}).status_code == 302
    assert "My &lt;tablet&gt;" in client.get(f"/me/two-step/{new}").text
    assert client.post(f"/me/two-step/{old}/remove").status_code == 302
    assert 'href="/me/sessions">end your other sessions' in client.get("/me/two-step").text
    refused = client.post(f"/me/two-step/{new}/remove")
    assert refused.status_code == 403
    assert "This is the last one" in refused.text
    assert client.get("/me/two-step/999").status_code == 404
    with world.house.reading() as session:
        told = {message.subject for message in session.query(Message)}
    assert any("was added" in subject for subject in told)
    assert any("was removed" in subject for subject in told)


def test_nobody_touches_anothers(client: FlaskClient, world: World) -> None:
    ann, ben = with_password(world), with_password(world, "Ben Example")
    comes_in(client, world, ben.email)
    with world.house.reading() as session:
        hers = session.scalars(select(Factor.id).where(Factor.person_id == ann.id)).one()
    assert client.post(f"/me/two-step/{hers}", data={"name": "Mine"}).status_code == 404
    assert client.post(f"/me/two-step/{hers}/remove").status_code == 404


def test_nobody_has_more_than_ten(world: World) -> None:
    from registry.core.errors import Invalid

    person = with_password(world)
    for number in range(9):
        seed = world.house.auth_key.seal("two-step", proving.place_of(person.id), seed_of(str(number)))
        world.add(Factor(person_id=person.id, kind=Step.APP, name="x", seed=seed, added_at=world.clock.now()))
    with world.house.work(None, None, "test") as work:
        after_first_step(work, person, FirstStep.PASSWORD)
        work.flush()
        half = work.session.query(HalfSignIn).one()
        factors.begin_app(work, world.house.auth_key, half, person.id)
        work.flush()
        seed = factors.open_new_seed(world.house.auth_key, half, person.id)
        code = code_of(seed, period_of(work.now))
        with pytest.raises(Invalid, match="You have 10 already"):
            factors.add_app(work, proving.Means(world.house.auth_key, None), half, person, code, "x")


def test_a_cookie_stolen_before_the_sign_out_opens_nothing_after_it(app: Flask, world: World) -> None:
    """With Flask-Login alone the copied cookies still opened the page, and OPTIONS needed none."""
    from flask_login.utils import encode_cookie

    person, client, thief = with_password(world), app.test_client(), app.test_client()
    world.clock.advance(seconds=30)
    client.post("/sign-in", data={"email": person.email, "password": PASSWORD, "remember": "1"})
    client.post("/sign-in/second-step", data={"code": code_now(person.email, world.clock), "remember": "1"})
    assert client.get_cookie("remember_token") is None
    with client.session_transaction() as cookie, app.test_request_context():
        remembered = encode_cookie(cookie["_user_id"])
    stolen = client.get_cookie("register").value
    thief.set_cookie("register", stolen)
    assert thief.get("/me/sessions").status_code == 200
    client.post("/sign-out")
    assert thief.get("/me/sessions").headers["Location"].startswith("/sign-in")
    thief.set_cookie("remember_token", remembered)
    thief.delete_cookie("register")
    assert thief.get("/me/sessions").headers["Location"].startswith("/sign-in")
    assert thief.options("/me/sessions").status_code == 405


def test_signing_in_again_ends_the_session_of_before(client: FlaskClient, app: Flask, world: World) -> None:
    person = with_password(world)
    comes_in(client, world, person.email)
    copy = app.test_client()
    copy.set_cookie("register", client.get_cookie("register").value)
    comes_in(client, world, person.email)
    assert copy.get("/me/sessions").status_code == 302
    assert client.get("/me/sessions").status_code == 200


def test_a_change_of_roles_gives_a_new_token(client: FlaskClient, app: Flask, world: World) -> None:
    from registry.identity.actions import people

    person = world.person("Ann Example")
    world.sign_in(client, person)
    copy = app.test_client()
    copy.set_cookie("register", client.get_cookie("register").value)
    with world.work(world.person("Clara Clerk", Role.CLERK)) as work:
        people.grant_role(work, person.id, Role.MANAGER, world.today, None)
    assert client.get(world.path("people")).status_code == 200
    assert client.get(world.path("people")).status_code == 200
    assert copy.get("/me/sessions").status_code == 302


def test_one_ends_all_other_sessions(client: FlaskClient, app: Flask, world: World) -> None:
    person = with_password(world)
    other = app.test_client()
    for browser in (other, client):
        comes_in(browser, world, person.email)
    page = client.get("/me/sessions").text
    assert "Password and authenticator app" in page
    assert "127.0.0.0/24" in page
    assert client.post("/me/sessions/end-others").status_code == 302
    assert other.get("/me/sessions").status_code == 302
    assert client.get("/me/sessions").status_code == 200
    client.post("/me/sessions/end-others")


def test_a_council_may_want_a_passkey_of_a_role(client: FlaskClient, world: World) -> None:
    clerk = with_password(world, "Clara Clerk", Role.CLERK)
    comes_in(client, world, clerk.email)
    with world.house.reading() as session:
        version = session.get_one(type(world.council), world.council.id).version
    chosen = {"passkey_roles": ["clerk"], "version": version}
    assert client.post(world.path("settings/sign-in"), data=chosen).status_code == 302
    led = client.get(world.path("people")).headers["Location"]
    assert led.startswith("/me/passkey-needed?next=")
    assert "Set up a passkey" in client.get(led).text
    world.sign_in(client, world.person("Ann Example"))
    assert client.get(world.path("people")).status_code == 403  # a role without that wish is judged as before


def test_the_trail_tells_that_a_password_was_right_and_the_code_was_not(client: FlaskClient, world: World) -> None:
    person = with_password(world)
    enter(client, person.email, PASSWORD)
    client.post("/sign-in/second-step", data={"code": "000000"})
    with world.house.reading() as session:
        acts = list(session.scalars(select(Entry.act).where(Entry.chain == 0).order_by(Entry.seq)))
    assert acts[-2:] == [Event.FIRST_STEP_PASSED.value, Event.SIGN_IN_FAILED.value]


def _codes_of(world: World, person: Person) -> list[str]:
    with world.house.work(None, None, "test") as work:
        return factors.make_codes(work, work.session.get_one(Person, person.id))
