"""The facts of people that every gate asks for: employed, named, trained until, signed until. Never null.

`person_facts` holds for everyone who works for a council; `standings` starts from the editorships in force,
never from people × accounts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, func, literal, select
from sqlalchemy.orm import Session

from registry.accounts.models import IN_USE, Account
from registry.core.database import Rows
from registry.core.errors import NotFound
from registry.editors.models import Editorship
from registry.identity.models import Employment, RoleGrant
from registry.identity.queries import at_work, in_force, worn
from registry.policies.models import Policy, PolicyVersion, SignOff, VersionState
from registry.training.models import Course, CourseKind, RecordState, TrainingRecord
from registry.vocabulary.permissions import Role

NEVER, ALWAYS = literal(date.min, Date), literal(date.max, Date)
ROLES_THAT_ACT = (Role.CLERK, Role.COMMS)
"""Whose hat lets them act for every account: the Clerk (003) and the managing editor (002 §19.2)."""


@dataclass(frozen=True)
class Standing:
    """How one person stands toward one account on a day."""

    person_id: int
    is_employed: bool
    is_named: bool
    acts_by_role: bool
    trained_until: date
    signed_until: date
    is_account_in_use: bool

    @property
    def acts_for_all(self) -> bool:
        """Whether their hat lets them act for every account, while they work here."""
        return self.acts_by_role & self.is_employed


def trained_until(on: date) -> ColumnElement[date]:
    """The last good day of the best confirmed editor training; the day one if there is none (002 §19.2, §11.4)."""
    best = (
        select(func.max(TrainingRecord.expires_on))
        .join(Course, Course.id == TrainingRecord.course_id)
        .where(
            TrainingRecord.council_id == Employment.council_id,
            TrainingRecord.person_id == Employment.person_id,
            TrainingRecord.state == RecordState.CONFIRMED,
            TrainingRecord.completed_on <= on,
            Course.kind == CourseKind.EDITOR,
        )
        .correlate(Employment)
        .scalar_subquery()
    )
    return func.coalesce(best, NEVER, type_=Date)


def signed_until(on: date) -> ColumnElement[date]:
    """Until when a person counts as signed up to the version in force (002 §19.2, 004 §9.1 and §10.1).

    For good once they signed it (or a later one); until its last day of grace if they signed an earlier one;
    never if they signed none, or if no version is in force.
    """
    gate = and_(
        Policy.id == PolicyVersion.policy_id,
        Policy.opens_gate,
        PolicyVersion.council_id == Employment.council_id,
        PolicyVersion.state == VersionState.PUBLISHED,
    )
    demanded = and_(gate, PolicyVersion.is_minor.is_(False), PolicyVersion.effective_on <= on)
    required = _alone(select(func.max(PolicyVersion.effective_on)).join(Policy, demanded))
    grace = _alone(
        select(PolicyVersion.sign_by_on)
        .join(Policy, demanded)
        .order_by(PolicyVersion.effective_on.desc(), PolicyVersion.id.desc())
        .limit(1)
    )
    signed = _alone(
        select(func.max(PolicyVersion.effective_on))
        .join(Policy, gate)
        .join(SignOff, SignOff.policy_version_id == PolicyVersion.id)
        .where(SignOff.person_id == Employment.person_id)
    )
    return case(
        (required.is_(None), NEVER),
        (signed >= required, ALWAYS),
        (signed.is_not(None), func.coalesce(grace, NEVER)),
        else_=NEVER,
    )


def _alone(query: Rows) -> Any:
    return query.correlate(Employment).scalar_subquery()


def _acts_by_role(on: date) -> ColumnElement[bool]:
    return (
        select(RoleGrant.id)
        .where(
            RoleGrant.council_id == Employment.council_id,
            RoleGrant.person_id == Employment.person_id,
            RoleGrant.role.in_(ROLES_THAT_ACT),
            worn(on),
        )
        .correlate(Employment)
        .exists()
    )


def person_facts(on: date) -> Rows:
    """council_id, person_id, is_employed, acts_by_role, trained_until, signed_until of everyone employed ever."""
    return select(
        Employment.council_id,
        Employment.person_id,
        at_work(on).label("is_employed"),
        _acts_by_role(on).label("acts_by_role"),
        trained_until(on).label("trained_until"),
        signed_until(on).label("signed_until"),
    )


def standings(on: date) -> Rows:
    """The facts of every editorship in force: editorship_id, service_area_id and `person_facts`; all are named."""
    return (
        person_facts(on)
        .add_columns(
            Editorship.id.label("editorship_id"),
            Editorship.service_area_id.label("service_area_id"),
            literal(True).label("is_named"),
        )
        .join(
            Editorship,
            and_(Editorship.council_id == Employment.council_id, Editorship.person_id == Employment.person_id),
        )
        .where(in_force(Editorship.starts_on, Editorship.ends_on, on))
    )


def named_areas(session: Session, council_id: int, person_id: int, on: date) -> frozenset[int]:
    """The service areas that somebody is named for on a day; cleared or not."""
    query = select(Editorship.service_area_id).where(
        Editorship.council_id == council_id,
        Editorship.person_id == person_id,
        in_force(Editorship.starts_on, Editorship.ends_on, on),
    )
    return frozenset(session.scalars(query))


def standing_of(session: Session, account: Account, person_id: int, on: date) -> Standing:
    """How one person stands toward one account on a day; read at the moment of use, never kept."""
    return standings_toward(session, [account], person_id, on)[account.id]


def standings_toward(session: Session, accounts: Sequence[Account], person_id: int, on: date) -> dict[int, Standing]:
    """How one person stands toward each of these accounts of one council, in two statements however many they are."""
    council_id = accounts[0].council_id
    facts = session.execute(
        person_facts(on).where(Employment.council_id == council_id, Employment.person_id == person_id)
    ).one_or_none()
    if facts is None:
        raise NotFound
    named = named_areas(session, council_id, person_id, on)
    return {
        account.id: Standing(
            person_id=person_id,
            is_employed=bool(facts.is_employed),
            is_named=account.service_area_id in named,
            acts_by_role=bool(facts.acts_by_role),
            trained_until=facts.trained_until,
            signed_until=facts.signed_until,
            is_account_in_use=account.state in IN_USE,
        )
        for account in accounts
    }
