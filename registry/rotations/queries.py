"""With whom a value in force is not safe any more, computed from the data alone; and the tasks that came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, exists, func, literal, not_, select
from sqlalchemy.orm import Session

from registry.accounts.models import IN_USE, Account
from registry.core.database import Rows, columns_of, get_one
from registry.custody.models import DUE_AT_ONCE, Credential, Exposure, Kind, SecretVersion
from registry.custody.queries import is_current
from registry.editors.models import Editorship
from registry.editors.standing import person_facts
from registry.identity.models import DeviceLoss, Employment, Person
from registry.identity.queries import in_force
from registry.rotations.models import Cause, Item, Rotation, RotationTick
from registry.rotations.rules import CAUSES, SAFE_WITH, Progress

Scope = Callable[[Any], ColumnElement[bool]]
"""Which councils are looked at: a condition on a column that holds a council's number."""


@dataclass(frozen=True)
class Reason:
    """One reason why one person knowing a value in force makes its rotation due."""

    account_id: int
    credential_id: int
    secret_version_id: int
    kind: Kind
    person_id: int
    person: str
    cause: Cause
    why: str
    clause: str
    since_on: date


def unsafe(on: date, scope: Scope) -> Rows:
    """Everyone who knows a value in force that is not safe with them on a day; a row for each way they learnt it.

    The facts of people are gathered once for all who know anything, not once for each thing they know.
    """
    known = _known(on, scope).subquery("known")
    return select(known).where(not_(SAFE_WITH.holds(known.c, on)))


def _known(on: date, scope: Scope) -> Rows:
    people = _people(on, scope)
    named = and_(
        Editorship.council_id == Exposure.council_id,
        Editorship.person_id == Exposure.person_id,
        Editorship.service_area_id == Account.service_area_id,
    )
    lost = select(func.max(DeviceLoss.reported_at)).where(
        DeviceLoss.council_id == Exposure.council_id,
        DeviceLoss.person_id == Exposure.person_id,
        DeviceLoss.reported_at >= Exposure.first_at,
    )
    lost_at = lost.correlate(Exposure).scalar_subquery()
    return (
        select(
            *people.c,
            Credential.account_id,
            Credential.id.label("credential_id"),
            Credential.kind,
            Exposure.secret_version_id,
            exists().where(named, in_force(Editorship.starts_on, Editorship.ends_on, on)).label("is_named"),
            select(func.max(Editorship.ends_on)).where(named).scalar_subquery().label("named_until"),
            lost_at.is_(None).label("keeps_devices"),
            func.date(lost_at, type_=Date).label("lost_on"),
            Exposure.kind.not_in(DUE_AT_ONCE).label("is_lasting"),
            func.date(Exposure.last_at, type_=Date).label("last_on"),
        )
        .select_from(Exposure)
        .join(people, and_(people.c.council_id == Exposure.council_id, people.c.person_id == Exposure.person_id))
        .join(SecretVersion, SecretVersion.id == Exposure.secret_version_id)
        .join(Credential, in_force_value())
        .join(Account, Account.id == Credential.account_id)
        .where(scope(Exposure.council_id), Account.state.in_(IN_USE))
    )


def in_force_value() -> ColumnElement[bool]:
    """That the `SecretVersion` of a query is the value in force of its `Credential`, which is not destroyed."""
    return and_(is_current(SecretVersion), Credential.destroyed_at.is_(None))


def _people(on: date, scope: Scope) -> Any:
    knows = exists().where(Exposure.council_id == Employment.council_id, Exposure.person_id == Employment.person_id)
    facts = (
        person_facts(on)
        .add_columns(
            Person.name,
            Employment.ends_on,
            Employment.suspended_on,
            in_force(Employment.starts_on, Employment.ends_on, on).label("is_here"),
            Employment.suspended_on.is_(None).label("is_at_work"),
        )
        .join(Person, Person.id == Employment.person_id)
        .where(scope(Employment.council_id), knows)
    )
    return facts.cte("knowing").prefix_with("MATERIALIZED")


def reasons(session: Session, council_id: int, on: date, *, account_id: int | None = None) -> list[Reason]:
    """Every reason why values in force are due in a council, perhaps of one account; one statement.

    Computed from the data of the moment: what became due earlier stands in the tasks (`Rotation`).
    """
    found = unsafe(on, lambda column: column == literal(council_id)).subquery("unsafe")
    query = select(found)
    if account_id is not None:
        query = query.where(found.c.account_id == account_id)
    rows = session.execute(query.order_by(found.c.credential_id, found.c.person_id)).all()
    told = [reason for row in rows for reason in _reasons_of(row, on)]
    return sorted(dict.fromkeys(told), key=lambda reason: reason.since_on)


