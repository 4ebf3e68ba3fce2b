"""Putting credentials into custody, and what is done with them there besides looking."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.core.errors import NotFound
from registry.custody.actions import deposit as deposits
from registry.custody.actions.describe import FIELDS
from registry.custody.actions.describe import describe as describe_credential
from registry.custody.actions.destroy import destroy as destroy_credential
from registry.custody.forms import DescribeForm, DestroyForm, ValueForm, deposit_form, replace_form
from registry.custody.generator import generate_password, generate_words
from registry.custody.models import Kind
from registry.custody.queries import list_kind
from registry.custody.shred import shred
from registry.custody.views.room import found, my_ticks, room, vault
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import accepted, show

GENERATORS = {"characters": generate_password, "words": generate_words}


@room.route("/accounts/<int:account_id>/custody/deposit/<kind>", methods=["GET", "POST"])
@needs(Permission.CUSTODY_DEPOSIT, fresh=True)
def deposit(account_id: int, kind: str) -> ResponseReturnValue:
    """Put a password, a two-step seed, recovery codes or an API token into custody."""
    account, wanted = get_account(context.db(), context.council().id, account_id), _kind(kind)
    present = list_kind(context.db(), account.council_id, account.id, wanted)
    opened, form = vault(), deposit_form(wanted, is_another=bool(present))

    def put() -> deposits.Kept:
        with context.work() as work:
            details = {name: form[name].data for name in FIELDS}
            brought = deposits.Deposit(wanted, form.secret, **details)
            return deposits.deposit(work, opened, account_id, brought)

    if not _asks_generator() and (kept := accepted(form, put)):
        return _done(account, "It is in custody, and you count as somebody who knows it.", kept.came.warnings)
    return _value_page("custody/deposit.html", form, account, wanted, present=present)


@room.route("/custody/<int:credential_id>/replace", methods=["GET", "POST"])
@needs(Permission.CUSTODY_DEPOSIT, fresh=True)
def replace(credential_id: int) -> ResponseReturnValue:
    """Put a new value in place of the one in force, once it was changed on the platform."""
    credential, account = found(credential_id)
    opened = vault()
    form = replace_form(credential.kind, credential.current_version)

    def put() -> deposits.Kept:
        with context.work() as work:
            return deposits.replace(work, opened, credential_id, form["version"].data, form.secret)

    if not _asks_generator() and (kept := accepted(form, put)):
        return _done(account, "The new value is in custody. Only you know it now.", kept.came.warnings)
    return _value_page("custody/replace.html", form, account, credential.kind, credential=credential)


@room.route("/custody/<int:credential_id>/notes", methods=["GET", "POST"])
@needs(Permission.CUSTODY_DEPOSIT)
def describe(credential_id: int) -> ResponseReturnValue:
    """Change label, sign-in name and notes; the value stays."""
    credential, account = found(credential_id)
    form = DescribeForm(obj=credential)

    def change() -> None:
        with context.work() as work:
            describe_credential(work, credential_id, form["lock"].data, {name: form[name].data for name in FIELDS})

    if accepted(form, change):
        return _done(account, "The changes are saved.")
    return show("custody/describe.html", form, account=account, credential=credential)


@room.route("/custody/<int:credential_id>/destroy", methods=["GET", "POST"])
@needs(Permission.CUSTODY_DESTROY, fresh=True)
def destroy(credential_id: int) -> ResponseReturnValue:
    """Destroy a credential for good; whoever does so types the account's handle."""
    credential, account = found(credential_id)
    form = DestroyForm()
    if not account.is_ended:
        form.reason.required = "Say why it is not needed any more"

    def end() -> None:
        with context.work() as work:
            destroy_credential(work, credential_id, form.handle.data, form.reason.data)

    if accepted(form, end):
        answer = _done(account, "It is destroyed. The record of who knew it stays.")
        context.close_db()  # an open look at the database would keep its log from being cleared
        shred(context.house().database)
        return answer
    return show("custody/destroy.html", form, account=account, credential=credential)


def _kind(word: str) -> Kind:
    if word not in list(Kind):
        raise NotFound
    return Kind(word)


def _asks_generator() -> bool:
    return request.method == "POST" and "generate" in request.form


def _value_page(template: str, form: ValueForm, account: Account, kind: Kind, **more: Any) -> ResponseReturnValue:
    """The page that takes a value; with one from the generator in it, if that was asked for or is being used."""
    offered = None
    if kind is Kind.PASSWORD and _asks_generator():
        make = GENERATORS.get(request.form["generate"], generate_password)
        offered = make().reveal()
    elif kind is Kind.PASSWORD and form["generated"].data:
        offered = form["value"].data
    if kind is Kind.PASSWORD:  # what somebody types instead of it is typed twice again
        form["generated"].data = "yes" if offered else ""
    return show(template, form, account=account, kind=kind, offered=offered, ticks=my_ticks(account), **more)


def _done(account: Account, said: str, warnings: tuple[str, ...] = ()) -> ResponseReturnValue:
    flash(said, "success")
    if warnings:
        flash(" ".join(("Replace it soon.", *warnings)), "warning")
    return redirect(url_for("custody.account", account_id=account.id))
