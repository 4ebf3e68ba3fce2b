"""How often an account is to be heard, and until when its silence is in order (002 §12.3, §15.1).

The days between posts are agreed in the request; where nothing was agreed the council's default holds. This is the
one place that says so: in Python for one account, in SQL for all of them. Pages, flags and the register ask here.
"""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from registry.accounts.models import Account, AccountState
from registry.core.clock import day_in
from registry.councils.models import Council

EXPECTED = (AccountState.LIVE,)
"""The states in which posts are expected: not before an account is live, nor while it is mothballed (002 §12.12)."""


def cadence_of(account: Account, council: Council) -> int:
    """The days between posts that this account is held to."""
    return account.cadence_days or council.default_cadence_days


def counted_from(account: Account, council: Council) -> date:
    """The day from which silence is counted: the last post; before the first, the day the account began."""
    began = account.live_on or account.authorised_on or day_in(council.time_zone, account.added_at)
    return account.last_posted_on or began


def cadence_column(accounts: Any = Account, councils: Any = Council) -> ColumnElement[int]:
    """`cadence_of` in SQL, over these tables, aliases or columns of the same names; never null."""
    return func.coalesce(accounts.cadence_days, councils.default_cadence_days)


def counted_from_column(accounts: Any = Account) -> ColumnElement[date]:
    """`counted_from` in SQL; never null."""
    added_on = func.date(accounts.added_at, type_=Date)
    return func.coalesce(accounts.last_posted_on, accounts.live_on, accounts.authorised_on, added_on, type_=Date)


def next_due_column(accounts: Any = Account, councils: Any = Council) -> ColumnElement[date]:
    """The last day by which the next post is in order; on the day after, the account is late."""
    return DaysAfter(counted_from_column(accounts), cadence_column(accounts, councils))


class DaysAfter(FunctionElement[date]):
    """A day so many days after another, both of them columns: the two databases count days differently."""

    name = "days_after"
    type = Date()
    inherit_cache = True


@compiles(DaysAfter)
def _by_addition(element: Any, compiler: Any, **keywords: Any) -> str:
    day, count = (compiler.process(clause, **keywords) for clause in element.clauses)
    return f"({day} + {count})"


@compiles(DaysAfter, "sqlite")
def _by_function(element: Any, compiler: Any, **keywords: Any) -> str:
    day, count = (compiler.process(clause, **keywords) for clause in element.clauses)
    return f"date({day}, {count} || ' days')"
