"""The access matrix: every door, every method, every kind of visitor, every kind of thing.

What is expected stands in `table.py`, by hand. A refused knock changes nothing and is entered in the trail.
"""

import hashlib
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient

from registry.accounts.models import AccountState, ServiceArea
from registry.audit.models import Entry
from registry.core.database import Base
from registry.identity.actions import people
from registry.identity.actions.absence import suspend
from registry.identity.models import SignInSession
from registry.vocabulary.permissions import GRANTABLE, Role
from tests.doors.objects import MISSING, one_of_everything, values_for
from tests.doors.table import SIGNED_IN, doors
from tests.world import World

OUT = ("anonymous", "leaver", "suspended", "other_council")
"""Whoever does not work here, or not now: no door of the council opens to them."""
VISITORS = (*(role.value for role in Role), "untrained", *OUT)
NOT_COMPARED = ("audit_entries", "audit_heads", "audit_sealed", "audit_checkpoints", "sign_in_sessions")
DOOR_SHUT = "Your roles in this council do not open this page."


@pytest.fixture
def things(world: World) -> dict[str, dict[str, Any]]:
    """What the knocks are about: one's own area's, another area's, a closed account's, another council's."""
    return {
        "own": one_of_everything(world, "Own area"),
        "other area": one_of_everything(world, "Other area"),
        "closed": one_of_everything(world, "Closed area", AccountState.CLOSED),
        "other council": one_of_everything(world.another(), "Their area"),
    }


def visitor(world: World, things: dict[str, dict[str, Any]], kind: str) -> Any:
    """Somebody of this kind, signed in; nobody for a stranger."""
    if kind == "anonymous":
        return None
    if kind == "editor":
        return things["own"]["owner"]
    if kind == "other_council":
        return world.another("farham").person("Far Clerk", Role.CLERK)
    person = world.person(f"The {kind}", *([Role(kind)] if kind in {r.value for r in GRANTABLE} else []))
    if kind == "untrained":
        with world.house.reading() as session:
            world.editor(session.get_one(ServiceArea, things["own"]["area_id"]), person)
    return person


def goes(world: World, kind: str, who: Any) -> None:
    """A leaver leaves, a suspended person is suspended, and both still hold the cookie of their last sign-in."""
    if kind in ("leaver", "suspended"):
        with world.work(world.person(f"Keeper of the {kind}", Role.CLERK)) as work:
            if kind == "leaver":
                people.leave(work, who.id, world.day(-1))
            else:
                suspend(work, who.id, "To be looked into")


def knocks(app: Flask, world: World, things: dict[str, Any], *, missing: bool = False) -> list[tuple[str, str, str]]:
    """Every door of a council with its method and an address about these things.

    A list, not a generator: a request made while another's context is open would share what that one remembers.
    """
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if not rule.rule.startswith("/c/<council>"):
                continue
            values = values_for(rule, things, missing=missing)
            if values is None:
                continue
            address = url_for(rule.endpoint, council=world.council.slug, **values)
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                found.append((f"{method} {rule.endpoint}", method, address))
    return found


def knock(client: FlaskClient, method: str, address: str) -> Any:
    """Knock with nothing in hand."""
    return client.get(address) if method == "GET" else client.post(address, data={})


def state_of(world: World) -> dict[str, str]:
    """What the database holds, table by table, besides the trail and the sessions' last use."""
    with world.house.reading() as session:
        return {
            table.name: hashlib.sha256(repr(sorted(map(repr, session.execute(sa.select(table))))).encode()).hexdigest()
            for table in Base.metadata.sorted_tables
            if table.name not in NOT_COMPARED
        }


def refusals(world: World) -> int:
    """How many knocks the trail says were refused at the door."""
    with world.house.reading() as session:
        return session.query(Entry).filter_by(chain=world.council.id, act="door.refused").count()


def without_what_differs(page: str) -> str:
    """A page without the keys of its forms and the number of its request: those differ every time."""
    return re.sub(r'name="(form_key|csrf_token)" value="[^"]+"|app-mono">[0-9a-f]{16}<', "", page)


