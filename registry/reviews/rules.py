"""What the policy says of security reviews: who makes them, of what, and when they are whole (004 §6.5)."""

from dataclasses import dataclass
from datetime import date, timedelta

from registry.core.rule import Condition, Rule
from registry.editors.rules import EMPLOYED
from registry.reviews.models import Finding

TWO_STEP = "two_step"
"""The item that tells whether two-step sign-in is on; if it is not, it cannot wait."""


@dataclass(frozen=True)
class Reviewing:
    """How somebody stands toward an account they would review, and how much of its checklist is unanswered."""

    is_employed: bool
    acts_by_role: bool
    is_account_in_use: bool
    unanswered: int = 0


REVIEWER = Condition(
    lambda reviewing, on: reviewing.acts_by_role,
    otherwise="Only Communications and the Clerk review security settings.",
    clause="004 §6.5; 002 §19.2",
)
IN_USE = Condition(
    lambda reviewing, on: reviewing.is_account_in_use,
    otherwise="Only accounts in use are reviewed: authorised, live or mothballed.",
    clause="004 §6.5",
)
ANSWERED = Condition(
    lambda reviewing, on: reviewing.unanswered == 0,
    otherwise=lambda reviewing, on: (
        "1 question is not answered yet."
        if reviewing.unanswered == 1
        else f"{reviewing.unanswered} questions are not answered yet."
    ),
    clause="004 §6.5",
)

MAY_REVIEW = Rule((EMPLOYED, REVIEWER, IN_USE))
"""A person may start a review of this account, and answer it."""
MAY_COMPLETE = MAY_REVIEW & Rule((ANSWERED,))
"""A person may complete this review."""
MAY_ABANDON = Rule((EMPLOYED, REVIEWER))
"""A person may abandon this review, also when the account has ended meanwhile."""


@dataclass(frozen=True)
class Answering:
    """An answer about to be kept."""

    finding: Finding
    has_note: bool


NEEDS_NOTE = {
    Finding.PARTLY: "Say in the note what is missing",
    Finding.NOT_MET: "Say in the note what is wrong",
    Finding.NOT_APPLICABLE: "Say in the note why it does not apply here",
}
NOTED = Condition(
    lambda answering, on: answering.has_note | (answering.finding == Finding.MET),
    otherwise=lambda answering, on: NEEDS_NOTE[answering.finding],
    clause="004 §6.5",
)

MAY_STAND = Rule((NOTED,))
"""An answer says enough to be kept."""


@dataclass(frozen=True)
class Planning:
    """An action about to be given to somebody until a day."""

    owner_can_finish: bool
    due_on: date


OWNABLE = Rule(
    (
        Condition(
            lambda planning, on: planning.owner_can_finish,
            otherwise="Choose somebody who works an account: a named editor, a manager, Communications or the Clerk",
            clause="004 §6.5; 002 §19.2",
        ),
    )
)
"""An action belongs to somebody who can mark it done."""
TIMELY = Rule(
    (
        Condition(
            lambda planning, on: planning.due_on >= on,
            otherwise="The day by which it is done must be today or later",
            clause="004 §6.5",
        ),
    )
)
"""An action is due on a day that is still to come."""


@dataclass(frozen=True)
class Finishing:
    """How somebody stands toward an action they would mark done."""

    is_employed: bool
    is_owner: bool
    acts_by_role: bool


OWNER = Condition(
    lambda finishing, on: finishing.is_owner | finishing.acts_by_role,
    otherwise="Only its owner, Communications and the Clerk mark an action done.",
    clause="004 §6.5",
)

MAY_FINISH = Rule((EMPLOYED, OWNER))
"""A person may mark this action done."""


def time_to_mend(item: str, finding: Finding) -> timedelta:
    """How long somebody has to put a finding right, unless the reviewer says otherwise."""
    return timedelta(days=1 if (item, finding) == (TWO_STEP, Finding.NOT_MET) else 14)


TWO_STEP_SAYS = {Finding.MET: True, Finding.PARTLY: False, Finding.NOT_MET: False}
"""What the finding on two-step sign-in tells the register; where it does not apply, nothing."""
