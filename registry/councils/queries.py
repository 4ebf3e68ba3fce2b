"""Finding councils."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.core.errors import NotFound
from registry.core.rule import Verdict
from registry.core.tenants import beyond
from registry.councils.models import Council, Installation
from registry.councils.rules import MAY_REACH_ALL, Keeping


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


def keeping_of(session: Session, council_id: int | None) -> Keeping:
    """How a council (None: the server itself) stands to what serves every council here."""
    query = select(Council.id, Council.name).join(Installation, Installation.keeping_council_id == Council.id)
    with beyond(session):
        keeper = session.execute(query).one_or_none()
    return Keeping(council_id or 0, *(keeper or ()))


def kept_here(session: Session, council_id: int, on: date) -> Verdict:
    """Whether a council may do what reaches every council here, or who does: for pages to offer it or to say so."""
    return MAY_REACH_ALL.judge(keeping_of(session, council_id), on)
