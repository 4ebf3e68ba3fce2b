"""Signing in by an identity provider: a real process, well behaved and not.

Whatever is not as it should be is a refused sign-in with an entry in the trail, and nothing is changed.
"""

import json
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.audit.models import Entry
from registry.identity.models import OutsideIdentity, Person, SignInSession
from registry.identity.outside import wire
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.identity.outside import BACK, Outside, outside, provider_process, reset
from tests.identity.provider import CLIENT
from tests.world import World, code_now

__all__ = ["outside", "provider_process"]

ONCE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is found out before the database is asked is tried on one of the two."""
NOW = 1795168800  # 20 November 2026, 10:00 UTC


@pytest.fixture
def ann(world: World, outside: Outside) -> Person:
    """Somebody who connected their account."""
    return connected(world, outside, world.person("Ann Example"))


def connected(world: World, outside: Outside, person: Person, subject: str = "s-42") -> Person:
    now = world.clock.now()
    world.add(OutsideIdentity(person_id=person.id, issuer=outside.issuer, subject=subject, connected_at=now))
    return person


def is_in(client: FlaskClient) -> bool:
    return client.get("/me/sessions").status_code == 200


def half_in(answer: TestResponse) -> bool:
    return answer.headers.get("Location", "").startswith("/sign-in/second-step")


def whys(world: World) -> list[str]:
    with world.house.reading() as session:
        found = session.scalars(sa.select(Entry.body).where(Entry.act == Event.OUTSIDE_REFUSED.value)).all()
    return [json.loads(body)["detail"]["why"] for body in found]


def counts(world: World) -> list[int | None]:
    with world.house.reading() as session:
        kinds = (SignInSession, OutsideIdentity, Person)
        return [session.scalar(sa.select(sa.func.count()).select_from(kind)) for kind in kinds]


def test_whoever_connected_their_account_signs_in_by_it(
    client: FlaskClient, world: World, outside: Outside, ann: Person
) -> None:
    assert "Sign in with Example Work" in client.get("/sign-in").text
    world.has_app(ann)
    led = outside.signs_in(client, "/sign-in/with/work?next=/me/sessions").headers["Location"]
    assert led == "/sign-in/second-step?next=/me/sessions"
    assert not is_in(client)
    there = client.post(led, data={"code": code_now(ann.email, world.clock)})
    assert there.headers["Location"] == "/me/sessions"
    assert "council’s own sign-in and authenticator app" in client.get("/me/sessions").text
    asked = outside.seen["asked"]
    assert asked["redirect_uri"] == "http://127.0.0.1:8000/sign-in/from/work"
    assert "prompt" not in asked
    with world.house.reading() as session:
        entry = session.scalars(sa.select(Entry).where(Entry.act == Event.OUTSIDE_RECOGNISED.value)).one()
    assert entry.actor_id == ann.id


def test_without_providers_the_page_offers_none(client: FlaskClient, world: World) -> None:
    assert "/sign-in/with/" not in client.get("/sign-in").text
    for address in ("/sign-in/with/work", BACK):
        assert client.get(address).status_code == 404


@ONCE
@pytest.mark.parametrize(
    "told",
    [
        {"sign": "PS256"},
        {"sign": "ES256"},
        {"claims": {"iat": NOW - 55, "exp": NOW - 55}},
        {"claims": {"iat": NOW + 55}},
        {"claims": {"nbf": NOW + 55}},
        {"claims": {"aud": ["another", CLIENT], "azp": CLIENT}},
        {"claims": {"aud": [CLIENT]}},
        {"claims": {"email": "new.name@exampleton.example"}},
        {"claims": {"email": None}},
        {"describe": {"token_endpoint_auth_methods_supported": ["client_secret_post"]}},
    ],
    ids=str,
)
def test_what_the_standard_allows_lets_in(
    client: FlaskClient, outside: Outside, ann: Person, told: dict[str, Any]
) -> None:
    outside.behaves(**told)
    assert half_in(outside.signs_in(client))


@ONCE
@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"claims": {"aud": "another"}}, "meant for another"),
        ({"claims": {"aud": None}}, "meant for another"),
        ({"claims": {"aud": ["another", CLIENT]}}, "meant for another"),
        ({"claims": {"azp": "another"}}, "meant for another"),
        ({"claims": {"iss": "https://evil.example"}}, "another issuer"),
        ({"claims": {"iss": None}}, "another issuer"),
        ({"claims": {"nonce": "another"}}, "nonce wrong"),
        ({"claims": {"nonce": None}}, "nonce wrong"),
        ({"claims": {"exp": NOW - 61}}, "out of time"),
        ({"claims": {"exp": None}}, "out of time"),
        ({"claims": {"exp": "tomorrow"}}, "out of time"),
        ({"claims": {"exp": 1e300}}, "out of time"),
        ({"claims": {"iat": NOW + 61}}, "out of time"),
        ({"claims": {"iat": NOW - 700}}, "out of time"),
        ({"claims": {"iat": None}}, "out of time"),
        ({"claims": {"nbf": NOW + 61}}, "out of time"),
        ({"claims": {"sub": None}}, "answer not understood"),
        ({"claims": {"sub": ""}}, "answer not understood"),
        ({"claims": {"sub": 42}}, "answer not understood"),
        ({"claims": {"sub": "s" * 256}}, "answer not understood"),
        ({"claims": {"sub": "s-42\n"}}, "answer not understood"),
        ({"claims": {"sub": "S-42"}}, "nobody connected"),
        ({"claims": {"sub": "s-43"}}, "nobody connected"),
        ({"sign": "none"}, "signature or key wrong"),
        ({"sign": "HS256-public"}, "signature or key wrong"),
        ({"sign": "HS256-secret"}, "signature or key wrong"),
        ({"sign": "stranger"}, "signature or key wrong"),
        ({"sign": "short", "kid": "short"}, "signature or key wrong"),
        ({"kid": "unknown"}, "signature or key wrong"),
        ({"kid": "e1"}, "signature or key wrong"),
        ({"kid": "odd"}, "signature or key wrong"),
        ({"kid": None}, "signature or key wrong"),
        ({"token": {"body": '{"id_token": "no.token.atall"}'}}, "signature or key wrong"),
        ({"token": {"body": '{"id_token": "é"}'}}, "signature or key wrong"),
        ({"token": {"body": "{}"}}, "answer not understood"),
        ({"token": {"body": "[1]"}}, "answer not understood"),
        ({"token": {"body": "<html>"}}, "answer not understood"),
        ({"token": {"body": "[" * 100_000}}, "answer not understood"),
        ({"token": {"body": " " * 300_000}}, "not reachable"),
        ({"token": {"status": 400}}, "code not accepted"),
        ({"token": {"status": 500}}, "not reachable"),
        ({"token": {"to": "https://evil.example/token"}}, "code not accepted"),
        ({"deny": "access_denied"}, "denied there"),
        ({"answer": {"code": None}}, "answer not understood"),
        ({"answer": {"code": "made-up"}}, "code not accepted"),
        ({"answer": {"state": "forged"}}, "state not ours"),
        ({"answer": {"state": "é"}}, "state not ours"),
        ({"answer": {"state": None}}, "state not ours"),
        ({"answer": {"iss": "https://evil.example"}}, "another issuer"),
        ({"describe": {"authorization_response_iss_parameter_supported": True}}, "another issuer"),
    ],
    ids=str,
)
def test_whatever_is_not_as_it_should_be_changes_nothing_and_is_entered(
    client: FlaskClient, world: World, outside: Outside, ann: Person, told: dict[str, Any], why: str
) -> None:
    outside.behaves(**told)
    before = counts(world)
    refused = outside.signs_in(client)
    assert refused.status_code in (403, 502)
    assert "Nothing was changed" in refused.text
    assert whys(world) == [why]
    assert counts(world) == before
    assert not is_in(client)


@ONCE
@pytest.mark.parametrize(
    ("described", "why"),
    [
        ({"issuer": "https://evil.example"}, "another issuer"),
        ({"token_endpoint": "https://evil.example/token"}, "answer not understood"),
        ({"authorization_endpoint": "https://evil.example/authorize"}, "answer not understood"),
        ({"jwks_uri": "http://169.254.169.254/keys"}, "answer not understood"),
        ({"jwks_uri": "file:///etc/passwd"}, "answer not understood"),
        ({"jwks_uri": "https://user@127.0.0.1/keys"}, "answer not understood"),
        ({"jwks_uri": None}, "answer not understood"),
    ],
    ids=str,
)
def test_a_provider_is_believed_only_about_itself(
    client: FlaskClient, world: World, outside: Outside, described: dict[str, Any], why: str
) -> None:
    outside.behaves(describe=described)
    assert client.get("/sign-in/with/work").status_code in (403, 502)
    assert whys(world) == [why]


def test_the_same_address_of_another_account_lets_nobody_in(
    client: FlaskClient, world: World, outside: Outside, ann: Person
) -> None:
    """An address of e-mail can be given to anybody by whoever runs a tenant (nOAuth)."""
    outside.behaves(claims={"sub": "somebody else", "email": ann.email, "email_verified": True})
    assert outside.signs_in(client).status_code == 403
    assert not is_in(client)


def test_an_answer_is_good_in_the_browser_that_asked_and_in_no_other(
    app: Flask, client: FlaskClient, world: World, outside: Outside, ann: Person
) -> None:
    answer = outside.goes(client)
    thief = app.test_client()
    assert outside.returns(thief, answer).status_code == 403
    outside.goes(thief)  # having begun a sign-in of their own does not help
    assert outside.returns(thief, answer).status_code == 403
    assert whys(world) == ["state not ours"] * 2
    assert half_in(outside.returns(client, answer))


def test_a_code_that_somebody_else_was_given_is_of_no_use(
    app: Flask, client: FlaskClient, world: World, outside: Outside, ann: Person
) -> None:
    stolen, own = outside.goes(app.test_client()), outside.goes(client)
    assert outside.returns(client, own | {"code": stolen["code"]}).status_code == 403
    assert whys(world) == ["code not accepted"]


def test_an_answer_is_taken_once_even_with_the_cookie_kept(
    client: FlaskClient, world: World, outside: Outside, ann: Person
) -> None:
    answer = outside.goes(client)
    kept = client.get_cookie("register-outside")
    assert kept is not None
    assert half_in(outside.returns(client, answer))
    assert client.get_cookie("register-outside") is None
    client.set_cookie("register-outside", kept.value)
    assert outside.returns(client, answer).status_code == 403
    assert whys(world) == ["answer used before"]


@pytest.mark.parametrize("cookie", ["", "x", "é", "AAAA", "a" * 3000])
def test_a_made_up_question_is_none(client: FlaskClient, world: World, outside: Outside, cookie: str) -> None:
    answer = outside.goes(client)
    client.set_cookie("register-outside", cookie)
    assert outside.returns(client, answer).status_code == 403
    assert whys(world) == ["state not ours"]


def test_an_answer_after_ten_minutes_is_too_late(
    client: FlaskClient, world: World, outside: Outside, ann: Person
) -> None:
    answer = outside.goes(client)
    world.clock.advance(minutes=10, seconds=1)
    assert outside.returns(client, answer).status_code == 403
    assert whys(world) == ["too late"]


def test_the_answer_of_one_provider_is_not_taken_for_anothers(
    app: Flask, client: FlaskClient, world: World, outside: Outside, ann: Person
) -> None:
    mine = app.extensions["house"].settings.providers[0]
    reset(app, mine, replace(mine, key="evil", issuer="https://evil.example"))
    answer = outside.goes(client)
    assert client.post("/sign-in/from/evil", data=answer).status_code in (403, 502)
    assert not is_in(client)


def test_a_provider_that_is_down_is_said_plainly_and_the_password_still_works(
    app: Flask, client: FlaskClient, world: World, outside: Outside
) -> None:
    mine = app.extensions["house"].settings.providers[0]
    reset(app, replace(mine, issuer="http://127.0.0.1:9"))
    refused = client.get("/sign-in/with/work")
    assert refused.status_code == 502
    assert "does not answer at the moment" in refused.text
    assert whys(world) == ["not reachable"]


def test_a_provider_that_is_slow_is_not_waited_for(
    client: FlaskClient, world: World, outside: Outside, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "SECONDS", 0.2)
    outside.behaves(token={"delay": 1})
    assert outside.signs_in(client).status_code == 502
    assert whys(world) == ["not reachable"]


def test_new_keys_are_found_and_old_ones_no_longer_taken(
    app: Flask, client: FlaskClient, world: World, outside: Outside, ann: Person
) -> None:
    assert half_in(outside.signs_in(client))
    world.clock.advance(minutes=2)
    outside.behaves(rotate=True)
    assert half_in(outside.signs_in(app.test_client()))
    assert outside.seen["keys"] == 1
    assert outside.seen["describe"] == 0


def test_unknown_keys_make_us_ask_once_a_minute_at_most(
    app: Flask, client: FlaskClient, world: World, outside: Outside, ann: Person
) -> None:
    outside.behaves(kid="unknown")
    for _ in range(4):
        assert outside.signs_in(client).status_code == 403
    assert outside.seen == outside.seen | {"keys": 1, "describe": 1}
    world.clock.advance(minutes=1)
    outside.signs_in(client)
    assert outside.seen["keys"] == 2


def test_what_a_provider_says_of_itself_is_kept_for_an_hour(
    client: FlaskClient, world: World, outside: Outside, ann: Person
) -> None:
    for minutes, asked in ((0, 1), (59, 1), (2, 2)):
        world.clock.advance(minutes=minutes)
        client.get("/sign-in/with/work")
        assert outside.seen["describe"] == asked


def test_somebody_who_left_is_not_let_in_by_the_provider(
    client: FlaskClient, world: World, outside: Outside, ann: Person
) -> None:
    world.leaves(ann, world.person("Clerk", Role.CLERK))
    assert outside.signs_in(client).status_code == 403
    assert whys(world) == ["nobody connected"]


@pytest.mark.parametrize(
    ("claims", "is_enough"),
    [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "mfa"}, True),
        ({"amr": ["pwd"]}, False),
        ({"amr": "mfa"}, False),
        ({"amr": [["mfa"]]}, False),
        ({}, False),
    ],
    ids=str,
)
@ONCE
def test_two_steps_there_count_as_two_here_only_where_they_are_trusted(
    app: Flask, client: FlaskClient, outside: Outside, ann: Person, claims: dict[str, Any], is_enough: bool
) -> None:
    outside.behaves(claims=claims)
    assert half_in(outside.signs_in(client))
    outside.trusted(app)
    assert half_in(outside.signs_in(client)) is not is_enough
    assert is_in(client) is is_enough


def test_roles_never_come_from_outside(
    app: Flask, client: FlaskClient, world: World, outside: Outside, ann: Person
) -> None:
    outside.trusted(app)
    outside.behaves(claims={"roles": ["clerk"], "groups": ["administrator"], "role": "clerk", "amr": ["mfa"]})
    assert outside.signs_in(client).headers["Location"] == "/"
    assert client.get(world.path("people")).status_code == 403


def test_looking_at_the_page_of_an_answer_changes_nothing(client: FlaskClient, world: World, outside: Outside) -> None:
    before = counts(world)
    page = client.get(BACK + "?code=%22%3E%3Cscript%3E&state=x&evil=1")
    assert "<script>" not in page.text.split("<main")[1].split("</main")[0]
    assert "evil" not in page.text
    assert (whys(world), counts(world)) == ([], before)


def test_answers_without_end_are_slowed(
    client: FlaskClient, world: World, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    from registry.identity.views import guessing

    monkeypatch.setattr(guessing, "FROM_ONE_NETWORK", 3)
    said = [client.post(BACK, data={"state": "x", "code": "y"}).status_code for _ in range(4)]
    assert said == [403, 403, 403, 429]
    assert len(whys(world)) == 3
