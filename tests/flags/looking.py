"""Looking at what the sweep left, for the tests of this room."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from registry.flags.models import Flag
from registry.flags.rules import BY_NAME
from registry.flags.sweep import sweep
from registry.vocabulary.events import Event
from tests.world import World


def open_flags(world: World, rule: str) -> list[Flag]:
    """The open flags of a rule in the world's council."""
    with world.house.reading() as session:
        query = sa.select(Flag).where(Flag.council_id == world.council.id, Flag.cleared_at.is_(None), Flag.rule == rule)
        return list(session.scalars(query.order_by(Flag.id)))


def found(world: World, rule: str, on: date | None = None) -> list[Flag]:
    """The open flags of a rule after a sweep for it alone on a day."""
    assert not sweep(world.house, as_of=on, rules=(BY_NAME[rule],)).failed
    return open_flags(world, rule)


def begins(world: World, rule: str, on: date) -> Flag:
    """Assert that the rule is silent the day before and finds one thing on the day; gives the flag."""
    assert not found(world, rule, on - timedelta(days=1))
    flags = found(world, rule, on)
    assert len(flags) == 1
    return flags[0]


def change(world: World, row: Any, **facts: Any) -> None:
    """Change a row as it is, with an entry in the trail."""
    with world.work() as work:
        fresh = work.session.get_one(type(row), row.id)
        for name, value in facts.items():
            setattr(fresh, name, value)
        work.record(Event.DEMO_MADE)
