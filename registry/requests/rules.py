"""What the policies say about asking for an account and deciding on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from registry.core.rule import Condition, Rule
from registry.core.wording import long_day
from registry.vocabulary.permissions import Role

SEE_ALL = frozenset({Role.MANAGER, Role.COMMS, Role.MANAGEMENT_TEAM, Role.CLERK, Role.AUDITOR})
"""Whose hats open every request that was ever submitted; everybody else sees their own."""


@dataclass(frozen=True)
class Holder:
    """Somebody who wears the hat of a step today; a deputy's hat has a last day."""

    person_id: int
    name: str
    is_deputy: bool


def who_decides(role: Role, manager_id: int | None, asker_id: int, holders: Sequence[Holder]) -> tuple[Holder, ...]:
    """Whose turn a step is: anyone's who wears its hat; the senior manager's step belongs to the service area's own.

    Where the service area has no manager who can decide (none, not wearing the hat, or the one who asks), any
    senior manager may; a deputy always may (002 §6.3, §12.3).
    """
    if role is not Role.MANAGER:
        return tuple(holders)
    own = [holder for holder in holders if holder.person_id == manager_id and holder.person_id != asker_id]
    if not own:
        return tuple(holders)
    return tuple(holder for holder in holders if holder.person_id == manager_id or holder.is_deputy)


@dataclass(frozen=True)
class Turn:
    """How a person stands toward the step of a request that is to be decided."""

    office: str
    is_waiting: bool
    holds_step: bool
    is_asker: bool
    own_allowed: bool
    has_decided: bool
    twice_allowed: bool


WAITING = Condition(
    lambda turn, on: turn.is_waiting,
    otherwise="This request is not waiting for a decision.",
    clause="002 §16.1",
)
TURN = Condition(
    lambda turn, on: turn.holds_step | (not turn.is_waiting),
    otherwise=lambda turn, on: f"It is the turn of {turn.office}, and that is not a role you hold for this request.",
    clause="002 §6.3, §16.1; 003",
)
NOT_OWN = Condition(
    lambda turn, on: (not turn.is_asker) | turn.own_allowed,
    otherwise="Nobody decides on their own request.",
    clause="002 §6.3, §16.1; 003",
)
ONCE = Condition(
    lambda turn, on: (not turn.has_decided) | turn.twice_allowed,
    otherwise="You have decided an earlier step of this request, and nobody decides two steps.",
    clause="002 §16.1; 003",
)

MAY_DECIDE = Rule((WAITING, TURN, NOT_OWN, ONCE))
"""A person may decide the step of a request whose turn it is."""


def exception_used(turn: Turn, minute: str) -> str:
    """What the decision must say when it stands only by the council's recorded exception; empty otherwise."""
    grounds = ((turn.is_asker, "own request"), (turn.has_decided, "second step of the same request"))
    used = [words for is_so, words in grounds if is_so]
    return f"By exception ({minute}): {' and '.join(used)}."[:200] if used else ""


@dataclass(frozen=True)
class Asking:
    """Who acts on a request as the one who asks, and how much of it is still unanswered."""

    is_asker: bool
    unanswered: int = 0
    is_taken: bool = False


ASKER = Condition(
    lambda asking, on: asking.is_asker,
    otherwise="Only the person who asks can do this.",
    clause="002 §16.1",
)
COMPLETE = Condition(
    lambda asking, on: asking.unanswered == 0,
    otherwise=lambda asking, on: f"Answers still missing: {asking.unanswered}.",
    clause="002 §12.2, §12.3",
)
FREE = Condition(
    lambda asking, on: not asking.is_taken,
    otherwise="An account of this name is in the register already.",
    clause="002 §16.1",
)

MAY_CHANGE = Rule((ASKER,))
MAY_SUBMIT = Rule((ASKER, COMPLETE, FREE))


@dataclass(frozen=True)
class Proposal:
    """What the register knows about a request that its deciders should notice. Lists are sentences or names."""

    twin: str = ""
    rivals: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    closed_because: str = ""
    has_area: bool = True
    editors: int = 2
    unready: tuple[str, ...] = ()
    for_children: bool = False
    has_safeguarding: bool = True
    minimum_age: int = 0
    platform: str = ""
    mailbox_is_ours: bool = True
    ends_on: date = date.max
    is_viewers_own: bool = False


NEW_NAME = Condition(lambda p, on: p.twin == "", otherwise=lambda p, on: f"{p.twin}.", clause="002 §16.1")
NO_RIVAL = Condition(
    lambda p, on: p.rivals == (),
    otherwise=lambda p, on: f"Another open request asks for the same account: {', '.join(p.rivals)}.",
    clause="002 §16.1",
)
DISTINCT = Condition(
    lambda p, on: p.lookalikes == (),
    otherwise=lambda p, on: f"The name could be taken for an account the council has: {', '.join(p.lookalikes)}.",
    clause="002 §12.1, §16.1",
)
PLATFORM_OPEN = Condition(
    lambda p, on: p.closed_because == "", otherwise=lambda p, on: p.closed_because, clause="002 §19.1"
)
AREA_THERE = Condition(
    lambda p, on: p.has_area,
    otherwise="The service area has ended, so nobody would answer for the account.",
    clause="002 §16.2",
)
TWO_EDITORS = Condition(
    lambda p, on: p.editors >= 2,  # noqa: PLR2004 (the policy's own number)
    otherwise="Fewer than two editors are proposed; ideally there are two.",
    clause="002 §19.2",
)
EDITORS_READY = Condition(
    lambda p, on: p.unready == (),
    otherwise=lambda p, on: f"Not every proposed editor could be let in today. {' '.join(p.unready)}",
    clause="002 §19.2",
)
SAFEGUARDED = Condition(
    lambda p, on: (not p.for_children) | p.has_safeguarding,
    otherwise="Under-18s are addressed, and nothing is said about safeguarding.",
    clause="002 §12.8; 003",
)
OLD_ENOUGH = Condition(
    lambda p, on: (not p.for_children) | (p.minimum_age == 0),
    otherwise=lambda p, on: f"Under-18s are addressed, and {p.platform} is for people of {p.minimum_age} and over.",
    clause="002 §12.9",
)
COUNCIL_MAILBOX = Condition(
    lambda p, on: p.mailbox_is_ours,
    otherwise="The sign-in mailbox is not at an address the council is known by.",
    clause="002 §19.2",
)
STILL_AHEAD = Condition(
    lambda p, on: p.ends_on >= on,
    otherwise=lambda p, on: f"Its planned last day, {long_day(p.ends_on)}, is past.",
    clause="002 §12.5",
)
SOMEBODY_ELSES = Condition(
    lambda p, on: not p.is_viewers_own,
    otherwise="This is your own request.",
    clause="002 §6.3, §16.1; 003",
)

NOTICED = Rule(
    (
        NEW_NAME,
        NO_RIVAL,
        DISTINCT,
        PLATFORM_OPEN,
        AREA_THERE,
        TWO_EDITORS,
        EDITORS_READY,
        SAFEGUARDED,
        OLD_ENOUGH,
        COUNCIL_MAILBOX,
        STILL_AHEAD,
        SOMEBODY_ELSES,
    )
)
"""What the deciders are told first. It forbids nothing: they decide."""
