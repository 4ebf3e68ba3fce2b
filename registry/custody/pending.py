"""What is pending in custody: requests for a second person, what is checked out, emergencies nobody has reviewed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from registry.accounts.models import IN_USE, Account
from registry.core.database import Rows, get_one
from registry.custody.models import Credential, Purpose, SecretVersion
from registry.custody.models_looking import BreakGlass, CheckOut, LookRequest, LookState, RevealDay
from registry.editors.models import Editorship
from registry.identity.queries import in_force

OPEN = (LookState.WAITING, LookState.APPROVED)


def get_look(session: Session, council_id: int, look_id: int) -> LookRequest:
    """A request of the council to look, whatever became of it."""
    return get_one(session, select(LookRequest).where(LookRequest.council_id == council_id, LookRequest.id == look_id))


def get_glass(session: Session, council_id: int, glass_id: int) -> BreakGlass:
    """An emergency of the council, reviewed or not."""
    return get_one(session, select(BreakGlass).where(BreakGlass.council_id == council_id, BreakGlass.id == glass_id))


def find_open_look(
    session: Session, version: SecretVersion, asker_id: int, purpose: Purpose, now: datetime
) -> LookRequest | None:
    """What somebody has asked already and may still come to something; none if nothing."""
    query = select(LookRequest).where(
        LookRequest.council_id == version.council_id,
        LookRequest.secret_version_id == version.id,
        LookRequest.asker_id == asker_id,
        LookRequest.purpose == purpose,
        LookRequest.state.in_(OPEN),
        LookRequest.expires_at > now,
    )
    return session.scalar(query.order_by(LookRequest.id).limit(1))


def find_check_out(session: Session, council_id: int, credential_id: int) -> CheckOut | None:
    """Who has a credential to themselves now."""
    return session.scalar(
        select(CheckOut).where(
            CheckOut.council_id == council_id, CheckOut.credential_id == credential_id, CheckOut.ended_at.is_(None)
        )
    )


def looks_on(session: Session, council_id: int, person_id: int, day: date) -> int:
    """How often somebody has looked on a day."""
    found = session.get(RevealDay, (council_id, person_id, day))
    return found.looks if found else 0


def _what_of(council_id: int, thing: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Joins a request, an emergency or a check-out to its credential and its account."""
    credential = and_(Credential.council_id == council_id, Credential.id == thing.credential_id)
    return credential, and_(Account.council_id == council_id, Account.id == thing.account_id)


def looks(council_id: int, now: datetime) -> Rows:
    """Every request that may still come to something, with its credential and its account, the oldest first."""
    credential, account = _what_of(council_id, LookRequest)
    in_force_still = and_(
        SecretVersion.id == LookRequest.secret_version_id, SecretVersion.version == Credential.current_version
    )
    return (
        select(LookRequest, Credential, Account)
        .join(Credential, credential)
        .join(SecretVersion, in_force_still)
        .join(Account, account)
        .where(
            LookRequest.council_id == council_id,
            LookRequest.state.in_(OPEN),
            LookRequest.expires_at > now,
            Credential.destroyed_at.is_(None),
        )
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
    credential, account = _what_of(council_id, LookRequest)
    still = and_(LookRequest.state.in_(OPEN), LookRequest.expires_at > now)
    refused = and_(LookRequest.state == LookState.REFUSED, LookRequest.decided_at > since)
    query = select(LookRequest, Credential, Account).join(Credential, credential).join(Account, account)
    query = query.where(
        LookRequest.council_id == council_id,
        LookRequest.asker_id == person_id,
        or_(still, refused),
        Credential.destroyed_at.is_(None),
    )
    return session.execute(query.order_by(LookRequest.id)).all()


def list_check_outs(session: Session, council_id: int) -> Sequence[Any]:
    """What is checked out now, with its credential and its account, what is due first above."""
    credential, account = _what_of(council_id, CheckOut)
    query = select(CheckOut, Credential, Account).join(Credential, credential).join(Account, account)
    query = query.where(CheckOut.council_id == council_id, CheckOut.ended_at.is_(None))
    return session.execute(query.order_by(CheckOut.due_at, CheckOut.id)).all()


def list_glass(session: Session, council_id: int) -> Sequence[Any]:
    """The emergencies nobody has reviewed, with their credential and account, the oldest first."""
    credential, account = _what_of(council_id, BreakGlass)
    query = select(BreakGlass, Credential, Account).join(Credential, credential).join(Account, account)
    query = query.where(BreakGlass.council_id == council_id, BreakGlass.reviewed_at.is_(None))
    return session.execute(query.order_by(BreakGlass.due_on, BreakGlass.id)).all()
