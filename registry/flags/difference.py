"""Where the flags that are open and those that should be do not agree: one statement a rule, however many rows.

Nothing here writes. A register in which nothing changed answers with no row at all, so a second sweep finds nothing
to do and takes no lock.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Date, Select, and_, func, literal, or_, select

from registry.accounts.models import Account
from registry.flags.models import Flag
from registry.flags.rule import FlagRule

Scope = Callable[[Any], ColumnElement[bool]]
"""Which councils are looked at: a condition on a column that holds a council's number."""

SUBJECT = ("council_id", "subject_kind", "subject_id")
FACTS = ("account_id", "person_id", "severity", "message", "since_on")


def difference(rule: FlagRule, on: date, scope: Scope) -> CompoundSelect[Any]:
    """What must be raised (no `flag_id`), told anew (a `flag_id`), or cleared (`is_gone`) for a rule."""
    asked = rule.wanted(on)
    wanted = asked.where(scope(asked.selected_columns.council_id)).cte("wanted")
    return _to_raise_or_refresh(rule, on, wanted).union_all(_to_clear(rule, wanted, scope))


def _to_raise_or_refresh(rule: FlagRule, on: date, wanted: Any) -> Select[Any]:
    since = func.coalesce(wanted.c.since_on, Flag.since_on, literal(on), type_=Date)
    facts = {**{name: wanted.c[name] for name in FACTS}, "since_on": since}
    differs = or_(Flag.id.is_(None), *(getattr(Flag, name).is_distinct_from(facts[name]) for name in FACTS))
    return (
        select(
            literal(rule.name).label("rule"),
            Flag.id.label("flag_id"),
            literal(0).label("is_gone"),
            Flag.severity.label("was"),
            *(wanted.c[name] for name in SUBJECT),
            *(column.label(name) for name, column in facts.items()),
        )
        .select_from(wanted)
        .outerjoin(Flag, and_(_is_open(rule), *(getattr(Flag, name) == wanted.c[name] for name in SUBJECT)))
        .where(differs)
    )


def _to_clear(rule: FlagRule, wanted: Any, scope: Scope) -> Select[Any]:
    same = and_(*(getattr(Flag, name) == wanted.c[name] for name in SUBJECT))
    healed = _standing().outerjoin(wanted, same)
    return healed.where(_is_open(rule), scope(Flag.council_id), wanted.c.subject_id.is_(None))


def forgotten(rules: Iterable[FlagRule], scope: Scope) -> Select[Any]:
    """Open flags of rules that the register no longer has."""
    known = [rule.name for rule in rules]
    return _standing().where(Flag.cleared_at.is_(None), Flag.rule.not_in(known), scope(Flag.council_id))


def _standing() -> Select[Any]:
    return select(
        Flag.rule,
        Flag.id.label("flag_id"),
        literal(1).label("is_gone"),
        Flag.severity.label("was"),
        *(getattr(Flag, name) for name in (*SUBJECT, *FACTS)),
    )


def _is_open(rule: FlagRule) -> ColumnElement[bool]:
    return and_(Flag.rule == rule.name, Flag.cleared_at.is_(None))


def named(differing: Any) -> Select[Any]:
    """The same rows with the account's name, platform and handle, for the trail and for people."""
    rows = differing.subquery("differing")
    return select(rows, Account.name.label("account_name"), Account.platform, Account.handle).outerjoin(
        Account, and_(Account.council_id == rows.c.council_id, Account.id == rows.c.account_id)
    )
