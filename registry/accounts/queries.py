"""Finding accounts and service areas, always within one council."""

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from registry.accounts.models import Account, ServiceArea
from registry.core.errors import NotFound


def get_account(session: Session, council_id: int, account_id: int) -> Account:
    """The council's account with this number, its service area with it."""
    account = session.scalar(select(Account).where(Account.council_id == council_id, Account.id == account_id))
    if account is None:
        raise NotFound
    return account


def list_areas(session: Session, council_id: int, on: date) -> list[ServiceArea]:
    """The service areas that answer for accounts on this day, by name: for lists to choose from."""
    query = select(ServiceArea).where(
        ServiceArea.council_id == council_id, or_(ServiceArea.ended_on.is_(None), ServiceArea.ended_on >= on)
    )
    return list(session.scalars(query.order_by(func.lower(ServiceArea.name), ServiceArea.id)))


def get_area(session: Session, council_id: int, area_id: int) -> ServiceArea:
    """The council's service area with this number, ended or not."""
    area = session.scalar(select(ServiceArea).where(ServiceArea.council_id == council_id, ServiceArea.id == area_id))
    if area is None:
        raise NotFound
    return area
