"""Finding people, their employments, hats and second steps."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from registry.core.errors import NotFound
from registry.core.tenants import beyond
from registry.councils.models import Council
from registry.identity.factors import Factor, FactorReset, RecoveryCode, Step
from registry.identity.models import (
    Employment,
    KnownDevice,
    OutsideIdentity,
    Person,
    RoleGrant,
)
from registry.identity.models_joining import Offer
from registry.identity.offer_queries import waits
from registry.vocabulary.permissions import Permission, Role, roles_with


def in_force(start: Any, end: Any, on: date) -> ColumnElement[bool]:
    """A span of days that holds on this day; an open end holds for good."""
    return and_(start <= on, or_(end.is_(None), end >= on))


def at_work(on: date) -> ColumnElement[bool]:
    """Whether the `Employment` of the query holds on this day and is not suspended: nothing opens to anybody else."""
    return and_(in_force(Employment.starts_on, Employment.ends_on, on), Employment.suspended_on.is_(None))


def find_person_by_email(session: Session, email: str) -> Person | None:
    """The person with this address, however it is spelled in capitals."""
    with beyond(session):
        return session.scalar(select(Person).where(Person.email == email.strip().lower()))


def get_employment(session: Session, council_id: int, person_id: int) -> Employment:
    """Somebody who works, or has worked, for this council."""
    employment = session.get(Employment, (council_id, person_id))
    if employment is None:
        raise NotFound
    return employment


def works_here(session: Session, council_id: int, person_id: int | None, on: date) -> bool:
    """Whether somebody works for the council on this day, and is not suspended."""
    employment = session.get(Employment, (council_id, person_id)) if person_id is not None else None
    return employment is not None and employment.suspended_on is None and employment.holds_on(on)


def list_people(session: Session, council_id: int, on: date) -> list[Employment]:
    """Everyone who works for the council on this day, by name: for lists to choose from."""
    query = select(Employment).join(Person, Person.id == Employment.person_id)
    query = query.where(Employment.council_id == council_id, at_work(on))
    return list(session.scalars(query.order_by(func.lower(Person.name), Person.id)))


def works_elsewhere(session: Session, council_id: int, person_id: int, since: date = date.min) -> bool:
    """Whether somebody works, or has worked since a day, for another council of this installation too."""
    query = select(Employment.council_id).where(Employment.person_id == person_id, Employment.council_id != council_id)
    query = query.where(or_(Employment.ends_on.is_(None), Employment.ends_on >= since))
    with beyond(session):
        return session.scalar(query.limit(1)) is not None


def works_only_here(session: Session, council_id: int, person_id: int, on: date) -> bool:
    """Whether no other council employs somebody, on this day or from a later one."""
    return not works_elsewhere(session, council_id, person_id, since=on)


def names_of(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """The names of people by their numbers, in one look; in a council, of those who work or have worked for it."""
    wanted = {person_id for person_id in ids if person_id is not None}
    if not wanted:
        return {}
    query = select(Person.id, Person.name).join(Employment, Employment.person_id == Person.id).distinct()
    return dict(session.execute(query.where(Person.id.in_(wanted))).all())


def name_of(session: Session, person_id: int) -> str:
    """The name of somebody who is known by their number."""
    return session.get_one(Person, person_id).name


def worn(on: date) -> ColumnElement[bool]:
    """Which hats are worn on a day: in force, and confirmed by a second person where they need one."""
    return and_(in_force(RoleGrant.starts_on, RoleGrant.ends_on, on), RoleGrant.confirmed_at.is_not(None))


def roles_worn(session: Session, council_id: int, person_id: int, on: date) -> list[Role]:
    """The hats somebody wears on a day."""
    theirs = role_grants(council_id, on).where(RoleGrant.person_id == person_id)
    return [grant.role for grant in session.scalars(theirs)]


def hats_waiting(council_id: int, on: date) -> Select[RoleGrant]:
    """The hats of a council that wait for a second person."""
    return select(RoleGrant).where(
        RoleGrant.council_id == council_id,
        RoleGrant.confirmed_at.is_(None),
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on),
    )


def people_wearing(
    session: Session,
    council_id: int,
    roles: Iterable[Role],
    on: date,
    *,
    also: Iterable[int] | Select[Any] = (),
    besides: Iterable[int | None] = (),
) -> list[Person]:
    """Whoever wears one of these hats, or is among `also`, and is at work for the council on this day, by name.

    `besides` are left out. This is who is told, asked and offered: nobody who left or is suspended.
    """
    wearers = role_grants(council_id, on).with_only_columns(RoleGrant.person_id)
    wearers = wearers.where(RoleGrant.role.in_(tuple(roles)))
    query = select(Person).join(Employment, Employment.person_id == Person.id)
    query = query.where(Employment.council_id == council_id, at_work(on))
    query = query.where(or_(Person.id.in_(wearers), Person.id.in_(also)))
    query = query.where(Person.id.not_in([person_id for person_id in besides if person_id is not None]))
    return list(session.scalars(query.order_by(func.lower(Person.name), Person.id)))


def people_who_may(
    session: Session, council_id: int, permission: Permission, on: date, besides: Iterable[int | None]
) -> list[Person]:
    """Whoever wears a hat with this permission and is at work for the council on this day, besides those concerned."""
    return people_wearing(session, council_id, roles_with(permission), on, besides=besides)


def has_role(session: Session, council_id: int, person_id: int, roles: Iterable[Role], on: date) -> bool:
    """Whether somebody wears one of these hats in the council on this day."""
    query = select(RoleGrant.id).where(RoleGrant.council_id == council_id, RoleGrant.person_id == person_id)
    query = query.where(RoleGrant.role.in_(tuple(roles)), worn(on))
    return session.scalar(query.limit(1)) is not None


def role_grants(council_id: int, on: date) -> Select[RoleGrant]:
    """The hats in force in a council on a day."""
    return select(RoleGrant).where(RoleGrant.council_id == council_id, worn(on))


def councils_of(session: Session, person_id: int, on: date) -> list[Council]:
    """The councils somebody works for on this day, by name."""
    query = select(Council).join(Employment, Employment.council_id == Council.id)
    query = query.where(Employment.person_id == person_id, at_work(on))
    with beyond(session):
        return list(session.scalars(query.order_by(Council.name)))


def slugs_of(session: Session, person_id: int, on: date) -> frozenset[str]:
    """The short names of the councils somebody works for on this day."""
    return frozenset(council.slug for council in councils_of(session, person_id, on))


def slugs_ahead(session: Session, person_id: int, on: date) -> frozenset[str]:
    """The short names of the councils that employ somebody on this day, suspended or not, or will from a later one."""
    query = select(Council.slug).join(Employment, Employment.council_id == Council.id)
    query = query.where(Employment.person_id == person_id, or_(Employment.ends_on.is_(None), Employment.ends_on >= on))
    with beyond(session):
        return frozenset(session.scalars(query))


def may_come_in(person_id: Any, on: date) -> ColumnElement[bool]:
    """Whether somebody works for any council on this day, or one waits for their word; nobody else may sign in."""
    works = exists().where(Employment.person_id == person_id, at_work(on))
    return or_(works, exists().where(Offer.person_id == person_id, waits(on)))


def may_sign_in(session: Session, person_id: int, on: date) -> bool:
    """The same of somebody at hand."""
    with beyond(session):
        return bool(session.scalar(select(may_come_in(person_id, on))))


def find_device(session: Session, token_hashes: Collection[str], email: str | None = None) -> KnownDevice | None:
    """The device behind one of these tokens; with an address given, if it is that person's: one look, whoever asks for
    whom."""
    query = select(KnownDevice).join(Person, Person.id == KnownDevice.person_id)
    whose = () if email is None else (Person.email == email.strip().lower(),)
    query = query.where(KnownDevice.token_hash.in_(token_hashes), *whose)
    return session.scalars(query.order_by(KnownDevice.id).limit(1)).first()


def list_factors(session: Session, person_id: int) -> list[Factor]:
    """With what somebody can take the second step, oldest first."""
    return list(session.scalars(select(Factor).where(Factor.person_id == person_id).order_by(Factor.id)))


def passkeys_of(session: Session, person_id: int | None) -> list[bytes]:
    """The names by which authenticators know somebody's passkeys."""
    query = select(Factor.credential_id).where(Factor.person_id == person_id, Factor.kind == Step.PASSKEY)
    return [found for found in session.scalars(query.order_by(Factor.id)) if found]


