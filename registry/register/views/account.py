"""One account's page: how it stands, what is wrong with it, its facts, and its history."""

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.accounts.models import Account, AccountState
from registry.accounts.queries import get_account, list_former_names
from registry.activity.cadence import cadence_of
from registry.audit import queries as trail
from registry.audit.models import Entry
from registry.audit.sentences import tell
from registry.closures.queries import open_closure
from registry.editors.queries import count_cleared
from registry.flags.queries import open_flags_of_account
from registry.flags.shown import as_shown
from registry.identity.queries import names_of
from registry.launch.checklist import Checklist, checklist
from registry.launch.queries import readiness_of
from registry.register.health import Health
from registry.register.views.room import room
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.filters import day
from registry.web.guard import needs
from registry.web.pages import show
from registry.web.paging import Order, page

CUSTODY_ACTS = "custody.%"


@room.get("/accounts/<int:account_id>")
@needs(Permission.REGISTER_READ)
def account(account_id: int) -> ResponseReturnValue:
    """How an account stands in a sentence, its open flags, the way to live if it is not, and its facts."""
    council, session = context.council(), context.db()
    found = get_account(session, council.id, account_id)
    named, cleared = count_cleared(session, council.id, {found.service_area_id}, context.today())[found.service_area_id]
    every = cadence_of(found, council)
    return show(
        "register/account.html",
        account=found,
        tab="register.account",
        health=Health(found, named, cleared, every, context.today()),
        flags=_flags(account_id),
        names=names_of(session, (found.responsible_id, found.service_area.manager_id)),
        former=list_former_names(session, found),
        closure=open_closure(session, council.id, account_id, context.today()) if found.under_closure else None,
        paired=_paired(found),
        launch=_way_to_live(found),
        every=every,
    )


@room.get("/accounts/<int:account_id>/history")
@needs(Permission.REGISTER_READ)
def history(account_id: int) -> ResponseReturnValue:
    """What happened to an account, newest first, in sentences from the trail."""
    council, session = context.council(), context.db()
    found = get_account(session, council.id, account_id)
    query = trail.entries(council.id, trail.Sought(account_id=account_id))
    if not current_user.may(Permission.CUSTODY_READ):
        query = query.where(Entry.act.not_like(CUSTODY_ACTS))
    entries = page(session, query, (Order(Entry.seq, "seq", descending=True),), request.args.to_dict())
    return show(
        "register/history.html",
        account=found,
        tab="register.history",
        page=entries,
        told=tell(session, context.house().auth_key, council.id, entries.rows),
    )


def _way_to_live(found: Account) -> Checklist | None:
    if found.state is not AccountState.AUTHORISED:
        return None
    return checklist(readiness_of(context.db(), found.council_id, found.id, context.today()), context.today())


def _paired(found: Account) -> Account | None:
    return get_account(context.db(), found.council_id, found.paired_account_id) if found.paired_account_id else None


def _flags(account_id: int) -> list[dict[str, Any]]:
    """The open flags with what mends each; what somebody acknowledged comes last, and quietly."""
    today = context.today()
    rows = open_flags_of_account(context.db(), context.council().id, account_id, today)
    shown = as_shown(rows, today, with_account=False)
    for flag in shown:
        if flag["quiet_until"]:
            flag["colour"] = "grey"
            flag["since"] += f"; acknowledged until {day(flag['quiet_until'])}: {flag['quiet_why']}"
    return shown
