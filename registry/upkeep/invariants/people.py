"""Whoever left is out."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select

from registry.core.clock import start_of
from registry.identity.models import Employment, SignInSession
from registry.identity.models_joining import Offer
from registry.identity.offer_queries import IS_OPEN
from registry.identity.queries import in_force
from registry.upkeep.invariant import Look, Wrong, invariant


@invariant("I11", "Nobody who works for no council any more is signed in, or was seen after their last day.")
def leavers_are_out(look: Look) -> Iterable[Wrong]:
    """Open sessions of people whose last day anywhere is past, used after it or never ended within a day; not of
    whoever a council waits for, who comes in to answer."""
    today = look.now.date()
    works = select(Employment.person_id).where(
        Employment.person_id == SignInSession.person_id, in_force(Employment.starts_on, Employment.ends_on, today)
    )
    is_asked = select(Offer.id).where(Offer.person_id == SignInSession.person_id, IS_OPEN)
    last_day = (
        select(func.max(Employment.ends_on)).where(Employment.person_id == SignInSession.person_id).scalar_subquery()
    )
    query = select(SignInSession.id, SignInSession.person_id, SignInSession.seen_at, last_day.label("last_day")).where(
        SignInSession.ended_at.is_(None),
        ~works.exists(),
        ~is_asked.exists(),
        or_(last_day.is_(None), last_day < today),
    )
    for row in look.session.execute(query):
        if row.last_day is None or row.seen_at >= _over(row.last_day):
            yield Wrong("sign-in", row.id, f"of person {row.person_id} was used after their last day")


def _over(last_day: date) -> datetime:
    """When somebody's last day is over everywhere: sessions are judged by the day in UTC."""
    return start_of(last_day + timedelta(days=1))
