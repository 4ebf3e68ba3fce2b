"""Who is named for which service area, and who of them is cleared. Each answer is one statement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from registry.accounts.models import ServiceArea
from registry.core.database import Rows, get_one
from registry.core.errors import NotFound
from registry.editors.models import Editorship
from registry.editors.rules import CLEARED
from registry.editors.standing import ROLES_THAT_ACT, person_facts, standings
from registry.identity.models import Employment, Person, RoleGrant
from registry.identity.queries import at_work, has_role, in_force, worn
from registry.vocabulary.permissions import Role

of_editor = and_(Employment.council_id == Editorship.council_id, Employment.person_id == Editorship.person_id)


@dataclass(frozen=True)
class Facts:
    """What the gate asks of a person, whichever account they act for: what `CLEARED` is judged on."""

    person_id: int
    is_employed: bool
    acts_by_role: bool
    trained_until: date
    signed_until: date


def editors_of_areas(
    council_id: int, on: date, area_ids: Collection[int] | None = None, person_id: int | None = None
) -> Rows:
    """Everyone named (perhaps only for these areas, or only one person), a row per editorship with is_cleared.

    Columns: the facts of `standings`, name, sort_name, job_title, area, starts_on, is_cleared.
    """
    named = standings(on).where(Employment.council_id == council_id)
    if area_ids is not None:
        named = named.where(Editorship.service_area_id.in_(area_ids))
    if person_id is not None:
        named = named.where(Editorship.person_id == person_id)
    facts = named.add_columns(Employment.job_title, Editorship.starts_on).subquery("named")
    return (
        select(
            facts,
            Person.name,
            func.lower(Person.name).label("sort_name"),
            ServiceArea.name.label("area"),
            CLEARED.holds(facts.c, on).label("is_cleared"),
        )
        .join(Person, Person.id == facts.c.person_id)
        .join(ServiceArea, ServiceArea.id == facts.c.service_area_id)
    )


def list_editors(
    session: Session, council_id: int, on: date, area_ids: Collection[int] | None = None, person_id: int | None = None
) -> Sequence[Any]:
    """The rows of `editors_of_areas`, by area and name."""
    query = editors_of_areas(council_id, on, area_ids, person_id)
    return session.execute(query.order_by("area", "sort_name", "editorship_id")).all()


def list_acting_by_role(session: Session, council_id: int, on: date) -> Sequence[Any]:
    """Those whose hat lets them act for every account, with their facts (002 §19.2; 003), by name."""
    wearers = select(RoleGrant.person_id).where(
        RoleGrant.council_id == council_id,
        RoleGrant.role.in_(ROLES_THAT_ACT),
        worn(on),
    )
    facts = person_facts(on).where(Employment.council_id == council_id, Employment.person_id.in_(wearers), at_work(on))
    kept = facts.subquery("acting")
    query = select(kept, Person.name, CLEARED.holds(kept.c, on).label("is_cleared"))
    return session.execute(query.join(Person, Person.id == kept.c.person_id).order_by(Person.name, Person.id)).all()


def list_past_and_coming(session: Session, council_id: int, area_id: int, on: date) -> Sequence[Any]:
    """The editorships of a service area that are over or yet to begin, the latest first."""
    query = (
        select(
            Editorship.id, Editorship.person_id, Person.name, Editorship.starts_on, Editorship.ends_on,
            Editorship.naming_reason, Editorship.ending_reason, Editorship.named_by, Editorship.ended_by,
        )
        .join(Person, Person.id == Editorship.person_id)
        .where(Editorship.council_id == council_id, Editorship.service_area_id == area_id)
        .where(~in_force(Editorship.starts_on, Editorship.ends_on, on))
    )  # fmt: skip
    return session.execute(query.order_by(Editorship.starts_on.desc(), Editorship.id.desc())).all()


def get_editorship(session: Session, council_id: int, editorship_id: int) -> Editorship:
    """An editorship of the council."""
    query = select(Editorship).where(Editorship.council_id == council_id, Editorship.id == editorship_id)
    return get_one(session, query)


def lock_editorship(session: Session, council_id: int, editorship_id: int) -> Editorship:
    """An editorship, held until the work is done."""
    query = select(Editorship).where(Editorship.council_id == council_id, Editorship.id == editorship_id)
    return get_one(session, query.with_for_update())


def count_employed_editors(session: Session, council_id: int, area_id: int, on: date) -> int:
    """How many people a service area has on a day to act for it: named, and working for the council."""
    query = (
        select(func.count())
        .select_from(Editorship)
        .join(Employment, of_editor)
        .where(*_named(council_id, on), Editorship.service_area_id == area_id)
        .where(at_work(on))
    )
    return session.scalar(query) or 0


def is_named_from(session: Session, council_id: int, area_id: int, person_id: int, day: date) -> bool:
    """Whether somebody is named for a service area on a day or from a later one."""
    query = select(Editorship.id).where(Editorship.council_id == council_id, Editorship.service_area_id == area_id)
    query = query.where(Editorship.person_id == person_id, or_(Editorship.ends_on.is_(None), Editorship.ends_on >= day))
    return session.scalar(query.limit(1)) is not None


def answers_for_area(session: Session, area: ServiceArea, person_id: int, on: date) -> bool:
    """Whether somebody names the editors of a service area: its manager does, and the Clerk (002 §19.2, §18.5)."""
    return area.manager_id == person_id or has_role(session, area.council_id, person_id, (Role.CLERK,), on)


def count_cleared(session: Session, council_id: int, area_ids: Collection[int], on: date) -> dict[int, tuple[int, int]]:
    """How many editors each of these service areas has: (named, of them cleared), (0, 0) for an area without any."""
    facts = (
        standings(on)
        .where(Employment.council_id == council_id, Editorship.service_area_id.in_(area_ids))
        .subquery("named")
    )
    cleared = func.sum(case((CLEARED.holds(facts.c, on), 1), else_=0))
    rows = session.execute(select(facts.c.service_area_id, func.count(), cleared).group_by(facts.c.service_area_id))
    found = {area_id: (int(named), int(fit)) for area_id, named, fit in rows}
    return {area_id: found.get(area_id, (0, 0)) for area_id in area_ids}


def manages(session: Session, council_id: int, person_id: int) -> frozenset[int]:
    """The numbers of the service areas whose manager somebody is."""
    query = select(ServiceArea.id).where(ServiceArea.council_id == council_id, ServiceArea.manager_id == person_id)
    return frozenset(session.scalars(query))


def facts_of(session: Session, council_id: int, person_id: int, on: date) -> Facts:
    """What the gate knows of one person on a day."""
    query = person_facts(on).where(Employment.council_id == council_id, Employment.person_id == person_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return Facts(row.person_id, bool(row.is_employed), bool(row.acts_by_role), row.trained_until, row.signed_until)


def _named(council_id: int, on: date) -> tuple[ColumnElement[bool], ...]:
    return Editorship.council_id == council_id, in_force(Editorship.starts_on, Editorship.ends_on, on)
