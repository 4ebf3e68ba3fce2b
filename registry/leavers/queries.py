"""Who goes or went, what they saw, and what is left behind on their desk."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from registry.accounts.models import IN_USE, Account, ServiceArea
from registry.accounts.platforms import BY_ROLES
from registry.custody.models import Credential, Exposure, ExposureKind, Kind, SecretVersion
from registry.custody.reuse import sharing
from registry.editors.models import Editorship
from registry.editors.queries import count_cleared
from registry.identity.models import Employment, Person
from registry.identity.queries import people_wearing
from registry.rotations.models import Cause, Rotation
from registry.rotations.queries import in_force_value, reasons
from registry.vocabulary.permissions import Role

RECENT = timedelta(days=60)
"""How long somebody who left stands in the list though nothing is left to do."""


@dataclass(frozen=True)
class Seen:
    """One way in which somebody knows, or knew, one value; and what became of that value.

    `elsewhere`: the other accounts in which the same value is in force, whether it is changed here or not.
    """

    account_id: int
    account: str
    credential_id: int
    kind: Kind
    label: str
    version: int
    how: ExposureKind
    first_at: datetime
    last_at: datetime
    times: int
    is_in_force: bool
    rotation_id: int | None
    is_finished: bool
    elsewhere: tuple[str, ...]


@dataclass(frozen=True)
class Leaver:
    """A line of the list: who, why they stand there, since when, and how many values they know are still in force."""

    person_id: int
    name: str
    why: str
    since_on: date
    to_change: int


def seen_by(session: Session, council_id: int, person_id: int) -> list[Seen]:
    """Exactly what somebody knows, or knew, of the council's credentials, what is still in force first."""
    in_force_now = and_(in_force_value(), Account.state.in_(IN_USE))
    query = (
        select(
            Account.id.label("account_id"),
            Account.name.label("account"),
            Credential.id.label("credential_id"),
            Credential.kind,
            Credential.label,
            SecretVersion.id.label("version_id"),
            SecretVersion.version,
            Exposure.kind.label("how"),
            Exposure.first_at,
            Exposure.last_at,
            Exposure.times,
            in_force_now.label("is_in_force"),
            Rotation.id.label("rotation_id"),
            Rotation.closed_at.is_not(None).label("is_finished"),
        )
        .select_from(Exposure)
        .join(SecretVersion, SecretVersion.id == Exposure.secret_version_id)
        .join(Credential, Credential.id == SecretVersion.credential_id)
        .join(Account, Account.id == Credential.account_id)
        .outerjoin(
            Rotation,
            and_(Rotation.council_id == council_id, Rotation.secret_version_id == Exposure.secret_version_id),
        )
        .where(Exposure.council_id == council_id, Exposure.person_id == person_id)
    )
    known = select(Exposure.secret_version_id).where(Exposure.council_id == council_id, Exposure.person_id == person_id)
    shared = sharing(session, council_id, SecretVersion.id.in_(known))
    rows = session.execute(query.order_by(Account.sort_name, Credential.id, SecretVersion.version, Exposure.id))
    found = [_seen(row._asdict(), shared) for row in rows]
    return sorted(found, key=lambda seen: not seen.is_in_force)


def _seen(told: dict[str, Any], shared: dict[int, list[Account]]) -> Seen:
    names = tuple(dict.fromkeys(account.name for account in shared.get(told.pop("version_id"), ())))
    return Seen(**told | {"is_in_force": bool(told["is_in_force"]), "elsewhere": names})


def list_leavers(session: Session, council_id: int, on: date) -> list[Leaver]:
    """Everybody who knows a value in force that is not safe with them, and who left of late or is suspended."""
    found: dict[int, list[Any]] = {}
    for reason in reasons(session, council_id, on):
        if reason.cause is Cause.USED_UP:
            continue  # the value must change, but nobody went
        found.setdefault(reason.person_id, []).append(reason)
    lines = [
        Leaver(person_id, first.person, first.why, first.since_on, len({r.credential_id for r in theirs}))
        for person_id, theirs in found.items()
        for first in [min(theirs, key=lambda r: list(Cause).index(r.cause))]
    ]
    gone = select(Employment).where(
        Employment.council_id == council_id,
        or_(Employment.ends_on.between(on - RECENT, on - timedelta(days=1)), Employment.suspended_on.is_not(None)),
    )
    for employment in session.scalars(gone):
        if employment.person_id not in found:
            lines.append(_done(employment, on))
    return sorted(lines, key=lambda line: (not line.to_change, -line.since_on.toordinal(), line.name))


def _done(employment: Employment, on: date) -> Leaver:
    if employment.holds_on(on) and employment.suspended_on is not None:
        since, why = employment.suspended_on, "is kept from the accounts"
    else:
        since, why = employment.ends_on or on, "left"
    return Leaver(employment.person_id, employment.person.name, why, since, 0)


def editorships_of(session: Session, council_id: int, person_id: int) -> Sequence[Any]:
    """The service areas somebody is or was named for: area_id, name, ends_on; the latest first."""
    query = (
        select(ServiceArea.id.label("area_id"), ServiceArea.name, Editorship.starts_on, Editorship.ends_on)
        .join(Editorship, Editorship.service_area_id == ServiceArea.id)
        .where(Editorship.council_id == council_id, Editorship.person_id == person_id)
    )
    return session.execute(query.order_by(Editorship.starts_on.desc(), Editorship.id.desc())).all()


def short_of_editors(
    session: Session, council_id: int, areas: dict[int, str], ideal: int, on: date
) -> list[tuple[int, str, int]]:
    """Which of these service areas have fewer cleared editors than the council wants: number, name, how many."""
    counted = count_cleared(session, council_id, areas, on)
    return [(area_id, name, counted[area_id][1]) for area_id, name in areas.items() if counted[area_id][1] < ideal]


def own_login_accounts(session: Session, council_id: int, areas: Collection[int]) -> Sequence[Any]:
    """Accounts of these service areas where people get in with their own logins: only the platform ends those."""
    query = select(Account.id, Account.name, Account.platform).where(
        Account.council_id == council_id,
        Account.service_area_id.in_(areas),
        Account.platform.in_(BY_ROLES),
        Account.state.in_(IN_USE),
    )
    return session.execute(query.order_by(Account.sort_name, Account.id)).all()


def answers_for(session: Session, council_id: int, person_id: int) -> Sequence[Any]:
    """The accounts in use that somebody is responsible for."""
    query = select(Account.id, Account.name).where(
        Account.council_id == council_id, Account.responsible_id == person_id, Account.state.in_(IN_USE)
    )
    return session.execute(query.order_by(Account.sort_name, Account.id)).all()


def managed_areas(session: Session, council_id: int, person_id: int, on: date) -> Sequence[Any]:
    """The service areas whose manager somebody is."""
    query = select(ServiceArea.id, ServiceArea.name).where(
        ServiceArea.council_id == council_id,
        ServiceArea.manager_id == person_id,
        or_(ServiceArea.ended_on.is_(None), ServiceArea.ended_on > on),
    )
    return session.execute(query.order_by(ServiceArea.name, ServiceArea.id)).all()


def to_be_told(session: Session, council_id: int, areas: Collection[int], on: date) -> list[Person]:
    """Whoever must know that somebody goes: Clerk, communications, the managers of these service areas."""
    manages = select(ServiceArea.manager_id).where(ServiceArea.council_id == council_id, ServiceArea.id.in_(areas))
    return people_wearing(session, council_id, (Role.CLERK, Role.COMMS), on, also=manages)
