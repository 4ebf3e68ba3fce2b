"""A form that is turned down loses nothing: whatever an act says no for stands over the form as it was sent."""

from typing import NoReturn

import pytest
from flask import Flask

from registry.core.errors import Conflict, Refused
from registry.web import context
from tests.doors.filled import Box, Form, Sent, forms_of
from tests.doors.held import Held
from tests.world import World

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHY = "The policy says no to this"
PRESSED = ("rotations.tick",)
"""Doors whose fields come from buttons alone."""
SECRET = ("value", "again", "passphrase", "share")
"""Fields that are never sent back."""
NOT_TYPED = ("hidden", "file", "password")
PICKED = ("select", "radio", "checkbox")


def typed_into(form: Form) -> set[str]:
    """The boxes of a form into which somebody types, or in which they pick."""
    return {name for name, box in form.boxes.items() if box.kind not in NOT_TYPED and name not in SECRET}


def lost_in(page: str, form: Form, sent: Sent) -> set[str]:
    """The boxes that do not stand on the page as they were sent."""
    again = next((each for each in forms_of(page, form.action) if each.action == form.action), Form(""))
    return {name for name in typed_into(form) if not _stands(again.boxes.get(name), sent.get(name, []))}


def _stands(box: Box | None, sent: list[str]) -> bool:
    """Whether a box holds what was sent; what only travels along to the next page may be written otherwise."""
    if box is None or box.kind == "hidden":
        return box is not None
    standing = box.chosen if box.kind in PICKED else box.values
    return [each for each in standing if each] == [each for each in sent if each]


@on_sqlite
@pytest.mark.parametrize(("said", "status"), [(Refused(WHY), 403), (Conflict(WHY), 409)])
def test_no_form_of_the_house_is_lost_when_its_act_is_turned_down(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch, said: Exception, status: int
) -> None:
    def turn_down(*_: object) -> NoReturn:
        raise said

    held = Held(app, world)
    forms = [(door, form) for (door, _), form in held.forms.items() if door not in PRESSED and typed_into(form)]
    assert len(forms) > 50
    monkeypatch.setattr(context, "work", turn_down)
    wrong = []
    for door, form in forms:
        sent = held.sent(door, form)
        answer = held.post(form, sent)
        lost = lost_in(answer.text, form, sent)
        is_said = WHY in answer.text and "govuk-error-summary" in answer.text
        if answer.status_code != status or not is_said or lost:
            wrong.append(f"{door}: {answer.status_code}, {is_said}, {sorted(lost)}")
    assert "\n".join(wrong) == ""
