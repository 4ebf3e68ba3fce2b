"""Every notice is written once, every finding stands open once."""

from collections.abc import Iterable

from sqlalchemy import func, select

from registry.flags.models import Flag
from registry.outbox.models import Message
from registry.upkeep.invariant import Look, Wrong, found, invariant


@invariant("I7", "No notice is written twice.")
def every_notice_once(look: Look) -> Iterable[Wrong]:
    """Messages that share what makes a notice one."""
    query = select(func.min(Message.id).label("id"), func.min(Message.council_id).label("council_id"))
    twice = query.group_by(Message.dedupe).having(func.count() > 1)
    return found(look, twice, "message", "is written more than once")


@invariant("I8", "A finding about a thing stands open once.")
def every_flag_once(look: Look) -> Iterable[Wrong]:
    """Open flags of one rule about one subject."""
    query = select(func.min(Flag.id).label("id"), Flag.council_id, Flag.rule).where(Flag.cleared_at.is_(None))
    twice = query.group_by(Flag.council_id, Flag.rule, Flag.subject_kind, Flag.subject_id).having(func.count() > 1)
    return found(look, twice, "flag", "({rule}) stands open more than once about one thing")
