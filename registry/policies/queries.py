"""Policies, their versions, and who signed which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from registry.core.database import Rows, get_one
from registry.identity.models import Employment, Person
from registry.identity.queries import in_force
from registry.policies.models import Policy, PolicyVersion, SignOff, VersionState

NEWEST_FIRST = (PolicyVersion.effective_on.desc(), PolicyVersion.id.desc())


def get_policy(session: Session, council_id: int, policy_id: int) -> Policy:
    """A policy of the council."""
    return get_one(session, select(Policy).where(Policy.council_id == council_id, Policy.id == policy_id))


def find_gate_policy(session: Session, council_id: int) -> Policy | None:
    """The policy that must be signed before access, if the council has named one."""
    return session.scalar(select(Policy).where(Policy.council_id == council_id, Policy.opens_gate))


def find_policy_by_title(session: Session, council_id: int, title: str) -> Policy | None:
    """The council's policy of this title, however it is spelled in capitals."""
    query = select(Policy).where(Policy.council_id == council_id, func.lower(Policy.title) == title.lower())
    return session.scalar(query.limit(1))


def list_policies(session: Session, council_id: int) -> list[Policy]:
    """The council's policies, the one that opens the gate first."""
    query = select(Policy).where(Policy.council_id == council_id)
    return list(session.scalars(query.order_by(Policy.opens_gate.desc(), func.lower(Policy.title), Policy.id)))


def get_version(session: Session, council_id: int, version_id: int) -> PolicyVersion:
    """A version of a policy, draft or published."""
    query = select(PolicyVersion).where(PolicyVersion.council_id == council_id, PolicyVersion.id == version_id)
    return get_one(session, query)


def lock_version(session: Session, council_id: int, version_id: int) -> PolicyVersion:
    """A version, held until the work is done, so that nobody edits what somebody publishes."""
    query = select(PolicyVersion).where(PolicyVersion.council_id == council_id, PolicyVersion.id == version_id)
    return get_one(session, query.with_for_update(of=PolicyVersion).execution_options(populate_existing=True))


def lock_policy(session: Session, council_id: int, policy_id: int) -> Policy:
    """A policy, held until the work is done, so that its versions come one after another."""
    query = select(Policy).where(Policy.council_id == council_id, Policy.id == policy_id)
    return get_one(session, query.with_for_update())


def published(session: Session, council_id: int, policy_id: int) -> list[PolicyVersion]:
    """The published versions of a policy, newest first."""
    query = select(PolicyVersion).where(
        PolicyVersion.council_id == council_id,
        PolicyVersion.policy_id == policy_id,
        PolicyVersion.state == VersionState.PUBLISHED,
    )
    return list(session.scalars(query.order_by(*NEWEST_FIRST)))


def find_draft(session: Session, council_id: int, policy_id: int) -> PolicyVersion | None:
    """The draft of a policy's next version; there is one at most."""
    query = select(PolicyVersion).where(
        PolicyVersion.council_id == council_id,
        PolicyVersion.policy_id == policy_id,
        PolicyVersion.state == VersionState.DRAFT,
    )
    return session.scalar(query.limit(1))


def current_of(versions: Sequence[PolicyVersion], on: date) -> PolicyVersion | None:
    """Of published versions, newest first, the one in force on a day; never a draft (000 §4)."""
    return next((v for v in versions if v.effective_on is not None and v.effective_on <= on), None)


def upcoming_of(versions: Sequence[PolicyVersion], on: date) -> list[PolicyVersion]:
    """Of published versions, newest first, those that take effect after a day."""
    return [v for v in versions if v.effective_on is not None and v.effective_on > on]


def find_current(session: Session, council_id: int, policy_id: int, on: date) -> PolicyVersion | None:
    """The version of a policy in force on a day."""
    return current_of(published(session, council_id, policy_id), on)


def find_gate_version(session: Session, council_id: int, on: date) -> PolicyVersion | None:
    """The version in force of the policy that must be signed before access (002 §19.2)."""
    policy = find_gate_policy(session, council_id)
    return find_current(session, council_id, policy.id, on) if policy else None


def versions_in_force(session: Session, council_id: int, on: date) -> dict[int, Any]:
    """The version in force of every policy, without its text, by the policy's number."""
    query = select(
        PolicyVersion.id,
        PolicyVersion.policy_id,
        PolicyVersion.version,
        PolicyVersion.effective_on,
        PolicyVersion.review_due_on,
    ).where(PolicyVersion.council_id == council_id, PolicyVersion.state == VersionState.PUBLISHED)
    query = query.where(PolicyVersion.effective_on <= on).order_by(
        PolicyVersion.effective_on.asc(), PolicyVersion.id.asc()
    )
    return {row.policy_id: row for row in session.execute(query)}


