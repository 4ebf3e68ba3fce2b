"""Values in custody that must change: known to somebody they are not safe with, weak, or used twice."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Select, case, func, literal, select
from sqlalchemy.orm import aliased

from registry.accounts.models import IN_USE, Account
from registry.activity.cadence import DaysAfter
from registry.custody.models import Credential, SecretVersion
from registry.custody.queries import is_current
from registry.custody.wording import KINDS
from registry.flags.rule import Severity, Tell, finding, flag
from registry.rotations.models import Rotation
from registry.rotations.queries import in_force_value, is_changed, still_open

TIME_TO_ROTATE, TIME_TO_FINISH = timedelta(days=7), timedelta(days=7)
TELL = (Tell.EDITORS, Tell.RESPONSIBLE, Tell.COMMS, Tell.CLERK)
MEND = ("rotations.rotation", "Rotate this credential")
REPLACE = ("custody.account", "Replace the credential")
WHAT = case(KINDS, value=Credential.kind)


@flag(
    Severity.WARNING,
    clause="002 §19.2, §11.4",
    message="Its {what} must be rotated: somebody knows it with whom it is not safe any more.",
    tell=TELL,
    mend=MEND,
)
def rotation_due(on: date) -> Select[Any]:
    """Somebody who knows a value in force is not eligible for it any more, lost a device, or was given it for one
    occasion; its own page says who and why. Only another value mends that. After 7 days without one it is a breach.
    """
    late = Rotation.since_on <= on - TIME_TO_ROTATE
    severity = case((late, int(Severity.BREACH)), else_=int(Severity.WARNING))
    return _tasks(Rotation.since_on, what=WHAT, severity=severity).where(~is_changed(), Rotation.since_on <= on)


@flag(
    Severity.WARNING,
    clause="004 §6.5",
    message="The value of its {what} was changed on {changed_on}, but the checklist of the rotation is not done.",
    tell=TELL,
    mend=MEND,
)
def rotation_unfinished(on: date) -> Select[Any]:
    """A value was rotated more than 7 days ago, and nobody has ticked that other sessions are signed out, unknown
    apps and administrators removed and the recovery details checked: whoever was inside may be inside still.
    """
    changed_on = func.date(Credential.changed_at, type_=Date)
    since = DaysAfter(changed_on, literal(TIME_TO_FINISH.days + 1))
    return _tasks(since, what=WHAT, changed_on=changed_on).where(is_changed(), changed_on < on - TIME_TO_FINISH)


def _tasks(since: Any, **told: Any) -> Select[Any]:
    return (
        finding("Rotation", Rotation.council_id, Rotation.id, since, account_id=Rotation.account_id, **told)
        .join(Credential, Credential.id == Rotation.credential_id)
        .join(SecretVersion, SecretVersion.id == Rotation.secret_version_id)
        .join(Account, Account.id == Rotation.account_id)
        .where(*still_open(), Account.state.in_(IN_USE))
    )


@flag(
    Severity.WARNING,
    clause="004 §6.5",
    message="Its {what} is easy to guess.",
    tell=TELL,
    mend=REPLACE,
)
def credential_weak(on: date) -> Select[Any]:
    """A value in force was weak when it was deposited: short, common, repetitive, or little more than a name."""
    return _values(on).where(SecretVersion.weaknesses != "")


@flag(
    Severity.WARNING,
    clause="004 §6.5",
    message="The value of its {what} is in force for something else too.",
    tell=TELL,
    mend=REPLACE,
)
def credential_reused(on: date) -> Select[Any]:
    """The same value is in force for another credential of the council: whoever learns one knows both."""
    twin, of_twin = aliased(Credential), aliased(SecretVersion)
    same = (
        select(twin.id)
        .join(of_twin, is_current(of_twin, twin))
        .where(
            of_twin.council_id == SecretVersion.council_id,
            of_twin.fingerprint == SecretVersion.fingerprint,
            twin.id != Credential.id,
            twin.destroyed_at.is_(None),
        )
    )
    return _values(on).where(same.correlate(SecretVersion, Credential).exists())


def _values(on: date) -> Select[Any]:
    since = func.date(SecretVersion.deposited_at, type_=Date)
    told = finding(
        "Credential", Credential.council_id, Credential.id, since, account_id=Credential.account_id, what=WHAT
    )
    held = told.join(SecretVersion, in_force_value()).join(Account, Account.id == Credential.account_id)
    return held.where(Account.state.in_(IN_USE), since <= on)
