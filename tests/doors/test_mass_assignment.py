"""A form changes what it lists and nothing else, whatever is posted to it, and never by another council's row."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.core.database import Base
from tests.doors.filled import Form, Sent
from tests.doors.held import Held, State, changes
from tests.world import World

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


DRAWN = ("token_hash", "dedupe", "sealed", "envelope", "marking", "wrapped", "note", "signature", "root")
"""Columns that hold something drawn by lot, or made of it."""
LINK = re.compile(r"/new-password/\S+")
OF_ANOTHER = {
    "area_id": "area_id",
    "course_id": "course_id",
    "holder_id": "person_id",
    "manager_id": "person_id",
    "owner_id": "person_id",
    "person_id": "person_id",
    "responsible_id": "person_id",
    "service_area_id": "area_id",
    "sponsor_id": "person_id",
}
"""For a field that names a row, which of the other council's things is put in its place."""
BESIDES = ("role", "roles", "is_demo", "account", "ids", "approved", "confirmed", "actor_id", "council", "now")
NOT_TAKEN = """
    accounts.import_preview activity.apply_import activity.import_file audit.verify closures.complete closures.drop
    closures.reopen closures.rest councils.chain custody.codes_hold custody.give_back custody.make_shares
    custody.my_share custody.pick_up_look custody.reveal_whole custody.seal custody.show_once custody.show_share
    custody.unseal custody.withdraw_look flags.end_acknowledgement identity.confirm_role identity.decline_role
    identity.reset_factors launch.go_live policies.sign_current requests.ask_again requests.check requests.withdraw
    reviews.complete rotations.finish rotations.tick
"""
"""Doors that have nothing to change as things stand here: whatever is posted, nothing does. All others take their
form, which keeps this test from resting on refusals."""


def planted(form: Form, theirs: dict[str, Any]) -> Sent:
    """Every column of every table that the form does not list, and some more, each with a telling value."""
    columns = {column.name: column.type for table in Base.metadata.sorted_tables for column in table.columns}
    return {
        name: _telling(columns.get(name), theirs.get(OF_ANOTHER.get(name, name)))
        for name in (*columns, *BESIDES)
        if name not in form.boxes and name not in dict(form.buttons)
    }


def _telling(kind: Any, their_number: Any) -> list[str]:
    if isinstance(kind, sa.Enum):
        return [kind.enums[-1]]
    if isinstance(kind, sa.Boolean):
        return ["y"]
    if isinstance(kind, sa.Date):
        return ["7", "7", "2027"]
    return [str(their_number or 4242)] if isinstance(kind, sa.Integer) else ["planted"]


def settled(found: State) -> State:
    """Changes without what is drawn by lot."""
    return {
        key: "drawn" if key[2] in DRAWN or isinstance(value, bytes) else LINK.sub("link", str(value))
        for key, value in found.items()
    }


@on_sqlite
def test_a_form_changes_only_what_it_lists(app: Flask, world: World) -> None:
    held = Held(app, world)
    before, wrong, not_taken = held.state(), [], set()
    for (endpoint, _), form in held.forms.items():
        made: list[tuple[int, State]] = []
        for more in ({}, planted(form, held.theirs)):
            answer = held.post(form, held.sent(endpoint, form) | more)
            made.append((answer.status_code, settled(changes(before, held.state()))))
            if made[-1][1]:
                held.put_back()
        if made[0] != made[1]:
            differing = {
                key for key in made[0][1].keys() | made[1][1].keys() if made[0][1].get(key) != made[1][1].get(key)
            }
            wrong.append(f"{endpoint}: {made[0][0]}, {made[1][0]}, {sorted(differing)}")
        if not made[0][1]:
            not_taken.add(endpoint)
    assert "\n".join(wrong) == ""
    assert not_taken == set(NOT_TAKEN.split())


@on_sqlite
def test_a_form_that_names_another_councils_row_is_refused(app: Flask, world: World) -> None:
    held = Held(app, world)
    before, wrong = held.state(), []
    for (endpoint, _), form in held.forms.items():
        for name in form.row_names():
            answer = held.post(form, held.sent(endpoint, form) | {name: [str(held.theirs[OF_ANOTHER[name]])]})
            if answer.status_code not in (404, 409, 422) or "Their area" in answer.text:
                wrong.append(f"{endpoint}: {name} gave {answer.status_code}")
    assert "\n".join(wrong) == ""
    assert changes(before, held.state()) == {}
