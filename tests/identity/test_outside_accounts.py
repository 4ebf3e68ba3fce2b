"""Connecting an account outside: by oneself while signed in, or by the link that somebody new was given; never by
an address of e-mail, and each account to one person."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from registry.audit.models import Entry
from registry.core.errors import Conflict, Refused
from registry.core.providers import Provider
from registry.core.secret import Secret
from registry.identity.actions import outside as acts
from registry.identity.actions import sign_in
from registry.identity.actions.links import make_link
from registry.identity.models import KnownDevice, LinkPurpose, OutsideIdentity, Person, SignInSession
from registry.identity.outside.idtoken import Recognised
from registry.identity.rules.sign_in import MAY_DISCONNECT, WaysIn
from registry.outbox.models import Message
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.identity.outside import Outside, outside, provider_process, reset
from tests.identity.test_outside_sign_in import ONCE, connected, half_in, whys
from tests.world import PASSWORD, World, code_now

__all__ = ["outside", "provider_process"]

CONNECT = "/me/accounts/connect/work"


def way(client: FlaskClient) -> str:
    """The link by which the page of one's accounts leads to the provider."""
    found = re.search(rf'href="({CONNECT}\?ticket=[^"]+)"', client.get("/me/accounts").text)
    assert found
    return found[1].replace("&amp;", "&")


def identities(world: World) -> list[tuple[int, str, str]]:
    with world.house.reading() as session:
        return [(one.person_id, one.subject, one.known_as) for one in session.scalars(sa.select(OutsideIdentity))]


def link_for(world: World, person: Person, purpose: LinkPurpose = LinkPurpose.SET_UP) -> str:
    with world.house.work(None, None, "test") as work:
        return make_link(work, work.session.get_one(Person, person.id), purpose)


def acted(world: World, event: Event) -> list[int | None]:
    with world.house.reading() as session:
        return list(session.scalars(sa.select(Entry.actor_id).where(Entry.act == event.value)))


def test_somebody_signed_in_connects_their_account_and_signs_in_by_it(
    client: FlaskClient, world: World, outside: Outside
) -> None:
    ann = world.has_password(world.person("Ann Example"))
    world.sign_in(client, ann)
    assert "Connect Example Work" in client.get("/me/accounts").text
    assert outside.signs_in(client, way(client)).headers["Location"] == "/me/accounts"
    assert identities(world) == [(ann.id, "s-42", "ann@exampleton.example")]
    assert acted(world, Event.OUTSIDE_CONNECTED) == [ann.id]
    page = client.get("/me/accounts").text
    assert "ann@exampleton.example" in page
    assert "Connect Example Work" not in page
    client.post("/sign-out")
    assert half_in(outside.signs_in(client))


def test_connecting_wants_fresh_proof(client: FlaskClient, world: World, outside: Outside) -> None:
    world.sign_in(client, world.has_password(world.person("Ann Example")))
    late = way(client)
    world.clock.advance(minutes=6)
    assert client.get(late).headers["Location"] == "/me/accounts"
    assert client.get("/me/accounts").headers["Location"] == "/confirm?next=%2Fme%2Faccounts"


def test_a_link_on_another_site_begins_no_connection(
    app: Flask, client: FlaskClient, world: World, outside: Outside
) -> None:
    """Its author may have an account of theirs waiting at the provider, to be connected to whoever clicks."""
    (work,) = app.extensions["house"].settings.providers
    reset(app, work, replace(work, key="home", issuer="https://home.example"))
    world.sign_in(client, world.person("Ann Example"))
    hers = way(client)
    for address in (CONNECT, f"{CONNECT}?ticket=made-up", hers.replace("/work?", "/home?"), hers[:-9] + "AAAAAAA=="):
        assert client.get(address).headers["Location"] == "/me/accounts"
    world.sign_in(client, world.person("Eve Example"))
    assert client.get(hers).headers["Location"] == "/me/accounts"


def test_whoever_an_account_is_connected_to_or_taken_from_is_told(
    client: FlaskClient, world: World, outside: Outside
) -> None:
    world.sign_in(client, world.has_password(world.person("Ann Example")))
    outside.signs_in(client, way(client))
    with world.house.reading() as session:
        number = session.scalars(sa.select(OutsideIdentity.id)).one()
    world.clock.advance(seconds=1)
    client.post(f"/me/accounts/{number}/end")
    with world.house.reading() as session:
        said = list(session.scalars(sa.select(Message.subject).order_by(Message.id)))
    assert [subject.partition(": ")[2].partition(" and ")[0] for subject in said] == [
        "an account at Example Work was connected to you",
        "your account at Example Work was disconnected",
    ]