def _reasons_of(row: Any, on: date) -> list[Reason]:
    return [
        Reason(
            row.account_id,
            row.credential_id,
            row.secret_version_id,
            row.kind,
            row.person_id,
            row.name,
            cause,
            said.text,
            said.clause,
            since(row, on),
        )
        for condition, (cause, since) in CAUSES.items()
        if not condition.test(row, on)
        for said in [condition.reason(row, on)]
    ]


def unnoticed(on: date, scope: Scope) -> Rows:
    """What is not safe and has no task yet: council_id of each, for the sweep."""
    found = unsafe(on, scope).subquery("unsafe")
    return select(found.c.council_id).where(
        ~exists().where(
            Rotation.council_id == found.c.council_id, Rotation.secret_version_id == found.c.secret_version_id
        )
    )


def noticed_versions(session: Session, council_id: int) -> frozenset[int]:
    """The values of a council that became due at any time."""
    return frozenset(session.scalars(select(Rotation.secret_version_id).where(Rotation.council_id == council_id)))


def find_open_rotation(session: Session, council_id: int, credential_id: int) -> Rotation | None:
    """The open task of a credential, if it has one."""
    return session.scalar(
        select(Rotation).where(
            Rotation.council_id == council_id, Rotation.credential_id == credential_id, Rotation.closed_at.is_(None)
        )
    )


def get_rotation(session: Session, council_id: int, rotation_id: int, *, lock: bool = False) -> Rotation:
    """A task of the council, open or finished. `lock`: held until the work is done."""
    query = select(Rotation).where(Rotation.council_id == council_id, Rotation.id == rotation_id)
    return get_one(session, query.with_for_update() if lock else query)


def ticks_of(session: Session, rotation: Rotation) -> dict[Item, RotationTick]:
    """What is ticked of a task's checklist."""
    query = select(RotationTick).where(
        RotationTick.council_id == rotation.council_id, RotationTick.rotation_id == rotation.id
    )
    return {tick.item: tick for tick in session.scalars(query)}


def progress_of(session: Session, rotation: Rotation) -> Progress:
    """How far a task is."""
    return Progress(_is_changed(session, rotation), frozenset(ticks_of(session, rotation)))


def _is_changed(session: Session, rotation: Rotation) -> bool:
    still = select(SecretVersion.id).join(Credential, in_force_value())
    return session.scalar(still.where(SecretVersion.id == rotation.secret_version_id)) is None


def open_rotations(council_id: int) -> Rows:
    """Every open task of a council's credentials: its row, the account, the kind, whether the value is changed (and
    when), and how many items are ticked."""
    ticked = select(func.count()).where(
        RotationTick.council_id == Rotation.council_id, RotationTick.rotation_id == Rotation.id
    )
    return (
        select(
            *columns_of(Rotation),
            Account.name.label("account"),
            Account.sort_name,
            Credential.kind,
            Credential.label,
            Person.name.label("person"),
            is_changed().label("is_changed"),
            Credential.changed_at,
            ticked.correlate(Rotation).scalar_subquery().label("ticked"),
        )
        .join(Credential, Credential.id == Rotation.credential_id)
        .join(SecretVersion, SecretVersion.id == Rotation.secret_version_id)
        .join(Account, Account.id == Rotation.account_id)
        .join(Person, Person.id == Rotation.person_id)
        .where(Rotation.council_id == council_id, *still_open())
    )


def still_open() -> tuple[ColumnElement[bool], ...]:
    """That a `Rotation` is unfinished and its `Credential` still there."""
    return Rotation.closed_at.is_(None), Credential.destroyed_at.is_(None)


def is_changed() -> ColumnElement[bool]:
    """Whether another value has come in place of the `SecretVersion` that a `Rotation` is about."""
    return not_(is_current(SecretVersion))


def list_open(session: Session, council_id: int, account_id: int | None = None) -> Sequence[Any]:
    """The open tasks of a council, perhaps of one account, the oldest first."""
    query = open_rotations(council_id)
    if account_id is not None:
        query = query.where(Rotation.account_id == account_id)
    return session.execute(query.order_by(Rotation.since_on, Rotation.id)).all()
