"""Finding where somebody is signed in, or half so."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from registry.identity.factors import HalfSignIn
from registry.identity.models import SignInSession
from registry.identity.queries import may_come_in, may_sign_in
from registry.identity.tokens import hash_of


def is_live(now: datetime, idle: timedelta, longest: timedelta) -> ColumnElement[bool]:
    """Whether the `SignInSession` of the query has neither ended, nor lain idle too long, nor lasted too long."""
    return and_(
        SignInSession.ended_at.is_(None), SignInSession.seen_at > now - idle, SignInSession.started_at > now - longest
    )


def find_live_session(
    session: Session, token: str, now: datetime, idle: timedelta, longest: timedelta
) -> SignInSession | None:
    """The sign-in session behind a token, unless it has ended, lain idle too long or lasted too long.

    Nor is it good once the person works for no council any more, whether or not anybody ended it.
    """
    query = select(SignInSession).where(SignInSession.token_hash == hash_of(token))
    return session.scalar(query.where(is_live(now, idle, longest), may_come_in(SignInSession.person_id, now.date())))


def list_live_sessions(
    session: Session, person_id: int, now: datetime, idle: timedelta, longest: timedelta
) -> list[SignInSession]:
    """Where somebody is signed in now, newest first."""
    query = select(SignInSession).where(SignInSession.person_id == person_id, is_live(now, idle, longest))
    return list(session.scalars(query.order_by(SignInSession.id.desc())))


HALF_LASTS, MOST_WRONG = timedelta(minutes=10), 5
"""How long the second step may wait for, and how many wrong answers it takes."""


def find_half(session: Session, token: str, now: datetime) -> HalfSignIn | None:
    """The half sign-in behind a token, unless it ran out, met too many wrong answers, or its person left."""
    half = session.scalar(
        select(HalfSignIn).where(
            HalfSignIn.token_hash == hash_of(token),
            HalfSignIn.begun_at > now - HALF_LASTS,
            HalfSignIn.wrong < MOST_WRONG,
        )
    )
    if half is None or half.person_id is None:
        return half
    return half if may_sign_in(session, half.person_id, now.date()) else None


def wrong_in_halves(session: Session, person_id: int, since: datetime) -> tuple[int, datetime | None]:
    """How many wrong second steps followed a right first one of somebody, and when the last such sign-in began.

    Of sign-ins that came to nothing: one that was finished was its person's, wrong codes and all.
    """
    return _wrong(session, HalfSignIn, HalfSignIn.begun_at, person_id, since)


def wrong_in_sessions(session: Session, person_id: int, since: datetime) -> tuple[int, datetime | None]:
    """How many wrong second factors were given where somebody is, or was, signed in, after the last right one there;
    and when the last such session began."""
    return _wrong(session, SignInSession, SignInSession.started_at, person_id, since)


def _wrong(session: Session, kind: Any, began: Any, person_id: int, since: datetime) -> tuple[int, datetime | None]:
    query = select(func.coalesce(func.sum(kind.wrong), 0), func.max(began))
    wrong, last = session.execute(query.where(kind.person_id == person_id, kind.wrong > 0, began > since)).one()
    return wrong, last