def test_connecting_the_same_account_again_changes_nothing(client: FlaskClient, world: World, outside: Outside) -> None:
    world.sign_in(client, world.person("Ann Example"))
    link = way(client)
    for _ in range(2):
        assert outside.signs_in(client, link).status_code == 302
    assert len(identities(world)) == len(acted(world, Event.OUTSIDE_CONNECTED)) == 1


def test_an_account_that_is_somebody_elses_is_not_connected(
    client: FlaskClient, world: World, outside: Outside
) -> None:
    bert = connected(world, outside, world.person("Bert Example"))
    world.sign_in(client, world.person("Ann Example"))
    refused = outside.signs_in(client, way(client))
    assert refused.status_code == 403
    assert "connected to somebody else" in refused.text
    assert [person for person, _, _ in identities(world)] == [bert.id]


def test_a_second_account_at_one_provider_is_a_conflict(client: FlaskClient, world: World, outside: Outside) -> None:
    ann = world.person("Ann Example")
    world.sign_in(client, ann)
    link = way(client)
    connected(world, outside, ann, "first")
    assert outside.signs_in(client, link).status_code == 409
    assert [subject for _, subject, _ in identities(world)] == ["first"]


def test_whoever_was_signed_out_or_is_somebody_else_meanwhile_connects_nothing(
    client: FlaskClient, world: World, outside: Outside
) -> None:
    """A stranger who slips their own answer into your browser would otherwise come in as you."""
    world.sign_in(client, world.person("Ann Example"))
    answer = outside.goes(client, way(client))
    world.sign_in(client, world.person("Bert Example"))
    assert outside.returns(client, answer).status_code == 403
    world.sign_in(client, world.person("Carl Example"))
    answer = outside.goes(client, way(client))
    client.post("/sign-out")
    assert outside.returns(client, answer).status_code == 403
    assert whys(world) == ["another session"] * 2
    assert identities(world) == []


def test_somebody_new_uses_their_account_instead_of_a_password_once(
    client: FlaskClient, world: World, outside: Outside
) -> None:
    ann = world.person("Ann Example")
    token = link_for(world, ann)
    assert "Use my account at Example Work instead" in client.get(f"/new-password/{token}").text
    done = outside.signs_in(client, f"/new-password/{token}/with/work")
    assert done.headers["Location"] == "/sign-in"
    assert client.get("/me/sessions").status_code == 302  # a link signs nobody in
    assert identities(world) == [(ann.id, "s-42", "ann@exampleton.example")]
    assert acted(world, Event.OUTSIDE_CONNECTED) == [ann.id]
    assert client.get(f"/new-password/{token}/with/work").status_code == 404
    assert client.get(f"/new-password/{token}").status_code == 404
    assert half_in(outside.signs_in(client))


def test_a_set_up_link_on_another_site_connects_nobody_who_did_not_press(
    client: FlaskClient, world: World, outside: Outside
) -> None:
    """With the author's own link, whoever follows it would sign in as the author from then on."""
    eve = world.person("Eve Example")
    answer = outside.goes(client, f"/new-password/{link_for(world, eve)}/with/work")
    page = client.get("/sign-in/from/work", query_string=answer).text
    assert f"signs in {eve.email} here" in page
    assert "data-sends-itself" not in page
    assert identities(world) == []
    world.clock.advance(days=4)
    assert eve.email not in client.get("/sign-in/from/work", query_string=answer).text  # the link has run out
    outside.goes(client)
    assert "data-sends-itself" in client.get("/sign-in/from/work", query_string=answer).text


def test_a_set_up_link_leads_nobody_past_the_second_step_that_is_there(
    client: FlaskClient, world: World, outside: Outside
) -> None:
    """Whoever reads somebody's post has the link; an account of their own, connected by it, would stand for both."""
    ann = world.person("Ann Example")
    answer = outside.goes(client, f"/new-password/{link_for(world, ann)}/with/work")
    world.has_app(ann)  # they set one up before the answer came
    assert outside.returns(client, answer).status_code == 409
    token = link_for(world, ann)
    assert client.get(f"/new-password/{token}").status_code == 404
    assert client.get(f"/new-password/{token}/with/work").status_code == 404
    token = link_for(world, ann, LinkPurpose.RESET)
    assert "Example Work" not in client.get(f"/new-password/{token}").text
    assert client.get(f"/new-password/{token}/with/work").status_code == 404
    with pytest.raises(Conflict), world.house.work(None, None, "test") as work:
        acts.connect_by_link(work, token, Recognised("https://id.example", "s-42", "", True, None), "Example Work")
    assert identities(world) == []


