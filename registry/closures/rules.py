"""What the policy asks of an account's end, so that it is not left branded but neglected (002 §12.5, §12.12)."""

from dataclasses import dataclass
from datetime import date, timedelta

from registry.accounts.lifecycle import ACCOUNT
from registry.accounts.models import AccountState
from registry.closures.tasks import Ending
from registry.core.clock import year_after
from registry.core.rule import Condition, Rule
from registry.core.wording import long_day
from registry.editors.rules import EMPLOYED

USUAL_NOTICE = timedelta(days=28)
"""Followers are told four weeks ahead, so an account's last day is usually that far away."""


_ENDED_SO = {Ending.CLOSE: "closed", Ending.MOTHBALL: "mothballed", Ending.HAND_OVER: "handed over"}


@dataclass(frozen=True)
class Beginning:
    """An account that somebody would end: where it stands and how it is to end."""

    state: AccountState
    ending: Ending


def _cannot_end_so(beginning: Beginning, _on: date) -> str:
    state = beginning.state.value.replace("_", " ")
    return f"The account is {state}, so it cannot be {_ENDED_SO[beginning.ending]}."


CAN_END_SO = Condition(
    lambda b, on: ACCOUNT.allows(b.state, b.ending.value), otherwise=_cannot_end_so, clause="002 §12.5, §12.12"
)

MAY_BEGIN = Rule((CAN_END_SO,))
"""An account in use may be closed or handed over; one that is not mothballed yet may be mothballed."""


@dataclass(frozen=True)
class Days:
    """The days of an ending: the account's last, and when a mothballed one is looked at again."""

    last_day_on: date
    review_on: date


LAST_DAY = Rule(
    (
        Condition(
            lambda d, on: d.last_day_on >= on,
            otherwise="The last day must be today or later",
            clause="002 §12.5",
        ),
        Condition(
            lambda d, on: d.last_day_on <= year_after(on),
            otherwise=lambda d, on: f"The last day must be within 12 months: by {long_day(year_after(on))}",
            clause="002 §12.5",
        ),
    )
)
"""An account's life is not made to look longer than it is, nor is its end put off."""

REVIEW_DAY = Rule(
    (
        Condition(
            lambda d, on: d.review_on > d.last_day_on,
            otherwise="The day to look again must be after the last day",
            clause="002 §12.12",
        ),
        Condition(
            lambda d, on: d.review_on <= year_after(d.last_day_on),
            otherwise=lambda d, on: (
                "The day to look again must be within 12 months of the last day: "
                f"by {long_day(year_after(d.last_day_on))}"
            ),
            clause="002 §12.12",
        ),
    )
)
"""A mothballed account is decided on again within 12 months, so that rest does not become neglect."""


@dataclass(frozen=True)
class Worker:
    """How somebody who would work on a step stands toward it, and whether the step can be worked on still.

    `is_workable`: the closure is open, or complete and the step is one of those that follow the last day.
    """

    is_employed: bool
    is_owner: bool
    acts_by_role: bool
    is_named: bool
    manages_area: bool
    is_workable: bool


CONCERNED = Condition(
    lambda w, on: w.is_owner | w.acts_by_role | w.is_named | w.manages_area,
    otherwise=(
        "A step is for its owner, the area’s named editors and manager, Communications and the Clerk. "
        "Ask one of them, or to be made its owner."
    ),
    clause="002 §12.12, §19.2",
)
WORKABLE = Condition(
    lambda w, on: w.is_workable,
    otherwise="This closure is no longer being worked through, so its steps stay as they are.",
    clause="002 §12.12",
)

MAY_WORK = Rule((EMPLOYED, CONCERNED, WORKABLE))
"""A person may finish, reopen or hand on this step."""


@dataclass(frozen=True)
class Finish:
    """A step about to be called done: must it be, and is there anything that shows it?"""

    is_must: bool
    has_proof: bool


PROVEN = Condition(
    lambda f, on: f.has_proof | (not f.is_must),
    otherwise="Say what shows that it was done: this step must be proven",
    clause="002 §12.12",
)

PROOF = Rule((PROVEN,))
"""What must be done is shown, not only said."""


@dataclass(frozen=True)
class Dropping:
    """A step about to be called not needed: must it be done?"""

    is_must: bool


CAN_DO_WITHOUT = Condition(
    lambda d, on: not d.is_must,
    otherwise="This step must be done: the account cannot end without it.",
    clause="002 §12.12",
)

MAY_BE_DROPPED = Rule((CAN_DO_WITHOUT,))
"""Only a step that an account can end without may be not needed."""


@dataclass(frozen=True)
class NewDay:
    """A new day for a step, and the latest that it may be."""

    due_on: date
    latest_on: date


STEP_DAY = Rule(
    (
        Condition(lambda d, on: d.due_on >= on, otherwise="The day must be today or later", clause="002 §12.12"),
        Condition(
            lambda d, on: d.due_on <= d.latest_on,
            otherwise=lambda d, on: f"This step is to be done by {long_day(d.latest_on)}. Change the last day instead",
            clause="002 §12.12",
        ),
    )
)
"""What must be done before the end is not put off beyond it."""


NAMED = 3
"""How many of the open steps a reason names; the closure's page lists them all."""


@dataclass(frozen=True)
class Completion:
    """How far a closure is: the titles of its open must steps, its days, and whether its public sentence has a gap."""

    open_musts: tuple[str, ...]
    last_day_on: date
    review_on: date
    has_gap: bool


def _still_open(completion: Completion, _on: date) -> str:
    count = len(completion.open_musts)
    steps = "1 step that must be done is open" if count == 1 else f"{count} steps that must be done are open"
    more = f"; and {count - NAMED} more" if count > NAMED else ""
    return f"{steps}: {'; '.join(completion.open_musts[:NAMED])}{more}."


MUSTS_DONE = Condition(lambda c, on: not c.open_musts, otherwise=_still_open, clause="002 §12.12")
OVER = Condition(
    lambda c, on: c.last_day_on <= on,
    otherwise=lambda c, on: f"Its last day is {long_day(c.last_day_on)}; until then it is in use.",
    clause="002 §12.5",
)
SAID_IN_FULL = Condition(
    lambda c, on: not c.has_gap,
    otherwise="The public sentence does not say yet where people should go instead.",
    clause="002 §12.12",
)
REVIEW_AHEAD = Condition(
    lambda c, on: c.review_on > on,
    otherwise="The day to look at it again has passed. Set a new one first.",
    clause="002 §12.12",
)

MAY_BE_COMPLETED = Rule((MUSTS_DONE, OVER, SAID_IN_FULL, REVIEW_AHEAD))
"""An account's state moves only when what must be done is done, and not before its last day."""


@dataclass(frozen=True)
class Rest:
    """A mothballed account that is to rest on: until when."""

    is_mothballed: bool
    is_ending: bool
    until: date


RESTS = Condition(
    lambda r, on: r.is_mothballed & (not r.is_ending),
    otherwise="Only an account that is mothballed, and not being ended, can go on resting.",
    clause="002 §12.12",
)
MAY_REST = Rule((RESTS,))
"""A mothballed account may go on resting until its end is begun."""

REST_DAY = Rule(
    (
        Condition(lambda r, on: r.until > on, otherwise="The new day must be after today", clause="002 §12.12"),
        Condition(
            lambda r, on: r.until <= year_after(on),
            otherwise=lambda r, on: f"The new day must be within 12 months: by {long_day(year_after(on))}",
            clause="002 §12.12",
        ),
    )
)
"""The new day is at most 12 months away."""
