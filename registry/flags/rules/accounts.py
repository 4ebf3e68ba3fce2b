"""Accounts that nobody uses, or that should have ended."""

from datetime import date
from typing import Any

from sqlalchemy import Date, Select, and_, case, func, literal, or_

from registry.accounts.models import ENDED, Account, AccountState
from registry.activity.cadence import EXPECTED, DaysAfter, cadence_column, counted_from_column, next_due_column
from registry.councils.models import Council
from registry.flags.rule import Severity, Tell, about_account, flag

ONE = literal(1)


@flag(
    Severity.WARNING,
    clause="002 §12.12, §15.1",
    message="Nothing has been posted since {heard_on}; agreed is a post at least every {cadence} days.",
    tell=(Tell.EDITORS, Tell.RESPONSIBLE, Tell.MANAGER, Tell.COMMS),
    mend=("activity.account", "Record a post, or decide how the account ends"),
)
def neglected(on: date) -> Select[Any]:
    """A live account on which nothing was posted for the agreed number of days and the same again is neglected.

    After four times the agreed days it is a breach. An account that is being closed, or rests mothballed, is not
    expected to post.
    """
    cadence, late_on = cadence_column(), next_due_column()
    neglected_on = DaysAfter(late_on, cadence)
    breach_on = DaysAfter(DaysAfter(neglected_on, cadence), cadence)
    severity = case((breach_on < on, int(Severity.BREACH)), else_=int(Severity.WARNING))
    since = DaysAfter(neglected_on, ONE)
    answer = about_account(since, heard_on=counted_from_column(), cadence=cadence, severity=severity)
    return answer.join(Council, Council.id == Account.council_id).where(
        Account.state.in_(EXPECTED), Account.under_closure.is_(False), neglected_on < on
    )


@flag(
    Severity.WARNING,
    clause="002 §19.1, §12.5",
    message="It was planned to end on {ended_on}, and nothing has been decided since.",
    tell=(Tell.RESPONSIBLE, Tell.MANAGER, Tell.COMMS),
    mend=("closures.start", "Close, mothball or hand over the account"),
)
def trial_or_planned_end_passed(on: date) -> Select[Any]:
    """An account set up on trial, or for a time, outlives it: it is to be ended, or given a new end.

    Users should not get the impression that a site will have a longer life than is planned. A closure that is
    being worked through answers this.
    """
    trial, planned = Account.trial_ends_on, Account.planned_end_on
    end = case((and_(trial < on, or_(planned.is_(None), planned >= trial)), trial), else_=planned)
    return about_account(DaysAfter(end, ONE), ended_on=end).where(
        Account.state.in_((AccountState.AUTHORISED, AccountState.LIVE)),
        Account.under_closure.is_(False),
        or_(trial < on, planned < on),
    )


@flag(
    Severity.WARNING,
    clause="002 §12.12",
    message="It is mothballed, and the day to look at it again was {review_on}.",
    tell=(Tell.RESPONSIBLE, Tell.COMMS),
    mend=("register.account", "Decide again: wake it, keep it resting, or close it"),
)
def mothball_review_passed(on: date) -> Select[Any]:
    """A mothballed account is decided on again within 12 months, so that resting does not become neglect."""
    review = func.coalesce(
        Account.mothball_review_on, Account.live_on, func.date(Account.added_at, type_=Date), type_=Date
    )
    return about_account(DaysAfter(review, ONE), review_on=review).where(
        Account.state == AccountState.MOTHBALLED, Account.under_closure.is_(False), review < on
    )


@flag(
    Severity.WARNING,
    clause="002 §12.12",
    message="It ended on {ended_on} and still shows the council’s branding.",
    tell=(Tell.RESPONSIBLE, Tell.COMMS),
    mend=("accounts.change", "Remove the branding, then record that it is gone"),
)
def closed_but_branded(on: date) -> Select[Any]:
    """An account that is closed or handed over must not go on under the council’s name, logo or crest."""
    return about_account(DaysAfter(Account.ended_on, ONE), ended_on=Account.ended_on).where(
        Account.state.in_(ENDED), Account.branded, Account.ended_on < on
    )