def signatures_of(session: Session, council_id: int, person_id: int) -> Sequence[Any]:
    """What somebody signed, newest first: version, policy, day, and the text's fingerprint."""
    query = (
        select(
            SignOff.policy_version_id.label("version_id"), SignOff.signed_at, SignOff.text_hash, SignOff.method,
            PolicyVersion.version, PolicyVersion.effective_on, Policy.id.label("policy_id"), Policy.title,
        )
        .join(PolicyVersion, PolicyVersion.id == SignOff.policy_version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(SignOff.council_id == council_id, SignOff.person_id == person_id)
    )  # fmt: skip
    return session.execute(query.order_by(SignOff.signed_at.desc(), SignOff.id.desc())).all()


def find_signature(session: Session, council_id: int, person_id: int, version_id: int) -> SignOff | None:
    """Somebody's signature under one version."""
    return session.scalar(
        select(SignOff).where(
            SignOff.council_id == council_id, SignOff.person_id == person_id, SignOff.policy_version_id == version_id
        )
    )


def versions_to_sign(session: Session, council_id: int, person_id: int, on: date) -> list[PolicyVersion]:
    """What somebody is still asked to sign of the policy that opens the gate: the text in force, then those to come."""
    policy = find_gate_policy(session, council_id)
    if policy is None:
        return []
    versions = published(session, council_id, policy.id)
    signed = {row.version_id for row in signatures_of(session, council_id, person_id)}
    days = [v.effective_on for v in versions if v.id in signed and v.effective_on is not None]
    since, current = demanded_since(versions, on), current_of(versions, on)
    asked = [current] if current is not None and since is not None and max(days, default=date.min) < since else []
    coming = [v for v in upcoming_of(versions, on) if not v.is_minor and v.id not in signed]
    return [*asked, *reversed(coming)]


@dataclass(frozen=True)
class Turnout:
    """Of everyone who works for the council, how many are signed up to what a policy now asks."""

    signed: int
    everyone: int


def is_signed_up(council_id: int, policy_id: int, since: date) -> ColumnElement[bool]:
    """Whether an employed person signed the version that took effect on this day, or a later one, of a policy."""
    return (
        select(SignOff.id)
        .join(PolicyVersion, PolicyVersion.id == SignOff.policy_version_id)
        .where(
            SignOff.council_id == council_id,
            SignOff.person_id == Employment.person_id,
            PolicyVersion.policy_id == policy_id,
            PolicyVersion.effective_on >= since,
        )
        .correlate(Employment)
        .exists()
    )


def demanded_since(versions: Sequence[PolicyVersion], on: date) -> date | None:
    """When the latest version took effect that asks for signing; a minor correction asks nobody."""
    return next(
        (v.effective_on for v in versions if v.effective_on is not None and v.effective_on <= on and not v.is_minor),
        None,
    )


def turnout(session: Session, council_id: int, policy_id: int, since: date, on: date) -> Turnout:
    """How many of those who work for the council today are signed up."""
    up = func.sum(case((is_signed_up(council_id, policy_id, since), 1), else_=0))
    employed = in_force(Employment.starts_on, Employment.ends_on, on)
    query = select(func.count(), up).select_from(Employment).where(Employment.council_id == council_id, employed)
    everyone, signed = session.execute(query).one()
    return Turnout(int(signed or 0), int(everyone))


def signers(council_id: int, policy_id: int, since: date, on: date, *, signed: bool, text: str) -> Rows:
    """Those who work for the council and are (or are not) signed up, with the last version they signed and when."""
    of_theirs = (
        select(SignOff.id)
        .join(PolicyVersion, PolicyVersion.id == SignOff.policy_version_id)
        .where(
            SignOff.council_id == council_id,
            SignOff.person_id == Employment.person_id,
            PolicyVersion.policy_id == policy_id,
        )
        .order_by(*NEWEST_FIRST)
        .limit(1)
        .correlate(Employment)
        .scalar_subquery()
    )
    name = func.lower(Person.name)
    query = (
        select(
            Person.id.label("person_id"), Person.name, name.label("sort_name"), Employment.job_title, SignOff.signed_at,
            PolicyVersion.version,
        )
        .select_from(Employment)
        .join(Person, Person.id == Employment.person_id)
        .outerjoin(SignOff, SignOff.id == of_theirs)
        .outerjoin(PolicyVersion, PolicyVersion.id == SignOff.policy_version_id)
        .where(Employment.council_id == council_id, in_force(Employment.starts_on, Employment.ends_on, on))
    )  # fmt: skip
    up = is_signed_up(council_id, policy_id, since)
    query = query.where(up if signed else ~up)
    for word in text.lower().split():
        query = query.where(
            or_(name.contains(word, autoescape=True), func.lower(Employment.job_title).contains(word, autoescape=True))
        )
    return query
