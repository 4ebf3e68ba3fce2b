"""Putting a value into custody: a new credential, or another value of one. What the generator offers is nowhere but in
the page until it is kept."""

from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.core.errors import NotFound, Reason
from registry.custody.actions import deposit as deposits
from registry.custody.actions.describe import FIELDS
from registry.custody.forms import ValueForm, deposit_form, replace_form
from registry.custody.generator import generate_password, generate_words
from registry.custody.models import Kind
from registry.custody.queries import list_kind
from registry.custody.views.room import done, found, my_ticks, room, vault
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import accepted, show

GENERATORS = {"characters": generate_password, "words": generate_words}


def stay_depositing(account_id: int, kind: str) -> ResponseReturnValue | None:
    """Ask beside the page of a deposit that it is still them, where the page alone holds the value."""
    return _value_page(_deposit_page(account_id, kind), asks_beside=True) if _holds_offered() else None


@room.route("/accounts/<int:account_id>/custody/deposit/<kind>", methods=["GET", "POST"])
@needs(Permission.CUSTODY_DEPOSIT, fresh=True, stay=stay_depositing)
def deposit(account_id: int, kind: str) -> ResponseReturnValue:
    """Put a password, a two-step seed, recovery codes or an API token into custody."""
    page = _deposit_page(account_id, kind)
    opened, form = vault(), page.form

    def put() -> deposits.Kept:
        with context.work() as work:
            details = {name: form[name].data for name in FIELDS}
            brought = deposits.Deposit(page.kind, form.secret, **details)
            return deposits.deposit(work, opened, account_id, brought)

    if not _asks_generator() and (kept := accepted(form, put)):
        return done(page.account, "It is in custody, and you count as somebody who knows it.", kept.came.warnings)
    return _value_page(page)


def stay_replacing(credential_id: int) -> ResponseReturnValue | None:
    """The same, where a value is replaced."""
    return _value_page(_replace_page(credential_id), asks_beside=True) if _holds_offered() else None


@room.route("/custody/<int:credential_id>/replace", methods=["GET", "POST"])
@needs(Permission.CUSTODY_DEPOSIT, fresh=True, stay=stay_replacing)
def replace(credential_id: int) -> ResponseReturnValue:
    """Put a new value in place of the one in force, once it was changed on the platform."""
    page = _replace_page(credential_id)
    opened, form = vault(), page.form

    def put() -> deposits.Kept:
        with context.work() as work:
            return deposits.replace(work, opened, credential_id, form["version"].data, form.secret)

    if not _asks_generator() and (kept := accepted(form, put)):
        return done(page.account, "The new value is in custody. Only you know it now.", kept.came.warnings)
    return _value_page(page)


def _kind(word: str) -> Kind:
    if word not in list(Kind):
        raise NotFound
    return Kind(word)


def _asks_generator() -> bool:
    return request.method == "POST" and "generate" in request.form


def _holds_offered() -> bool:
    """Whether what was posted is a value of the generator, which perhaps the platform has by now, and nobody else."""
    return bool(request.form.get("generated") and request.form.get("value")) and not _asks_generator()


@dataclass(frozen=True)
class ValuePage:
    """A page that takes a value: its template and form, of which account and kind, and what else it shows."""

    template: str
    form: ValueForm
    account: Account
    kind: Kind
    shown: dict[str, Any]


def _deposit_page(account_id: int, kind: str) -> ValuePage:
    account, wanted = get_account(context.db(), context.council().id, account_id), _kind(kind)
    present = list_kind(context.db(), account.council_id, account.id, wanted)
    form = deposit_form(wanted, is_another=bool(present))
    return ValuePage("custody/deposit.html", form, account, wanted, {"present": present})


def _replace_page(credential_id: int) -> ValuePage:
    credential, account = found(credential_id)
    form = replace_form(credential.kind, credential.current_version)
    return ValuePage("custody/replace.html", form, account, credential.kind, {"credential": credential})


def _value_page(page: ValuePage, *, asks_beside: bool = False) -> ResponseReturnValue:
    """The page that takes a value; with one from the generator in it, if that was asked for or is being used.

    `asks_beside`: it came too late, and asks to confirm in another tab that it is them.
    """
    form, kind, offered = page.form, page.kind, None
    if asks_beside:
        form.turn_down([Reason("It is not in custody yet: first confirm that it is you")])
    if kind is Kind.PASSWORD and _asks_generator():
        make = GENERATORS.get(request.form["generate"], generate_password)
        offered = make().reveal()
    elif kind is Kind.PASSWORD and form["generated"].data:
        offered = form["value"].data
    if kind is Kind.PASSWORD:  # what somebody types instead of it is typed twice again
        form["generated"].data = "yes" if offered else ""
    return show(
        page.template,
        form,
        account=page.account,
        kind=kind,
        offered=offered,
        asks_beside=asks_beside,
        idle=context.house().settings.idle_minutes,
        ticks=my_ticks(page.account),
        **page.shown,
    )
