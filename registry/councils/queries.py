"""Finding councils."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.core.errors import NotFound
from registry.councils.models import Council, Installation


def find_council(session: Session, slug: str) -> Council | None:
    """The council with this short name, if there is one."""
    return session.scalar(select(Council).where(Council.slug == slug))


def get_council(session: Session, slug: str) -> Council:
    """The council with this short name."""
    council = find_council(session, slug)
    if council is None:
        raise NotFound
    return council


def get_council_by_id(session: Session, council_id: int) -> Council:
    """The council with this number."""
    council = session.get(Council, council_id)
    if council is None:
        raise NotFound
    return council


def list_councils(session: Session) -> list[Council]:
    """Every council of the installation, by name."""
    return list(session.scalars(select(Council).order_by(Council.name)))


def get_installation(session: Session) -> Installation:
    """The installation's own row; it is there once `init` or the demonstration was made."""
    installation = session.get(Installation, 1)
    if installation is None:
        raise NotFound
    return installation


def find_installation(session: Session) -> Installation | None:
    """The installation's own row, or None before it was set up."""
    return session.get(Installation, 1)