def count_codes_left(session: Session, person_id: int) -> int:
    """How many recovery codes somebody has left."""
    query = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalar(query) or 0


def find_identity(session: Session, issuer: str, subject: str) -> OutsideIdentity | None:
    """The identity that a provider means by this subject, letter by letter."""
    found = session.scalars(
        select(OutsideIdentity).where(OutsideIdentity.issuer == issuer, OutsideIdentity.subject == subject)
    )
    return found.one_or_none()


def list_identities(session: Session, person_id: int) -> list[OutsideIdentity]:
    """The identities that somebody connected."""
    query = select(OutsideIdentity).where(OutsideIdentity.person_id == person_id)
    return list(session.scalars(query.order_by(OutsideIdentity.id)))


OPEN_RESET = (FactorReset.done_at.is_(None), FactorReset.stopped_at.is_(None))
"""What was asked to take somebody's second step off them is neither done nor stopped."""


def find_open_reset(session: Session, council_id: int, person_id: int) -> FactorReset | None:
    """What the council asked to take somebody's second step off them, if that is still open."""
    query = select(FactorReset).where(FactorReset.council_id == council_id, FactorReset.person_id == person_id)
    return session.scalar(query.where(*OPEN_RESET).limit(1))


def councils_resetting(session: Session, person_id: int) -> list[Council]:
    """The councils in which it was asked to take somebody's second step off them."""
    asking = select(FactorReset.council_id).where(FactorReset.person_id == person_id, *OPEN_RESET)
    with beyond(session):
        return list(session.scalars(select(Council).where(Council.id.in_(asking)).order_by(Council.id)))


def wears_any_role(session: Session, person_id: int, on: date) -> bool:
    """Whether somebody wears a hat that was given, in any council, on this day."""
    query = select(RoleGrant.id).where(RoleGrant.person_id == person_id)
    with beyond(session):
        return session.scalar(query.where(worn(on)).limit(1)) is not None
