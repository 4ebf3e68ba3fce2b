"""Proving that it is still you, before a door that asks for it; then on to where you were going."""

from collections.abc import Iterable

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from registry.core.errors import Invalid
from registry.identity.forms import ConfirmForm
from registry.identity.views.guessing import prove_password
from registry.identity.views.room import room
from registry.identity.views.session import wanted_page
from registry.web.guard import Open, needs
from registry.web.pages import accepted, show

PREFIX = "carried-"
NEVER_CARRIED = frozenset({"csrf_token", "value", "again", "password", "old", "code", "token"})
"""Fields that may hold a secret: they are typed again."""

Pairs = Iterable[tuple[str, str]]


def carried(posted: MultiDict[str, str]) -> list[tuple[str, str]]:
    """What somebody typed into the form that brought them here, besides secrets."""
    return [(name, text) for name, text in posted.items(multi=True) if name not in NEVER_CARRIED]


def show_confirm(target: str, fields: Pairs | None, form: ConfirmForm | None = None) -> ResponseReturnValue:
    """The page that asks; `fields` travel along to the form at `target` where one was on its way."""
    kept = [] if fields is None else [(PREFIX, "form"), *((PREFIX + name, text) for name, text in fields)]
    return show("identity/confirm.html", form or ConfirmForm(formdata=None), target=target, kept=kept)


@room.route("/confirm", methods=["GET", "POST"])
@needs(Open.SIGNED_IN)
def confirm() -> ResponseReturnValue:
    """Prove that it is still you. Where a form was interrupted, it is sent on with what was typed."""
    form = ConfirmForm()
    fields = _interrupted()

    def prove() -> None:
        if not prove_password(form.password.data):
            raise Invalid("password", "This is not your password")

    if not accepted(form, prove):
        return show_confirm(wanted_page(), fields, form)
    if fields is not None:
        return show("identity/carry_on.html", target=wanted_page(), fields=fields)
    return redirect(wanted_page())


def _interrupted() -> list[tuple[str, str]] | None:
    """The fields of the form that was on its way; None where none was."""
    if PREFIX not in request.form:
        return None
    return [
        (name.removeprefix(PREFIX), text)
        for name, text in request.form.items(multi=True)
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in NEVER_CARRIED | {""}
    ]
