"""The trail's own pages: its entries, one entry with its proof, and verifying."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.audit.actions import verify_trail
from registry.audit.bundles import as_file, covering, is_proved, proof_of
from registry.audit.bundles import bundle as bundle_of
from registry.audit.canonical import digest
from registry.audit.checkpoints import CHECKPOINT_OVERDUE
from registry.audit.keys import TrailKeys
from registry.audit.merkle import leaf
from registry.audit.models import Entry
from registry.audit.queries import Sought, entries, find_last, find_newest_checkpoint, get_entry
from registry.audit.sentences import Told, tell
from registry.audit.views.room import room
from registry.core.errors import NotFound
from registry.identity.queries import list_people
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.arguments import whole
from registry.web.dates import DateProblem, read_date
from registry.web.forms import UNPROCESSABLE
from registry.web.guard import needs
from registry.web.pages import show
from registry.web.paging import Order, page


@room.get("/trail")
@needs(Permission.TRAIL_READ)
def trail() -> ResponseReturnValue:
    """The council's trail, newest first, to filter by person, account, act and day; a day that is none is said beside
    its box, and the other filters hold."""
    arguments, council, session = request.args.to_dict(), context.council(), context.db()
    problems: dict[str, str] = {}
    query = entries(council.id, _sought(arguments, problems))
    found = page(session, query, (Order(Entry.seq, "seq", descending=True),), arguments)
    account = session.get(Account, _number(arguments, "account") or 0)
    verified = find_last(session, council.id, Event.TRAIL_VERIFIED)
    return show(
        "audit/trail.html",
        status_code=UNPROCESSABLE if problems else None,
        errors=problems,
        page=found,
        told=_told(found.rows),
        checkpoint=find_newest_checkpoint(session, council.id),
        overdue_since=context.now() - CHECKPOINT_OVERDUE,
        verified=_told([verified])[0] if verified else None,
        arguments=arguments,
        people=list_people(session, council.id, context.today()),
        acts=sorted(Event),
        account=account if account and account.council_id == council.id else None,
    )


@room.get("/trail/<int:seq>")
@needs(Permission.TRAIL_READ)
def entry(seq: int) -> ResponseReturnValue:
    """One entry with its proof: what was hashed, the hash before it, and whether they agree."""
    session, chain = context.db(), context.council().id
    found = get_entry(session, chain, seq)
    checkpoint = covering(session, chain, seq)
    path = proof_of(session, found, checkpoint) if checkpoint else []
    return show(
        "audit/entry.html",
        entry=found,
        told=_told([found])[0],
        body=json.dumps(json.loads(found.body), indent=2, ensure_ascii=False, sort_keys=True),
        agrees=digest(found.body.encode()) == found.hash,
        leaf=leaf(found.body.encode()).hex(),
        checkpoint=checkpoint,
        path=[step.hex() for step in path],
        proved=checkpoint is not None and is_proved(found, checkpoint, path),
    )


@room.get("/trail/<int:seq>/proof.json")
@needs(Permission.TRAIL_VERIFY, fresh=True)
def bundle(seq: int) -> ResponseReturnValue:
    """One entry with its proof as a file, to be checked by anybody without this register."""
    council = context.council()
    made = as_file(bundle_of(context.db(), TrailKeys.of(context.house()), council.id, seq))
    headers = {"Content-Disposition": f'attachment; filename="{council.slug}-entry-{seq}.json"'}
    return Response(made, mimetype="application/json", headers=headers)


@room.post("/trail/verify")
@needs(Permission.TRAIL_VERIFY)
def verify() -> ResponseReturnValue:
    """Verify the council's chain now."""
    with context.work() as work:
        proof = verify_trail(work, TrailKeys.of(context.house()))
    if proof.broken:
        flash(f"The trail is not whole: entry {proof.broken.seq} is {proof.broken.kind}. Tell your auditor.", "notice")
    else:
        flash(f"The trail is whole: {proof.length:,} entries, each linked to the one before.", "success")
    return redirect(url_for("audit.trail"))


def _told(entries: Iterable[Any]) -> list[Told]:
    return tell(context.db(), context.house().auth_key, context.council().id, entries)


def _sought(arguments: dict[str, str], problems: dict[str, str]) -> Sought:
    zone = ZoneInfo(context.council().time_zone)

    def moment(day: date | None) -> datetime | None:
        return datetime.combine(day, time.min, zone).astimezone(UTC) if day else None

    since = _day(arguments, "since", "From day", problems)
    until = _day(arguments, "until", "Until day", problems)
    act = arguments.get("act", "")
    return Sought(
        actor_id=_number(arguments, "person"),
        account_id=_number(arguments, "account"),
        act=act if act in set(Event) else None,
        since=moment(since),
        before=moment(until + timedelta(days=1)) if until else None,
    )


def _number(arguments: dict[str, str], name: str) -> int | None:
    number = whole(arguments.get(name))
    if number is None and arguments.get(name):
        raise NotFound
    return number


def _day(arguments: dict[str, str], name: str, label: str, problems: dict[str, str]) -> date | None:
    try:
        return read_date([arguments.get(name, "")])
    except DateProblem:
        problems[name] = f"{label} must be a day, like 2026-11-03"
        return None
