"""When a value is safe with somebody who knows it, and when its rotation is finished (002 §19.2, §11.4; 004 §6.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from registry.core.rule import Condition, Rule
from registry.core.wording import long_day
from registry.editors.rules import NAMED, SIGNED
from registry.rotations.models import Cause, Item

TIME_TO_RENEW = timedelta(days=14)
"""After training lapses nothing opens; only when it is not renewed by then must what was seen change, too. The days of
grace for signing are the policy's own."""

DAY = timedelta(days=1)


def _here(facts: Any, _on: date) -> str:
    return f"left on {long_day(facts.ends_on)}"


def _trained(facts: Any, _on: date) -> str:
    if facts.trained_until == date.min:
        return "has no confirmed editor training any more"
    return f"has not renewed the editor training that lapsed on {long_day(facts.trained_until)}"


HERE = Condition(lambda k, on: k.is_here, otherwise=_here, clause="002 §2.1")
AT_WORK = Condition(
    lambda k, on: k.is_at_work,
    otherwise=lambda k, on: f"is kept from the accounts since {long_day(k.suspended_on)}",
    clause="002 §17.6",
)
ENTITLED = Condition(
    NAMED.test,
    otherwise="is no longer an editor for this service area",
    clause="002 §19.2",
)
TRAINED = Condition(lambda k, on: k.trained_until >= on - TIME_TO_RENEW, otherwise=_trained, clause="002 §19.2, §11.4")
SIGNED_UP = Condition(
    SIGNED.test,
    otherwise="has not signed the policy in force within the days of grace",
    clause="002 §19.2; 004 §10.1",
)
DEVICE_KEPT = Condition(
    lambda k, on: k.keeps_devices,
    otherwise=lambda k, on: f"lost a device, as reported on {long_day(k.lost_on)}",
    clause="004 §6.5",
)
LASTING = Condition(
    lambda k, on: k.is_lasting,
    otherwise="was given it for one occasion only, which is over",
    clause="004 §6.5",
)

# Others read these too: a suspension is nobody's business but that nothing may open.
# Each sentence goes on from the person's name: names can be erased from the trail, so they never stand inside one.

SAFE_WITH = Rule((HERE, AT_WORK, ENTITLED, TRAINED, SIGNED_UP, DEVICE_KEPT, LASTING))
"""A value in force is safe with somebody who knows it: they could be given it today, and nobody else got hold of it."""


def _after(day: date | None, on: date) -> date:
    return day + DAY if day is not None and date.min < day < date.max else on


CAUSES: dict[Condition, tuple[Cause, Callable[[Any, date], date]]] = {
    HERE: (Cause.LEFT, lambda k, on: _after(k.ends_on, on)),
    AT_WORK: (Cause.SUSPENDED, lambda k, on: k.suspended_on),
    ENTITLED: (Cause.NOT_NAMED, lambda k, on: _after(k.named_until, on)),
    TRAINED: (
        Cause.UNTRAINED,
        lambda k, on: on if k.trained_until == date.min else _after(k.trained_until + TIME_TO_RENEW, on),
    ),
    SIGNED_UP: (Cause.UNSIGNED, lambda k, on: _after(k.signed_until, on)),
    DEVICE_KEPT: (Cause.DEVICE_LOST, lambda k, on: k.lost_on),
    LASTING: (Cause.USED_UP, lambda k, on: k.last_on),
}
"""Each way in which a value ceases to be safe, and the first day on which it was so."""


@dataclass(frozen=True)
class Progress:
    """How far a rotation is: whether another value is in custody, and which items are ticked."""

    is_changed: bool
    ticked: frozenset[Item]


CHANGED = Condition(
    lambda p, on: p.is_changed,
    otherwise="The value is still the one that became due. Change it on the platform and keep the new one first.",
    clause="002 §19.2",
)


def _is_ticked(item: Item, otherwise: str) -> Condition:
    return Condition(lambda p, on: item in p.ticked, otherwise, "004 §6.5")


MAY_BE_TICKED = Rule((CHANGED,))
"""Whoever is signed out before the value changed signs in again with the old one."""

MAY_BE_CLOSED = Rule(
    (
        CHANGED,
        _is_ticked(Item.SESSIONS, "Nobody has ticked that other sessions are signed out."),
        _is_ticked(Item.STRANGERS, "Nobody has ticked that unknown apps and administrators are removed."),
        _is_ticked(Item.RECOVERY, "Nobody has ticked that the recovery details are checked."),
    )
)
"""A rotation is finished when the value is another and nobody is left inside by another way."""