def test_a_link_that_was_used_meanwhile_connects_nothing(client: FlaskClient, world: World, outside: Outside) -> None:
    token = link_for(world, world.person("Ann Example"))
    answer = outside.goes(client, f"/new-password/{token}/with/work")
    client.post(f"/new-password/{token}", data={"password": PASSWORD})
    assert outside.returns(client, answer).status_code == 409
    assert identities(world) == []


def test_a_link_stays_good_when_the_account_is_somebody_elses(
    client: FlaskClient, world: World, outside: Outside
) -> None:
    connected(world, outside, world.person("Bert Example"))
    token = link_for(world, world.person("Ann Example"))
    assert outside.signs_in(client, f"/new-password/{token}/with/work").status_code == 403
    assert client.get(f"/new-password/{token}").status_code == 200


def test_a_reset_link_is_for_a_password(client: FlaskClient, world: World, outside: Outside) -> None:
    token = link_for(world, world.person("Ann Example"), LinkPurpose.RESET)
    assert "Example Work" not in client.get(f"/new-password/{token}").text
    assert client.get(f"/new-password/{token}/with/work").status_code == 404


def test_the_only_way_in_is_not_taken_away(client: FlaskClient, world: World, outside: Outside) -> None:
    ann = connected(world, outside, world.person("Ann Example"))
    world.sign_in(client, ann)
    with world.house.reading() as session:
        number = session.scalars(sa.select(OutsideIdentity.id)).one()
    refused = client.post(f"/me/accounts/{number}/end")
    assert refused.status_code == 403
    assert "only way to sign in" in refused.text
    world.has_password(ann)
    assert client.post(f"/me/accounts/{number}/end").status_code == 302
    assert identities(world) == []
    assert acted(world, Event.OUTSIDE_DISCONNECTED) == [ann.id]
    assert outside.signs_in(client).status_code == 403


def test_nobody_disconnects_somebody_elses_account(client: FlaskClient, world: World, outside: Outside) -> None:
    connected(world, outside, world.person("Bert Example"))
    with world.house.reading() as session:
        number = session.scalars(sa.select(OutsideIdentity.id)).one()
    world.sign_in(client, world.has_password(world.person("Ann Example")))
    assert client.post(f"/me/accounts/{number}/end").status_code == 404


@pytest.mark.parametrize(("has_password", "others", "may"), [(True, 0, True), (False, 1, True), (False, 0, False)])
def test_a_way_in_must_be_left(has_password: bool, others: int, may: bool, world: World) -> None:
    assert bool(MAY_DISCONNECT.judge(WaysIn(has_password, others), world.today)) is may


def test_an_account_of_a_provider_no_longer_in_use_is_still_shown(client: FlaskClient, world: World) -> None:
    ann = world.person("Ann Example")
    issuer = "https://gone.example"
    world.add(OutsideIdentity(person_id=ann.id, issuer=issuer, subject="s", connected_at=world.clock.now()))
    world.sign_in(client, ann)
    assert "No longer in use here" in client.get("/me/accounts").text
    assert "Connected accounts" in client.get("/me/sessions").text


def test_an_administrator_sees_whether_somebody_signs_in_outside(
    client: FlaskClient, world: World, outside: Outside
) -> None:
    ann = connected(world, outside, world.person("Ann Example"))
    world.sign_in(client, world.person("Ada Admin", Role.ADMINISTRATOR))
    assert "Example Work" in client.get(world.path(f"people/{ann.id}")).text


def test_signing_in_there_again_proves_that_it_is_still_you(
    app: Flask, client: FlaskClient, world: World, outside: Outside
) -> None:
    connected(world, outside, world.has_password(world.person("Ann Example")))
    outside.trusted(app)
    outside.behaves(claims={"amr": ["mfa"]})
    outside.signs_in(client)
    world.clock.advance(minutes=6)
    asked = client.get("/me/accounts").headers["Location"]
    assert "Confirm with Example Work" in client.get(asked).text
    assert client.post(asked, data={"password": PASSWORD}).status_code == 422  # a password is less than what was asked
    outside.behaves(claims={"amr": ["mfa"]})
    led = outside.signs_in(client, "/confirm/with/work?next=/me/accounts")
    assert led.headers["Location"] == "/me/accounts"
    assert outside.seen["asked"] == outside.seen["asked"] | {"prompt": "login", "max_age": "0"}
    assert client.get("/me/accounts").status_code == 200


