"""The access matrix: every door, every method, every kind of visitor, every kind of thing.

What is expected stands in `table.py`, by hand. A refused knock changes nothing and is entered in the trail.
"""

import hashlib
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from flask.testing import FlaskClient

from registry.accounts.models import AccountState
from registry.audit.models import Entry
from registry.core.database import Base
from registry.identity.actions import people
from registry.vocabulary.permissions import GRANTABLE, Role
from tests.doors.objects import one_of_everything, values_for
from tests.doors.table import SIGNED_IN, doors
from tests.world import World

VISITORS = ("anonymous", *(role.value for role in Role), "untrained", "leaver", "other_council")
NOT_COMPARED = ("audit_entries", "audit_heads", "audit_sealed", "sign_in_sessions")
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
            from registry.accounts.models import ServiceArea

            world.editor(session.get_one(ServiceArea, things["own"]["area_id"]), person)
    return person


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


def test_the_table_names_every_door_and_no_other(app: Flask) -> None:
    found = {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if rule.rule.startswith("/c/<council>")
    }
    assert found == set(doors())


@pytest.mark.parametrize("kind", VISITORS)
def test_every_door_opens_to_exactly_those_the_table_says(
    app: Flask, client: FlaskClient, world: World, things: dict[str, dict[str, Any]], kind: str
) -> None:
    who = visitor(world, things, kind)
    if who is not None:
        world.sign_in(client, who)
    if kind == "leaver":
        with world.work() as work:
            people.leave_now(work, who.id)
    role = "editor" if kind == "untrained" else kind
    opens = {
        door
        for door, roles in doors().items()
        if role in roles or (role in ("editor", *GRANTABLE) and "staff" in roles)
    }
    is_out = kind in ("anonymous", "leaver", "other_council")
    before, noted = state_of(world), refusals(world)
    wrong, refused = [], 0
    for set_name, these in things.items():
        for door, method, address in knocks(app, world, these):
            if door in opens and method == "POST":
                continue
            answer = knock(client, method, address)
            is_shut = answer.status_code == 403 and DOOR_SHUT in answer.text
            refused += is_shut
            if answer.status_code not in _expected(kind, door in opens) or is_shut != (
                door not in opens and not is_out
            ):
                wrong.append(f"{set_name}: {door} {address} gave {answer.status_code}")
    assert "\n".join(wrong) == ""
    assert state_of(world) == before
    assert refusals(world) == noted + refused


def _expected(kind: str, is_open: bool) -> set[int]:
    if kind in ("anonymous", "leaver"):
        return {302}
    if kind == "other_council":
        return {404}
    return {200, 302, 403, 404, 409} if is_open else {403}  # open, and yet a rule or the thing itself may say no


@pytest.mark.parametrize("kind", ["clerk", "comms", "editor", "administrator", "staff"])
def test_another_councils_thing_and_a_missing_one_get_the_same_answer(
    app: Flask, client: FlaskClient, world: World, things: dict[str, dict[str, Any]], kind: str
) -> None:
    world.sign_in(client, visitor(world, things, kind))
    opens = {door for door, roles in doors().items() if kind in roles or "staff" in roles}
    theirs, here = things["other council"], dict(things["own"])
    before, wrong = state_of(world), []
    for door, method, address in knocks(app, world, here, missing=True):
        if door in opens:
            answer = knock(client, method, address)
            if answer.status_code != 404:
                wrong.append(f"missing: {door} {address} gave {answer.status_code}")
    for rule in app.url_map.iter_rules():
        for name in sorted(rule.arguments & (set(theirs) - {"seq", "size", "words", "owner"})):
            with app.test_request_context():
                mixed = values_for(rule, {**here, name: theirs[name]})
                address = url_for(rule.endpoint, council=world.council.slug, **(mixed or {}))
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                door = f"{method} {rule.endpoint}"
                if door in opens and knock(client, method, address).status_code != 404:
                    wrong.append(f"theirs: {door} {address}")
    assert "\n".join(wrong) == ""
    assert state_of(world) == before


@pytest.mark.parametrize("kind", [role.value for role in Role])
def test_an_open_door_answers_an_empty_hand_without_a_fault(
    app: Flask, client: FlaskClient, world: World, things: dict[str, dict[str, Any]], kind: str
) -> None:
    world.sign_in(client, visitor(world, things, kind))
    opens = {door for door, roles in doors().items() if kind in roles or "staff" in roles}
    wrong = []
    for set_name in ("other area", "closed", "own"):
        for door, method, address in knocks(app, world, things[set_name]):
            if door in opens and method == "POST":
                answer = knock(client, method, address)
                if answer.status_code not in (200, 302, 303, 400, 403, 404, 409, 422) or DOOR_SHUT in answer.text:
                    wrong.append(f"{set_name}: {door} {address} gave {answer.status_code}")
    assert "\n".join(wrong) == ""


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
        from registry.identity.models import SignInSession

        number = session.query(SignInSession.id).filter_by(person_id=ben.id).scalar()
    assert client.post(f"/me/sessions/{number}/end").status_code == 404
    assert theirs.get("/me/sessions").status_code == 200
