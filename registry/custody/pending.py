"""What is pending in custody: requests for a second person, what is checked out, emergencies nobody has reviewed."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from registry.accounts.models import IN_USE, Account
from registry.core.database import Rows, get_one
from registry.custody.models import Credential, RevealGrant, SecretVersion
from registry.custody.models_looking import BreakGlass, CheckOut, LookRequest, LookState, RevealDay
from registry.custody.queries import is_current
from registry.editors.models import Editorship
from registry.identity.models import Employment
from registry.identity.queries import at_work, in_force

OPEN = (LookState.WAITING, LookState.APPROVED)
Scope = Callable[[Any], ColumnElement[bool]]
"""Which councils are looked at: a condition on a column that holds a council's number."""


def get_look(session: Session, council_id: int, look_id: int) -> LookRequest:
    """A request of the council to look, whatever became of it."""
    return get_one(session, select(LookRequest).where(LookRequest.council_id == council_id, LookRequest.id == look_id))


def get_glass(session: Session, council_id: int, glass_id: int) -> BreakGlass:
    """An emergency of the council, reviewed or not."""
    return get_one(session, select(BreakGlass).where(BreakGlass.council_id == council_id, BreakGlass.id == glass_id))


def find_open_look(
    session: Session, council_id: int, grant: RevealGrant, asker_id: int, now: datetime
) -> LookRequest | None:
    """What somebody has asked already that `grant` would show, if it may still come to something."""
    query = select(LookRequest).where(
        LookRequest.council_id == council_id,
        LookRequest.secret_version_id == grant.secret_version_id,
        LookRequest.asker_id == asker_id,
        LookRequest.purpose == grant.purpose,
        LookRequest.state.in_(OPEN),
        LookRequest.expires_at > now,
    )
    return session.scalar(query.order_by(LookRequest.id).limit(1))


def find_check_out(session: Session, council_id: int, credential_id: int, *, lock: bool = False) -> CheckOut | None:
    """Who has a credential to themselves now. `lock`: nobody else ends it meanwhile."""
    query = select(CheckOut).where(
        CheckOut.council_id == council_id, CheckOut.credential_id == credential_id, CheckOut.ended_at.is_(None)
    )
    return session.scalar(query.with_for_update() if lock else query)


def looks_on(session: Session, council_id: int, person_id: int, day: date) -> int:
    """How often somebody has looked on a day."""
    found = session.get(RevealDay, (council_id, person_id, day))
    return found.looks if found else 0


def _with_what(council_id: int, thing: type[Any]) -> Rows:
    """Requests, emergencies or check-outs of the council, each with its credential and its account."""
    return (
        select(thing, Credential, Account)
        .join(Credential, and_(Credential.council_id == council_id, Credential.id == thing.credential_id))
        .join(Account, and_(Account.council_id == council_id, Account.id == thing.account_id))
        .where(thing.council_id == council_id)
    )


def looks(council_id: int, now: datetime) -> Rows:
    """Every request that may still come to something, with its credential and its account, the oldest first."""
    its_value = and_(SecretVersion.id == LookRequest.secret_version_id, is_current(SecretVersion))
    return (
        _with_what(council_id, LookRequest)
        .join(SecretVersion, its_value)
        .where(LookRequest.state.in_(OPEN), LookRequest.expires_at > now, Credential.destroyed_at.is_(None))
        .order_by(LookRequest.asked_at, LookRequest.id)
    )


def list_looks(session: Session, council_id: int, now: datetime) -> Sequence[Any]:
    """The rows of `looks`."""
    return session.execute(looks(council_id, now)).all()


def looks_to_decide(
    session: Session, council_id: int, person_id: int, now: datetime, on: date, *, by_role: bool
) -> Sequence[Any]:
    """What waits for a second person whom this person could be: by their hat, or as an editor of the area."""
    named = select(Editorship.service_area_id).where(
        Editorship.council_id == council_id,
        Editorship.person_id == person_id,
        in_force(Editorship.starts_on, Editorship.ends_on, on),
    )
    query = looks(council_id, now).where(
        LookRequest.state == LookState.WAITING, LookRequest.asker_id != person_id, Account.state.in_(IN_USE)
    )
    return session.execute(query if by_role else query.where(Account.service_area_id.in_(named))).all()


def looks_asked(session: Session, council_id: int, person_id: int, now: datetime, since: datetime) -> Sequence[Any]:
    """What somebody has asked and is still open, or was refused since a moment."""
    still = and_(LookRequest.state.in_(OPEN), LookRequest.expires_at > now)
    refused = and_(LookRequest.state == LookState.REFUSED, LookRequest.decided_at > since)
    query = _with_what(council_id, LookRequest).where(
        LookRequest.asker_id == person_id, or_(still, refused), Credential.destroyed_at.is_(None)
    )
    return session.execute(query.order_by(LookRequest.id)).all()


def looks_by_exception(session: Session, council_id: int, since: datetime) -> Sequence[Any]:
    """The looks since a moment for which the recorded exception stood in for a second person, the latest first."""
    query = _with_what(council_id, LookRequest).where(LookRequest.by_exception, LookRequest.decided_at > since)
    return session.execute(query.order_by(LookRequest.id.desc())).all()


def list_check_outs(session: Session, council_id: int) -> Sequence[Any]:
    """What is checked out now, with its credential and its account, what is due first above."""
    query = _with_what(council_id, CheckOut).where(CheckOut.ended_at.is_(None), Credential.destroyed_at.is_(None))
    return session.execute(query.order_by(CheckOut.due_at, CheckOut.id)).all()


def open_check_outs(session: Session, council_id: int, which: ColumnElement[bool]) -> Sequence[Any]:
    """Those of the unfinished check-outs, with their credential and account; nobody else ends them meanwhile."""
    query = _with_what(council_id, CheckOut).where(CheckOut.ended_at.is_(None), which)
    return session.execute(query.order_by(CheckOut.id).with_for_update(of=CheckOut)).all()


def is_of_the_gone(on: date) -> ColumnElement[bool]:
    """Whether a `CheckOut` is somebody's who does not work for the council on a day: they left, or are suspended."""
    works = select(Employment.person_id).where(
        Employment.council_id == CheckOut.council_id, Employment.person_id == CheckOut.person_id, at_work(on)
    )
    return ~works.correlate(CheckOut).exists()


def kept_by_the_gone(on: date, scope: Scope) -> Rows:
    """What nobody else can see because somebody who is gone has it checked out: council_id of each, for the sweep."""
    return select(CheckOut.council_id).where(
        scope(CheckOut.council_id), CheckOut.ended_at.is_(None), is_of_the_gone(on)
    )


def list_glass(session: Session, council_id: int) -> Sequence[Any]:
    """The emergencies nobody has reviewed, with their credential and account, the oldest first."""
    query = _with_what(council_id, BreakGlass).where(BreakGlass.reviewed_at.is_(None))
    return session.execute(query.order_by(BreakGlass.due_on, BreakGlass.id)).all()
