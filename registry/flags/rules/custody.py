"""Credentials that should be in custody, and what should not be left as it is there."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Select, and_, case, func, literal, select

from registry.accounts.models import IN_USE, Account, AccountState
from registry.accounts.platforms import BY_ROLES
from registry.activity.cadence import DaysAfter, counted_from_column
from registry.core.clock import start_of
from registry.custody.ledger import LOW
from registry.custody.models import Credential, SecretVersion
from registry.custody.models_looking import BreakGlass, CheckOut
from registry.custody.models_recovery import CodeTaken, RecoveryDetail
from registry.custody.queries import has_credential, is_current
from registry.flags.rule import FIRST_SEEN, Severity, Tell, about_account, finding, flag
from registry.identity.models import Employment
from registry.identity.queries import in_force

TIME_TO_DEPOSIT = timedelta(days=7)


@flag(
    Severity.WARNING,
    clause="002 §19.2",
    message="Nothing that opens it is in custody.",
    tell=(Tell.EDITORS, Tell.RESPONSIBLE, Tell.COMMS),
    mend=("custody.account", "Deposit the credentials"),
)
def no_credential_in_custody(on: date) -> Select[Any]:
    """A live account, or one authorised more than 7 days ago, has no credential in custody.

    What opens it is then known only to whoever set it up. Accounts on platforms where people hold roles with
    their own logins have no password of their own and are left out.
    """
    live = Account.state == AccountState.LIVE
    authorised = func.coalesce(Account.authorised_on, counted_from_column(), type_=Date)
    since = case((live, func.coalesce(Account.live_on, authorised, type_=Date)), else_=authorised)
    allowed_until = case((live, since <= on), else_=authorised < on - TIME_TO_DEPOSIT)
    return about_account(since).where(
        Account.state.in_((AccountState.AUTHORISED, AccountState.LIVE)),
        Account.platform.not_in(BY_ROLES),
        allowed_until,
        ~has_credential(),
    )


OVERSEERS = (Tell.RESPONSIBLE, Tell.COMMS, Tell.CLERK)


@flag(
    Severity.WARNING,
    clause="004 §6.5",
    message="{left} of its recovery codes are left.",
    tell=(Tell.EDITORS, *OVERSEERS),
    mend=("custody.account", "Make new codes on the platform and replace the list"),
)
def recovery_codes_low(_on: date) -> Select[Any]:
    """Two recovery codes or fewer are left of a list in custody; it is a breach when none is.

    Whoever loses the second step then has no way back into the account. Lists kept before codes were counted are
    left out until they are replaced.
    """
    taken = (
        select(func.count())
        .select_from(CodeTaken)
        .where(CodeTaken.council_id == SecretVersion.council_id, CodeTaken.secret_version_id == SecretVersion.id)
        .correlate(SecretVersion)
        .scalar_subquery()
    )
    left = SecretVersion.items - taken
    severity = case((left > 0, int(Severity.WARNING)), else_=int(Severity.BREACH))
    counted = _of_credential(left=left, severity=severity).join(SecretVersion, is_current(SecretVersion))
    return counted.where(left <= LOW)


@flag(
    Severity.WARNING,
    clause="004 §6.5",
    message="Its password was changed, and nobody has looked whether its recovery codes still hold.",
    tell=(Tell.EDITORS, *OVERSEERS),
    mend=("custody.account", "Look on the platform; replace the codes, or say that they hold"),
)
def recovery_codes_doubted(on: date) -> Select[Any]:
    """Many platforms forget their recovery codes when the password changes, and custody would keep void ones."""
    return _of_credential(func.date(Credential.doubted_at, type_=Date)).where(
        Credential.doubted_at.is_not(None), Credential.doubted_at < start_of(on)
    )


@flag(
    Severity.WARNING,
    clause="002 §19.2",
    message="The glass was broken to see what is in its custody, and the review was due on {due_on}.",
    tell=(Tell.MANAGER, Tell.COMMS, Tell.CLERK),
    mend=("custody.waiting", "Review it, as somebody else than who broke it"),
)
def break_glass_unreviewed(on: date) -> Select[Any]:
    """Somebody looked at once where a second person should have agreed, and by the next working day nobody else has
    said whether it was needed."""
    return finding(
        "BreakGlass",
        BreakGlass.council_id,
        BreakGlass.id,
        DaysAfter(BreakGlass.due_on, literal(1)),
        account_id=BreakGlass.account_id,
        due_on=BreakGlass.due_on,
    ).where(BreakGlass.reviewed_at.is_(None), BreakGlass.due_on < on)


@flag(
    Severity.WARNING,
    clause="002 §19.2",
    message="A credential of it is checked out and was to be given back.",
    tell=(Tell.PERSON, *OVERSEERS),
    mend=("custody.account", "Give it back, or take it back"),
)
def check_out_overdue(on: date) -> Select[Any]:
    """Somebody has a credential to themselves longer than they said; nobody else can use it meanwhile."""
    late = finding(
        "CheckOut",
        CheckOut.council_id,
        CheckOut.id,
        func.date(CheckOut.due_at, type_=Date),
        account_id=CheckOut.account_id,
        person_id=CheckOut.person_id,
    )
    of_it = and_(Credential.council_id == CheckOut.council_id, Credential.id == CheckOut.credential_id)
    return late.join(Credential, of_it).where(
        CheckOut.ended_at.is_(None), CheckOut.due_at < start_of(on), Credential.destroyed_at.is_(None)
    )


@flag(
    Severity.WARNING,
    clause="002 §19.2",
    message="Somebody who left still holds a way back into it.",
    tell=(Tell.EDITORS, *OVERSEERS),
    mend=("custody.account", "Change it on the platform, then who holds it"),
)
def recovery_holder_left(on: date) -> Select[Any]:
    """A recovery address, number, card or device is with somebody who no longer works for the council."""
    works = select(Employment.person_id).where(
        Employment.council_id == RecoveryDetail.council_id,
        Employment.person_id == RecoveryDetail.holder_id,
        in_force(Employment.starts_on, Employment.ends_on, on),
    )
    return (
        finding(
            "RecoveryDetail",
            RecoveryDetail.council_id,
            RecoveryDetail.id,
            account_id=RecoveryDetail.account_id,
            person_id=RecoveryDetail.holder_id,
        )
        .join(Account, and_(Account.council_id == RecoveryDetail.council_id, Account.id == RecoveryDetail.account_id))
        .where(
            RecoveryDetail.removed_at.is_(None),
            RecoveryDetail.holder_id.is_not(None),
            Account.state.in_(IN_USE),
            ~works.correlate(RecoveryDetail).exists(),
        )
    )


def _of_credential(since_on: Any = FIRST_SEEN, **told: Any) -> Select[Any]:
    """Credentials that are not destroyed, of accounts in use."""
    answer = finding(
        "Credential", Credential.council_id, Credential.id, since_on, account_id=Credential.account_id, **told
    )
    of_it = and_(Account.council_id == Credential.council_id, Account.id == Credential.account_id)
    return answer.join(Account, of_it).where(Credential.destroyed_at.is_(None), Account.state.in_(IN_USE))
