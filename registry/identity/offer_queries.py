"""Finding who was asked to work for which council and has not answered."""

from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from registry.core.clock import start_of
from registry.core.tenants import beyond
from registry.councils.models import Council
from registry.identity.models_joining import LASTS, Offer

IS_OPEN = Offer.settled_at.is_(None)
"""Nobody answered, or took it back; it may have run out."""


def waits(on: date) -> ColumnElement[bool]:
    """Whether the `Offer` of the query can be answered on this day."""
    return and_(IS_OPEN, Offer.offered_at >= start_of(on) - LASTS)


def list_offers(session: Session, council_id: int) -> list[Offer]:
    """Whom a council asked and who has not answered, whether or not they still can, oldest first."""
    return list(session.scalars(select(Offer).where(Offer.council_id == council_id, IS_OPEN).order_by(Offer.id)))


def offers_to(session: Session, person_id: int, on: date) -> list[tuple[Offer, Council]]:
    """What somebody was asked, by any council, and can answer on this day, oldest first."""
    query = select(Offer, Council).join(Council, Council.id == Offer.council_id)
    with beyond(session):
        found = session.execute(query.where(Offer.person_id == person_id, waits(on)).order_by(Offer.id))
        return [(offer, council) for offer, council in found]