def test_the_table_names_every_door_and_no_other(app: Flask) -> None:
    found = {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if rule.rule.startswith("/c/<council>")
    }
    assert found == set(doors())


def opening_to(kind: str) -> set[str]:
    """The doors that the table opens to somebody of this kind."""
    role = "editor" if kind == "untrained" else kind
    return {door for door, roles in doors().items() if kind not in OUT and roles & {role, "staff"}}


def test_every_door_opens_to_exactly_those_the_table_says(
    app: Flask, world: World, things: dict[str, dict[str, Any]]
) -> None:
    kinds = VISITORS if world.house.database.is_sqlite else ("clerk", "editor", "other_council")  # doors are of Python
    everything = {name: knocks(app, world, these) for name, these in things.items()}
    wrong = []
    for kind in kinds:
        client, who, opens = app.test_client(), visitor(world, things, kind), opening_to(kind)
        if who is not None:
            world.sign_in(client, who)
        goes(world, kind, who)
        before, noted, refused = state_of(world), refusals(world), 0
        for set_name, listed in everything.items():
            for door, method, address in listed:
                if door in opens and method == "POST":
                    continue  # those come below, and change things
                if door not in opens and set_name != ("other council" if kind == "other_council" else "own"):
                    continue  # what keeps a door shut has not yet asked what it is about
                answer = knock(client, method, address)
                is_shut = answer.status_code == 403 and DOOR_SHUT in answer.text
                refused += is_shut
                if answer.status_code not in _expected(kind, door in opens) or is_shut != (
                    door not in opens and kind not in OUT
                ):
                    wrong.append(f"{kind}, {set_name}: {door} {address} gave {answer.status_code}")
        wrong += [f"{kind} changed {table}" for table, held in state_of(world).items() if held != before[table]]
        if refusals(world) != noted + refused:
            wrong.append(f"{kind}: {refused} refusals, but {refusals(world) - noted} entries")
    assert "\n".join(wrong) == ""


def _expected(kind: str, is_open: bool) -> set[int]:
    if kind in ("anonymous", "leaver", "suspended"):
        return {302}
    if kind == "other_council":
        return {404}
    return {200, 302, 403, 404, 409} if is_open else {403}  # open, and yet a rule or the thing itself may say no


def test_asking_for_the_head_of_a_page_needs_what_the_page_needs(
    app: Flask, world: World, things: dict[str, dict[str, Any]]
) -> None:
    client, wrong = app.test_client(), []
    for kind in ("anonymous", "staff", "clerk"):
        who = visitor(world, things, kind)
        if who is not None:
            world.sign_in(client, who)
        for door, method, address in knocks(app, world, things["own"]):
            if method == "GET":
                heads, page = client.head(address), client.get(address)
                if heads.status_code != page.status_code or heads.data:
                    wrong.append(f"{kind}: {door} gave {heads.status_code}, the page {page.status_code}")
    assert "\n".join(wrong) == ""


@pytest.fixture
def every_hat(world: World, things: dict[str, dict[str, Any]]) -> Any:
    """Somebody to whom every door opens."""
    owner = things["own"]["owner"]
    with world.work() as work:
        for role in GRANTABLE:
            people.grant_role(work, owner.id, role, world.day(-300), None)
    return owner


def test_another_councils_thing_and_a_missing_one_get_the_same_answer(
    app: Flask, client: FlaskClient, world: World, things: dict[str, dict[str, Any]], every_hat: Any
) -> None:
    world.sign_in(client, every_hat)
    theirs, here = things["other council"], dict(things["own"])
    before, wrong = state_of(world), []
    for door, method, address in knocks(app, world, here, missing=True):
        answer = knock(client, method, address)
        if answer.status_code != 404:
            wrong.append(f"missing: {door} {address} gave {answer.status_code}")
    for rule in app.url_map.iter_rules():
        for name in sorted(rule.arguments & (set(theirs) - {"seq", "size", "words", "owner"})):
            with app.test_request_context():
                mixed = values_for(rule, {**here, name: theirs[name]})
                address = url_for(rule.endpoint, council=world.council.slug, **(mixed or {}))
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                if f"{method} {rule.endpoint}" in doors() and knock(client, method, address).status_code != 404:
                    wrong.append(f"theirs: {method} {rule.endpoint} {address}")
    assert "\n".join(wrong) == ""
    assert state_of(world) == before


