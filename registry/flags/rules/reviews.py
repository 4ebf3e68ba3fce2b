"""Security-settings reviews and what they asked for."""

from datetime import date
from typing import Any

from sqlalchemy import Date, Select, and_, func, literal

from registry.accounts.models import IN_USE, Account, AccountState
from registry.activity.cadence import DaysAfter, counted_from_column
from registry.flags.rule import Severity, Tell, about_account, finding, flag
from registry.reviews.models import ReviewAction
from registry.reviews.queries import SOON

TELL = (Tell.RESPONSIBLE, Tell.COMMS, Tell.CLERK)
MEND = ("reviews.account", "Review the security settings")


@flag(
    Severity.NOTICE,
    clause="004 §6.5",
    message="Its security settings are due for review on {due_on}.",
    tell=TELL,
    mend=MEND,
)
def review_due_soon(on: date) -> Select[Any]:
    """The security settings of a live account are due for review within 14 days."""
    due = Account.next_review_on
    return about_account(DaysAfter(due, literal(-SOON.days)), due_on=due).where(_reviewed(), due.between(on, on + SOON))


@flag(
    Severity.WARNING,
    clause="004 §6.5",
    message="Its security settings were due for review on {due_on}.",
    tell=TELL,
    mend=MEND,
)
def review_overdue(on: date) -> Select[Any]:
    """The day to review the security settings of a live account has passed. How often depends on its risk."""
    due = Account.next_review_on
    return about_account(DaysAfter(due, literal(1)), due_on=due).where(_reviewed(), due < on)


@flag(
    Severity.WARNING,
    clause="004 §6.5",
    message="It is live, and its security settings have never been reviewed.",
    tell=TELL,
    mend=MEND,
)
def never_reviewed(on: date) -> Select[Any]:
    """A live account’s security settings were never reviewed, and no day is set on which they will be."""
    since = func.coalesce(Account.live_on, counted_from_column(), type_=Date)
    return about_account(since).where(
        _reviewed(), Account.next_review_on.is_(None), Account.last_reviewed_on.is_(None), since <= on
    )


def _reviewed() -> Any:
    return and_(Account.state == AccountState.LIVE, Account.under_closure.is_(False))


@flag(
    Severity.WARNING,
    clause="004 §6.5",
    message="An action of its security review was due on {due_on}: {what}",
    tell=(Tell.PERSON, Tell.RESPONSIBLE, Tell.COMMS),
    mend=("reviews.account", "Finish the review’s actions"),
)
def review_action_overdue(on: date) -> Select[Any]:
    """What a security review asked for was not done by the day agreed."""
    return (
        finding(
            "ReviewAction",
            ReviewAction.council_id,
            ReviewAction.id,
            DaysAfter(ReviewAction.due_on, literal(1)),
            account_id=ReviewAction.account_id,
            person_id=ReviewAction.owner_id,
            due_on=ReviewAction.due_on,
            what=ReviewAction.what,
        )
        .join(Account, and_(Account.council_id == ReviewAction.council_id, Account.id == ReviewAction.account_id))
        .where(ReviewAction.done_on.is_(None), ReviewAction.due_on < on, Account.state.in_(IN_USE))
    )
