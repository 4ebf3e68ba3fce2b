"""Changing an account's entry, and recording its new name."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.actions import change_account, rename_account
from registry.accounts.forms import ChangeForm, LeftoversForm, RenameForm
from registry.accounts.models import Account
from registry.accounts.platforms import find_platform
from registry.accounts.queries import get_account, list_areas, list_former_names
from registry.accounts.views.room import room
from registry.identity.queries import list_people, names_of
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.fields import choice
from registry.web.guard import needs
from registry.web.pages import accepted, show


@room.route("/accounts/<int:account_id>/change", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_EDIT)
def change(account_id: int) -> ResponseReturnValue:
    """Change what the register says of an account; of one that has ended, only what is left of it."""
    account = get_account(context.db(), context.council().id, account_id)
    form = LeftoversForm(obj=account) if account.is_ended else _change_form(account)

    def save() -> None:
        with context.work() as work:
            change_account(work, account_id, form.version.data, form.facts)

    here = url_for("register.account", account_id=account_id)
    if accepted(form, save):
        flash("The entry is changed.", "success")
        return redirect(here)
    return show("accounts/change.html", form, account=account, cancel_url=here)


@room.route("/accounts/<int:account_id>/rename", methods=["GET", "POST"])
@needs(Permission.ACCOUNT_EDIT)
def rename(account_id: int) -> ResponseReturnValue:
    """Record that an account bears a new name; whoever looks for the old one still finds it."""
    account = get_account(context.db(), context.council().id, account_id)
    form = RenameForm(obj=account)

    def save() -> None:
        with context.work() as work:
            rename_account(work, account_id, form.version.data, form.address.data, form.name.data)

    here = url_for("register.account", account_id=account_id)
    if accepted(form, save):
        flash("The new name is recorded. The old one stays findable.", "success")
        return redirect(here)
    return show(
        "accounts/rename.html",
        form,
        account=account,
        platform=find_platform(account.platform),
        former=list_former_names(context.db(), account),
        cancel_url=here,
    )


def _change_form(account: Account) -> ChangeForm:
    session, council, today = context.db(), context.council(), context.today()
    twin_id = account.paired_account_id
    form = ChangeForm(obj=account, paired=get_account(session, council.id, twin_id).url if twin_id else "")
    areas = {area.id: area.name for area in list_areas(session, council.id, today)}
    areas.setdefault(account.service_area_id, f"{account.service_area.name} (ended)")
    people = {employed.person_id: employed.person.name for employed in list_people(session, council.id, today)}
    if account.responsible_id is not None and account.responsible_id not in people:
        people |= {gone: f"{name} (left)" for gone, name in names_of(session, [account.responsible_id]).items()}
    form.service_area_id.choices = [choice(str(number), name) for number, name in areas.items()]
    form.responsible_id.choices = [choice(str(number), name) for number, name in people.items()]
    form.cadence_days.description = f"Empty: the council’s usual {council.default_cadence_days} days."
    return form
