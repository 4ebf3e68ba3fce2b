"""Finding who was asked to work for which council and has not answered."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.core.tenants import beyond
from registry.councils.models import Council
from registry.identity.models_joining import Offer

IS_OPEN = Offer.settled_at.is_(None)


def list_offers(session: Session, council_id: int) -> list[Offer]:
    """Whom a council asked and who has not answered, oldest first."""
    return list(session.scalars(select(Offer).where(Offer.council_id == council_id, IS_OPEN).order_by(Offer.id)))


def offers_to(session: Session, person_id: int) -> list[tuple[Offer, Council]]:
    """What somebody was asked, by any council, and has not answered, oldest first."""
    query = select(Offer, Council).join(Council, Council.id == Offer.council_id)
    with beyond(session):
        found = session.execute(query.where(Offer.person_id == person_id, IS_OPEN).order_by(Offer.id))
        return [(offer, council) for offer, council in found]
