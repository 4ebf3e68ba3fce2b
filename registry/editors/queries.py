"""Who is named for which service area, and who of them is cleared. Each answer is one statement."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from registry.accounts.models import ServiceArea
from registry.core.errors import NotFound
from registry.editors.models import Editorship
from registry.editors.rules import CLEARED
from registry.editors.standing import person_facts, standings
from registry.identity.models import Employment, Person
from registry.identity.queries import in_force


@dataclass(frozen=True)
class Facts:
    """What the gate asks of a person, whichever account they act for: what `CLEARED` is judged on."""

    person_id: int
    is_employed: bool
    acts_by_role: bool
    trained_until: date
    signed_until: date


def editors_of_areas(council_id: int, on: date) -> Select[Any]:
    """Everyone named today, a row per editorship: service_area_id, person_id, name, the facts of standing, is_cleared."""
    facts = standings(on).where(Employment.council_id == council_id).subquery("named")
    return select(facts, Person.name, CLEARED.holds(facts.c, on).label("is_cleared")).join(Person, Person.id == facts.c.person_id)


def count_cleared(session: Session, council_id: int, area_ids: Collection[int], on: date) -> dict[int, tuple[int, int]]:
    """How many editors each of these service areas has: (named, of them cleared), (0, 0) for an area without any."""
    facts = standings(on).where(Employment.council_id == council_id, Editorship.service_area_id.in_(area_ids)).subquery("named")
    cleared = func.sum(case((CLEARED.holds(facts.c, on), 1), else_=0))
    rows = session.execute(select(facts.c.service_area_id, func.count(), cleared).group_by(facts.c.service_area_id))
    found = {area_id: (int(named), int(fit)) for area_id, named, fit in rows}
    return {area_id: found.get(area_id, (0, 0)) for area_id in area_ids}


def is_named(session: Session, council_id: int, area_id: int, person_id: int, on: date) -> bool:
    """Whether somebody is named for a service area on a day; cleared or not."""
    query = select(Editorship.id).where(*_named(council_id, on), Editorship.service_area_id == area_id)
    return session.scalar(query.where(Editorship.person_id == person_id).limit(1)) is not None


def areas_of(session: Session, council_id: int, person_id: int, on: date) -> list[ServiceArea]:
    """The service areas somebody is named for on a day, by name."""
    query = select(ServiceArea).join(Editorship, Editorship.service_area_id == ServiceArea.id)
    query = query.where(*_named(council_id, on), Editorship.person_id == person_id)
    return list(session.scalars(query.order_by(ServiceArea.name)).unique())


def manages(session: Session, council_id: int, person_id: int) -> frozenset[int]:
    """The numbers of the service areas whose manager somebody is."""
    query = select(ServiceArea.id).where(ServiceArea.council_id == council_id, ServiceArea.manager_id == person_id)
    return frozenset(session.scalars(query))


def get_area(session: Session, council_id: int, area_id: int) -> ServiceArea:
    """A service area of the council."""
    area = session.scalar(select(ServiceArea).where(ServiceArea.council_id == council_id, ServiceArea.id == area_id))
    if area is None:
        raise NotFound
    return area


def facts_of(session: Session, council_id: int, person_id: int, on: date) -> Facts:
    """What the gate knows of one person on a day."""
    query = person_facts(on).where(Employment.council_id == council_id, Employment.person_id == person_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return Facts(row.person_id, bool(row.is_employed), bool(row.acts_by_role), row.trained_until, row.signed_until)


def _named(council_id: int, on: date) -> tuple[ColumnElement[bool], ...]:
    return Editorship.council_id == council_id, in_force(Editorship.starts_on, Editorship.ends_on, on)
