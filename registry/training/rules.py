"""What the policies say about training: for how long it holds, who records it and who confirms it."""

from dataclasses import dataclass
from datetime import date

from registry.core.clock import months_after
from registry.core.rule import Condition, Rule


def last_good_day(completed_on: date, valid_months: int) -> date:
    """The last day on which training counts: so many calendar months on, or the end of a shorter month."""
    return months_after(completed_on, valid_months)


@dataclass(frozen=True)
class Recording:
    """Whose training is recorded by whom."""

    is_own: bool
    answers_for_them: bool
    is_employed: bool


MAY_RECORD = Rule(
    (
        Condition(
            lambda r, on: r.is_own | r.answers_for_them,
            otherwise="You can record your own training; others’ is for their manager, Communications or the Clerk.",
            clause="002 §19.2, §11.4",
            about="person_id",
        ),
        Condition(
            lambda r, on: r.is_employed,
            otherwise="Training is recorded for people who work for the council.",
            clause="002 §2.1",
            about="person_id",
        ),
    )
)


@dataclass(frozen=True)
class Confirming:
    """Whether a record is somebody else's, or the council of one officer has allowed its own (and minuted it)."""

    is_anothers: bool
    has_exception: bool


MAY_CONFIRM = Rule(
    (
        Condition(
            lambda c, on: c.is_anothers | c.has_exception,
            otherwise="Nobody decides on their own training; Communications or the Clerk must do it for you.",
            clause="002 §19.2, §11.4",
        ),
    )
)
