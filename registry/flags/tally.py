"""The figures on each account that let the register's list show and sort by flags without looking at them."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from registry.accounts.models import Account
from registry.flags.difference import Scope
from registry.flags.models import Flag


def is_quiet(on: date) -> ColumnElement[bool]:
    """Acknowledged until this day or a later one; null where it never was."""
    return and_(Flag.acknowledged_until.is_not(None), Flag.acknowledged_until >= on)


def is_loud(on: date) -> ColumnElement[bool]:
    """Open and asking for attention: an acknowledged flag does not, until its day has passed."""
    return and_(Flag.cleared_at.is_(None), or_(Flag.acknowledged_until.is_(None), Flag.acknowledged_until < on))


def miscounted(on: date, scope: Scope) -> Select[int, int, int, int]:
    """Accounts whose figures are not those of their loud flags, with the figures that would be right."""
    counted = (
        select(Flag.council_id, Flag.account_id, func.count().label("flags"), func.max(Flag.severity).label("worst"))
        .where(is_loud(on), Flag.account_id.is_not(None), scope(Flag.council_id))
        .group_by(Flag.council_id, Flag.account_id)
        .subquery("counted")
    )
    flags, worst = func.coalesce(counted.c.flags, 0), func.coalesce(counted.c.worst, 0)
    return (
        select(Account.council_id, Account.id, flags.label("flags"), worst.label("worst"))
        .outerjoin(counted, and_(counted.c.council_id == Account.council_id, counted.c.account_id == Account.id))
        .where(scope(Account.council_id), or_(Account.open_flags != flags, Account.worst_flag != worst))
    )


def recount(session: Session, on: date, scope: Scope) -> int:
    """Put those figures right, and no others; tells on how many accounts.

    They follow from the flags, whose every change is in the trail, so they pass by its watch; and they leave the
    account's version alone, so that nobody who is editing it is told that somebody else changed it. The flags are
    counted once for all accounts: counting them for each makes a first sweep grow with the square of the register.
    """
    accounts, right = Account.__table__, miscounted(on, scope).subquery("right_figures")
    changed: CursorResult[Any] = session.connection().execute(
        update(accounts)  # type: ignore[arg-type]
        .where(accounts.c.id == right.c.id)
        .values(open_flags=right.c.flags, worst_flag=right.c.worst)
    )
    return changed.rowcount