def test_every_proof_that_it_is_still_you_gives_a_new_token(
    app: Flask, client: FlaskClient, world: World, outside: Outside
) -> None:
    """Whoever copied the cookie before the proof has nothing after it, by whatever the proof was."""
    connected(world, outside, world.has_app(world.has_password(world.person("Ann Example"))))
    outside.trusted(app)
    outside.behaves(claims={"amr": ["mfa"]})
    outside.signs_in(client)
    for prove in (
        lambda: outside.signs_in(client, "/confirm/with/work"),
        lambda: client.post("/confirm", data={"code": code_now("ann.example@exampleton.example", world.clock)}),
    ):
        with client.session_transaction() as cookie:
            before = cookie["_user_id"]
        assert prove().status_code == 302
        with client.session_transaction() as cookie:
            assert cookie["_user_id"] != before
        thief = app.test_client()
        with thief.session_transaction() as cookie:
            cookie["_user_id"] = before
        assert thief.get("/me/sessions").status_code == 302
        assert client.get("/me/sessions").status_code == 200


def test_of_two_pages_that_prove_it_at_once_one_has_the_new_token(world: World) -> None:
    with world.work() as work:
        admitted = sign_in.admit(work, work.session.merge(world.person("Ann Example")), "a browser", confirmed=False)
        assert sign_in.prove_fresh(work, admitted.session_id, "a token it had before") is None
        assert work.session.get_one(SignInSession, admitted.session_id).confirmed_at is None


def test_a_provider_that_is_not_trusted_with_two_steps_confirms_nothing(
    client: FlaskClient, world: World, outside: Outside
) -> None:
    world.sign_in(client, connected(world, outside, world.person("Ann Example")))
    assert client.get("/confirm/with/work").status_code == 404
    assert "Confirm with" not in client.get("/confirm").text


@ONCE
@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"amr": ["mfa"], "auth_time": 1795168800 - 3600}, "not signed in afresh"),
        ({"amr": ["mfa"], "auth_time": None}, "not signed in afresh"),
        ({"amr": ["pwd"]}, "in one step only"),
        ({"amr": ["mfa"], "sub": "s-43"}, "another person's"),
    ],
    ids=str,
)
def test_only_a_fresh_sign_in_of_ones_own_proves_anything(
    app: Flask, client: FlaskClient, world: World, outside: Outside, claims: dict[str, object], why: str
) -> None:
    ann = connected(world, outside, world.person("Ann Example"))
    connected(world, outside, world.person("Bert Example"), "s-43")
    outside.trusted(app)
    world.sign_in(client, ann)
    with world.house.reading() as session:
        before = session.scalars(sa.select(SignInSession.confirmed_at)).one()
    world.clock.advance(minutes=1)
    outside.behaves(claims=claims)
    assert outside.signs_in(client, "/confirm/with/work").status_code == 403
    assert whys(world) == [why]
    with world.house.reading() as session:
        assert session.scalars(sa.select(SignInSession.confirmed_at)).one() == before


def test_of_many_who_connect_one_account_at_once_one_does(world: World) -> None:
    crowd = [world.person(f"Person {number}") for number in range(6)]
    who = Recognised("https://issuer.example", "s", "", in_two_steps=False, signed_in_at=None)
    provider = Provider("work", "Work", "https://issuer.example", "register", Secret(""), frozenset())

    def connects(person: Person) -> bool:
        try:
            with world.work(person) as work:
                acts.connect(work, person.id, who, provider)
        except (Conflict, Refused):
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(connects, crowd)) == 1
    assert len(identities(world)) == 1


def test_of_many_who_bring_one_answer_at_once_one_is_heard(world: World) -> None:
    def brings(_number: int) -> bool:
        try:
            with world.work() as work:
                acts.take_answer(work, "a state")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(brings, range(6))) == 1


def test_the_trail_of_a_sign_in_outside_names_no_subject_and_no_address(
    client: FlaskClient, world: World, outside: Outside
) -> None:
    connected(world, outside, world.person("Ann Example"))
    outside.signs_in(client)
    with world.house.reading() as session:
        bodies = session.scalars(sa.select(Entry.body).where(Entry.act == Event.OUTSIDE_RECOGNISED.value)).all()
    assert [json.loads(body)["detail"] for body in bodies] == [{"provider": "Example Work"}]


def test_taken_answers_and_long_unused_devices_are_cleared_away(world: World) -> None:
    from registry.jobs.tidy import tidy

    ann = world.person("Ann Example")
    with world.house.work(None, None, "test") as work:
        acts.take_answer(work, "a state")
        work.session.add(KnownDevice(token_hash="0" * 64, person_id=ann.id, seen_at=work.now))
    world.clock.moment += timedelta(days=1, seconds=1)
    assert tidy(world.house) == {"outside_answers": 1}
    world.clock.moment += timedelta(days=399)
    assert tidy(world.house) == {"known_devices": 1}