QUERIES = {
    "policies/versions/{version_id}/difference": ("since", "version_id"),
    "policies/sign": ("version_id", "version_id"),
    "training/record": ("person", "person_id"),
    "standing/team": ("area", "area_id"),
    "accounts": ("area", "area_id"),
    "accounts.csv": ("account", "account_id"),
}
"""Pages whose query names a row: by which word, and which thing."""


def test_a_query_for_another_councils_row_is_answered_like_one_for_a_missing_row(
    client: FlaskClient, world: World, things: dict[str, dict[str, Any]], every_hat: Any
) -> None:
    world.policy("2 later", effective_on=world.day(-1))
    world.sign_in(client, every_hat)
    theirs = things["other council"]
    for page, (word, thing) in QUERIES.items():
        address = world.path(page.format(**things["own"]))
        asked = [client.get(address, query_string={word: number}) for number in (theirs[thing], MISSING)]
        told = [re.sub(r"[0-9]+", "", without_what_differs(answer.text)) for answer in asked]
        assert asked[0].status_code == asked[1].status_code, page
        assert told[0] == told[1], page
        assert "Their area" not in asked[0].text


SOME_TRIED = [("sqlite", role.value) for role in Role] + [("postgresql", role) for role in ("clerk", "editor")]


@pytest.mark.parametrize(("database_url", "kind"), SOME_TRIED, indirect=["database_url"])
def test_an_open_door_answers_an_empty_hand_without_a_fault(
    app: Flask, client: FlaskClient, world: World, things: dict[str, dict[str, Any]], kind: str
) -> None:
    world.sign_in(client, visitor(world, things, kind))
    opens, wrong = opening_to(kind), []
    for set_name in ("other area", "closed", "own"):
        for door, method, address in knocks(app, world, things[set_name]):
            if door in opens and method == "POST":
                answer = knock(client, method, address)
                if answer.status_code not in (200, 302, 303, 400, 403, 404, 409, 422) or DOOR_SHUT in answer.text:
                    wrong.append(f"{set_name}: {door} {address} gave {answer.status_code}")
    assert "\n".join(wrong) == ""


def test_looking_at_what_is_outside_a_council_changes_nothing(app: Flask, client: FlaskClient, world: World) -> None:
    before = state_of(world)
    for signed_in in (False, True):
        if signed_in:
            person = world.person("Ann Example")
            world.sign_in(client, person)
            before = state_of(world)
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or set()) and not rule.arguments - {"council"} and rule.endpoint != "static":
                with app.test_request_context():
                    address = url_for(rule.endpoint, **dict.fromkeys(rule.arguments, world.council.slug))
                assert client.get(address).status_code < 500, rule.endpoint
    assert state_of(world) == before


def test_doors_outside_a_council_ask_for_somebody_signed_in(app: Flask, client: FlaskClient, world: World) -> None:
    for door in SIGNED_IN:
        method, endpoint = door.split()
        with app.test_request_context():
            names = next(app.url_map.iter_rules(endpoint)).arguments
            address = url_for(endpoint, **dict.fromkeys(names, 1))
        assert knock(client, method, address).headers["Location"].startswith("/sign-in")


def test_somebody_cannot_end_anothers_session(app: Flask, client: FlaskClient, world: World) -> None:
    ann, ben = world.person("Ann Example"), world.person("Ben Example")
    theirs = app.test_client()
    world.sign_in(theirs, ben)
    world.sign_in(client, ann)
    with world.house.reading() as session:
        number = session.query(SignInSession.id).filter_by(person_id=ben.id).scalar()
    assert client.post(f"/me/sessions/{number}/end").status_code == 404
    assert theirs.get("/me/sessions").status_code == 200
