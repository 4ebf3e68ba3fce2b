"""Recovery details of an account: entering, changing and removing them."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.core.database import get_one
from registry.custody.actions import details as acts
from registry.custody.details import find_detail
from registry.custody.forms import DetailForm
from registry.custody.models_recovery import RecoveryDetail
from registry.custody.views.room import my_ticks, room
from registry.identity.queries import list_people
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.fields import choice
from registry.web.guard import needs
from registry.web.pages import accepted, show


@room.route("/accounts/<int:account_id>/custody/details/add", methods=["GET", "POST"])
@needs(Permission.CUSTODY_DEPOSIT, fresh=True)
def add_detail(account_id: int) -> ResponseReturnValue:
    """Enter a recovery address, number, card or device, and who has it."""
    account, form = get_account(context.db(), context.council().id, account_id), DetailForm()
    _offer_people(form)

    def act() -> None:
        with context.work() as work:
            acts.add_detail(work, account_id, _brought(form))

    if accepted(form, act):
        return _done(account, "The recovery detail is entered.")
    return _page(form, account, None)


@room.route("/custody/details/<int:detail_id>", methods=["GET", "POST"])
@needs(Permission.CUSTODY_DEPOSIT, fresh=True)
def change_detail(detail_id: int) -> ResponseReturnValue:
    """Change a recovery detail, or who has it."""
    detail = get_one(context.db(), find_detail(context.council().id, detail_id))
    account = get_account(context.db(), detail.council_id, detail.account_id)
    # Its value is personal: only who may change it finds it in the form.
    form = DetailForm(obj=None if any(tick.reason for tick in my_ticks(account)) else detail)
    _offer_people(form)

    def act() -> None:
        with context.work() as work:
            acts.change_detail(work, detail_id, form["lock"].data, _brought(form))

    if accepted(form, act):
        return _done(account, "The recovery detail is changed.")
    return _page(form, account, detail)


@room.post("/custody/details/<int:detail_id>/remove")
@needs(Permission.CUSTODY_DEPOSIT, fresh=True)
def remove_detail(detail_id: int) -> ResponseReturnValue:
    """Take off a recovery detail that the platform no longer has."""
    detail = get_one(context.db(), find_detail(context.council().id, detail_id))
    account = get_account(context.db(), detail.council_id, detail.account_id)
    with context.work() as work:
        acts.remove_detail(work, detail_id)
    return _done(account, "The recovery detail is removed.")


def _offer_people(form: DetailForm) -> None:
    people = list_people(context.db(), context.council().id, context.today())
    form.holder_id.choices = [choice(str(each.person_id), each.person.name) for each in people]


def _brought(form: DetailForm) -> acts.Detail:
    return acts.Detail(**form.facts)


def _page(form: DetailForm, account: Account, detail: RecoveryDetail | None) -> ResponseReturnValue:
    return show("custody/detail.html", form, account=account, detail=detail, ticks=my_ticks(account))


def _done(account: Account, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("custody.account", account_id=account.id, _anchor="recovery"))
