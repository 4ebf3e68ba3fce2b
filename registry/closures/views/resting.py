"""A mothballed account is looked at again: it rests on, or its end begins."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.models import AccountState
from registry.accounts.queries import get_account
from registry.closures import actions
from registry.closures.forms import RestForm
from registry.closures.rules import MAY_REST, Rest
from registry.closures.views.room import room
from registry.core.clock import year_after
from registry.core.wording import long_day
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import accepted, show


@room.route("/accounts/<int:account_id>/mothball-review", methods=["GET", "POST"])
@needs(Permission.CLOSURE_MANAGE)
def rest(account_id: int) -> ResponseReturnValue:
    """Decide on a mothballed account again, within 12 months (002 §12.12)."""
    account = get_account(context.db(), context.council().id, account_id)
    form = RestForm(until=year_after(context.today()), version=account.version)

    def act() -> None:
        with context.work() as work:
            actions.keep_mothballed(work, account_id, form.until.data, form.minute_ref.data, form.version.data)

    if accepted(form, act):
        flash(f"{account.name} stays mothballed until {long_day(form.until.data)}.", "success")
        return redirect(url_for("register.account", account_id=account_id))
    facts = Rest(account.state is AccountState.MOTHBALLED, account.under_closure, context.today())
    return show("closures/rest.html", form, account=account, verdict=MAY_REST.judge(facts, context.today()))
