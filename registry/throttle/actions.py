"""Taking a place in every lane before an attempt, and giving it back when it was no guess.

The place is taken first, in a transaction of its own, and only then is anything compared: of any number who
try at once, no more than the lane holds are ever compared (TRUST §5; Cyber Essentials: ten in five minutes).
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, func, insert, select

from registry.core.errors import Throttled
from registry.core.work import Work
from registry.throttle.lanes import Lane
from registry.throttle.models import Attempt
from registry.vocabulary.events import Event


def reserve(work: Work, what: str, lanes: Iterable[Lane]) -> list[int]:
    """Take a place in all of these lanes, or in none and say how long to wait; gives the numbers of the places.

    Whoever takes the last place of a lane is entered in the trail: once, however many knock afterwards.
    """
    taken = sorted(lanes, key=lambda lane: lane.lock)  # always in one order, so that no two wait for one another
    _one_at_a_time(work, taken)
    counts = {lane: _count(work, lane) for lane in taken}
    waits = [_wait(work, lane) for lane, count in counts.items() if count >= lane.most]
    if waits:
        raise Throttled(max(waits))
    for lane, count in counts.items():
        if count == lane.most - 1:
            minutes = int(lane.within.total_seconds() // 60)
            work.record(Event.LANE_FULL, what=what, lane=lane.name, most=lane.most, minutes=minutes)
    places = [{"lane": lane.key, "at": work.now} for lane in taken]
    return list(work.session.scalars(insert(Attempt).returning(Attempt.id), places))


def free(work: Work, places: list[int]) -> None:
    """Give places back: the attempt was right, so it was no guess."""
    work.session.execute(delete(Attempt).where(Attempt.id.in_(places)))


def _one_at_a_time(work: Work, lanes: list[Lane]) -> None:
    """SQLite has one writer in any case; PostgreSQL is asked to let one into each lane until this work ends."""
    if work.session.get_bind().dialect.name == "postgresql":
        for lane in lanes:
            work.session.execute(select(func.pg_advisory_xact_lock(lane.lock)))


def _count(work: Work, lane: Lane) -> int:
    lately = select(func.count()).where(Attempt.lane == lane.key, Attempt.at > work.now - lane.within)
    return work.session.scalar(lately) or 0


def _wait(work: Work, lane: Lane) -> timedelta:
    """How long until the oldest of those that fill the lane no longer counts."""
    filling = select(Attempt.at).where(Attempt.lane == lane.key, Attempt.at > work.now - lane.within)
    oldest = work.session.scalars(filling.order_by(Attempt.at.desc()).offset(lane.most - 1).limit(1)).one()
    return oldest + lane.within - work.now
