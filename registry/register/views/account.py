"""One account's page: how it stands, what is wrong with it, its facts, and its history."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.accounts.models import Account, AccountState
from registry.accounts.queries import get_account
from registry.audit import queries as trail
from registry.audit.models import Entry
from registry.audit.sentences import tell
from registry.editors.queries import count_cleared
from registry.flags.models import Flag
from registry.identity.queries import names_of
from registry.launch.checklist import Checklist, checklist
from registry.launch.queries import readiness_of
from registry.register.health import Health
from registry.register.queries import find_open_closure, former_names, open_flags
from registry.register.views.room import room
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.filters import day, in_days
from registry.web.guard import needs
from registry.web.pages import show
from registry.web.paging import Order, page

SEVERITIES = {1: ("Notice", "blue"), 2: ("Warning", "orange"), 3: ("Breach", "red")}
CUSTODY_ACTS = "custody.%"


@room.get("/accounts/<int:account_id>")
@needs(Permission.REGISTER_READ)
def account(account_id: int) -> ResponseReturnValue:
    """How an account stands in a sentence, its open flags, the way to live if it is not, and its facts."""
    council, session = context.council(), context.db()
    found = get_account(session, council.id, account_id)
    named, cleared = count_cleared(session, council.id, {found.service_area_id}, context.today())[found.service_area_id]
    every = found.cadence_days or council.default_cadence_days
    return show(
        "register/account.html",
        account=found,
        tab="register.account",
        health=Health(found, named, cleared, every, context.today()),
        flags=[_as_shown(flag) for flag in open_flags(session, council.id, account_id)],
        names=names_of(session, (found.responsible_id, found.service_area.manager_id)),
        former=former_names(session, council.id, account_id),
        closure=find_open_closure(session, council.id, account_id) if found.under_closure else None,
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
        told=tell(session, entries.rows),
    )


def _way_to_live(found: Account) -> Checklist | None:
    if found.state is not AccountState.AUTHORISED:
        return None
    return checklist(readiness_of(context.db(), found.council_id, found.id, context.today()), context.today())


def _paired(found: Account) -> Account | None:
    return get_account(context.db(), found.council_id, found.paired_account_id) if found.paired_account_id else None


def _as_shown(flag: Flag) -> dict[str, Any]:
    word, colour = SEVERITIES.get(flag.severity, SEVERITIES[1])
    since = f"since {day(flag.since_on)}, {in_days(flag.since_on, context.today())}"
    if flag.acknowledged_until and flag.acknowledged_until >= context.today():
        since += f"; acknowledged until {day(flag.acknowledged_until)}: {flag.acknowledged_why}"
        colour = "grey"
    return {
        "severity_text": word,
        "colour": colour,
        "message": flag.message,
        "since": since,
        "mend": {"text": "See the flag", "href": url_for("flags.index")},
    }
