"""The policy itself: in force, and reviewed in time."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from registry.accounts.models import Account, AccountState
from registry.councils.models import Council
from registry.flags.rule import Severity, Tell, finding, flag
from registry.policies.models import Policy, PolicyVersion, VersionState


def has_policy(council_id: ColumnElement[int] | InstrumentedAttribute[int], on: date) -> ColumnElement[bool]:
    """Whether a version that opens the gate is in force in the council of this column."""
    in_force = (
        select(PolicyVersion.council_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(Policy.opens_gate, _holds(PolicyVersion, on), PolicyVersion.is_minor.is_(False))
    )
    return council_id.in_(in_force)


@flag(
    Severity.WARNING,
    clause="002 §19.2",
    message="No social media policy is in force, so nobody can sign it and no editor is cleared.",
    tell=(Tell.CLERK, Tell.COMMS),
    mend=("policies.index", "Publish the policy"),
)
def no_policy_in_force(on: date) -> Select[Any]:
    """A council with live accounts has no social media policy in force."""
    live = select(Account.council_id).where(Account.state == AccountState.LIVE)
    return finding("Council", Council.id, Council.id).where(Council.id.in_(live), ~has_policy(Council.id, on))


@flag(
    Severity.WARNING,
    clause="004 §9.1",
    message="Version {version} of “{title}” was due for review on {due_on}.",
    tell=(Tell.CLERK, Tell.COMMS),
    mend=("policies.policy", "Review the policy"),
)
def policy_review_due(on: date) -> Select[Any]:
    """A policy is reviewed every year; the day set for the version in force has come. That version stays in force."""
    due, later = PolicyVersion.review_due_on, aliased(PolicyVersion)
    follows = or_(
        later.effective_on > PolicyVersion.effective_on,
        and_(later.effective_on == PolicyVersion.effective_on, later.id > PolicyVersion.id),
    )
    replaced = (
        select(later.id)
        .where(later.policy_id == PolicyVersion.policy_id, _holds(later, on), later.review_due_on.is_not(None), follows)
        .correlate(PolicyVersion)
        .exists()
    )
    return (
        finding(
            "Policy", Policy.council_id, Policy.id, due, version=PolicyVersion.version, title=Policy.title, due_on=due
        )
        .join(PolicyVersion, PolicyVersion.policy_id == Policy.id)
        .where(_holds(PolicyVersion, on), due <= on, ~replaced)
    )


def _holds(version: Any, on: date) -> ColumnElement[bool]:
    return and_(version.state == VersionState.PUBLISHED, version.effective_on <= on)
