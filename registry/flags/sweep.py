"""The sweep: raise what is new, tell anew what changed, clear what healed, touch nothing else.

What only time makes due to be rotated is noticed here too, before the rules are asked, and what somebody has checked
out whose last day has passed is taken back.

It looks first, in a session that cannot write, for the councils in which anything differs; only those are put right,
each in its own piece of work with its own entries in the trail, so that one council's trouble stops no other.
A *day* is a day in the council's time zone. Two sweeps at once stand in line at the council's row: each finding is
raised, and entered, once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from sqlalchemy import Integer, Select, bindparam, insert, literal, select, update
from sqlalchemy.orm import Session

from registry.core.clock import day_in
from registry.core.failpoint import reached
from registry.core.house import House, Place
from registry.core.tenants import Beyond
from registry.core.work import Subject, Work
from registry.councils.models import Council
from registry.councils.queries import list_councils
from registry.custody.actions.holding import take_back_from_the_gone
from registry.custody.pending import kept_by_the_gone
from registry.flags.difference import FACTS, SUBJECT, Scope, difference, forgotten, named
from registry.flags.models import Flag
from registry.flags.rule import FlagRule
from registry.flags.rules import RULES
from registry.flags.tally import miscounted, recount
from registry.rotations.actions import notice
from registry.rotations.queries import unnoticed
from registry.vocabulary.events import Event

log = logging.getLogger("registry.flags")


@dataclass
class Settled:
    """What a sweep did in one council; rows as `difference.named` gives them."""

    council: Council
    raised: list[Any] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    cleared: list[Any] = field(default_factory=list)
    recounted: int = 0


@dataclass
class Swept:
    """What a sweep did: figures by council, for those where there was anything to do, and where it failed."""

    councils: dict[int, dict[str, int]] = field(default_factory=dict)
    failed: list[int] = field(default_factory=list)


def sweep(
    house: House,
    as_of: date | None = None,
    only: Place | None = None,
    each: Callable[[Settled], None] | None = None,
    rules: tuple[FlagRule, ...] = RULES,
) -> Swept:
    """Judge every council (or one) on its own day (or on the day given); `each` is told of every council put right."""
    swept = Swept()
    for council, on in _differing(house, as_of, only, rules):
        try:
            with house.work(None, council, "sweep") as work:
                settled = settle(work, council, on, rules)
        except Exception:
            log.exception("the sweep failed for council %s", council.id)
            swept.failed.append(council.id)
            continue
        swept.councils[council.id] = {
            "raised": len(settled.raised),
            "changed": len(settled.changed),
            "cleared": len(settled.cleared),
        }
        if each:
            each(settled)
    return swept


def _differing(
    house: House, as_of: date | None, only: Place | None, rules: tuple[FlagRule, ...]
) -> list[tuple[Council, date]]:
    council_id = only.id if only else None
    with house.reading(only or Beyond.KEEPER) as session:
        councils = [c for c in list_councils(session) if council_id in (None, c.id)]
        days = {zone: as_of or day_in(zone, house.clock.now()) for zone in {c.time_zone for c in councils}}
        found: set[int] = set()
        for on in set(days.values()):
            zones = [zone for zone, day in days.items() if day == on]
            found |= _restless(session, on, _where(zones, council_id), rules)
    return [(c, days[c.time_zone]) for c in councils if c.id in found]


def _where(zones: list[str], council_id: int | None) -> Scope:
    if council_id is not None:
        return one_council(council_id)
    theirs = select(Council.id).where(Council.time_zone.in_(zones))
    return lambda column: column.in_(theirs)


def one_council(council_id: int) -> Scope:
    """The scope of one council."""
    return lambda column: column == literal(council_id)


def _restless(session: Session, on: date, scope: Scope, rules: tuple[FlagRule, ...]) -> set[int]:
    by_time = (kept_by_the_gone(on, scope), unnoticed(on, scope))
    questions = [difference(rule, on, scope) for rule in rules]
    asked = (*by_time, *questions, forgotten(rules, scope), miscounted(on, scope))
    return {
        council_id
        for question in asked
        for council_id in session.scalars(select(question.subquery().c.council_id).distinct())
    }


def settle(work: Work, council: Council, on: date, rules: tuple[FlagRule, ...] = RULES) -> Settled:
    """Bring one council's flags to what they should be on a day, with an entry in the trail for each change."""
    session, scope, settled = work.session, one_council(council.id), Settled(council)
    take_back_from_the_gone(work)  # before the council's row: whoever gives something back waits for them in this order
    session.execute(select(Council.id).where(Council.id == council.id).with_for_update(key_share=True))
    notice(work, min(on, work.today))  # a look ahead leaves no task behind
    for rule in rules:
        for row in session.execute(_question(rule, on), {"council": council.id}):
            _kind_of(row, settled).append(row)
    settled.cleared.extend(session.execute(named(forgotten(rules, scope))))
    _raise(work, settled.raised)
    reached("mid_sweep")
    _refresh(work, settled.changed)
    _clear(work, settled.cleared)
    settled.recounted = recount(session, on, scope)
    return settled


@lru_cache(maxsize=64)
def _question(rule: FlagRule, on: date) -> Select[Any]:
    """A rule's difference in one council, put together once for all of them: that costs more than asking it."""
    return named(difference(rule, on, lambda column: column == bindparam("council", type_=Integer)))


def _kind_of(row: Any, settled: Settled) -> list[Any]:
    if row.is_gone:
        return settled.cleared
    return settled.raised if row.flag_id is None else settled.changed


def _raise(work: Work, rows: list[Any]) -> None:
    if not rows:
        return
    facts = [_facts(row) | _subject(row) | {"raised_at": work.now} for row in rows]
    work.session.execute(insert(Flag.__table__), facts)  # type: ignore[arg-type]
    for row in rows:
        _enter(work, Event.FLAG_RAISED, row)


def _refresh(work: Work, rows: list[Any]) -> None:
    """Tell anew. A finding that grew worse is loud again: what was acknowledged was the lesser one."""
    worse = [row for row in rows if row.severity > row.was]
    _update(work, [_facts(row) | {"flag": row.flag_id} for row in rows])
    _update(work, [{"flag": row.flag_id, "acknowledged_until": None} for row in worse])
    for row in rows:
        _enter(work, Event.FLAG_RAISED, row, again=True)


def _clear(work: Work, rows: list[Any]) -> None:
    _update(work, [{"flag": row.flag_id, "cleared_at": work.now} for row in rows])
    for row in rows:
        _enter(work, Event.FLAG_CLEARED, row)


def _update(work: Work, rows: list[dict[str, Any]]) -> None:
    if rows:
        flags = Flag.__table__
        work.session.execute(update(flags).where(flags.c.id == bindparam("flag")), rows)  # type: ignore[arg-type]


def _facts(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FACTS}


def _subject(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("rule", *SUBJECT)}


def _enter(work: Work, happened: Event, row: Any, **more: Any) -> None:
    message = normalize("NFC", f"{row.account_name}: {row.message}" if row.account_name else row.message)
    subject = Subject(row.subject_kind, row.subject_id, row.account_id)
    work.record(happened, subject, message=message, rule=row.rule, severity=row.severity, since=row.since_on, **more)
