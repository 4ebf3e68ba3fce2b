"""Who joins a council, and who says something grave of whom."""

from dataclasses import dataclass
from datetime import date

from registry.core.rule import Condition, Rule


@dataclass(frozen=True)
class Joining:
    """Somebody who is to work for the council: on what terms, sponsored by whom, until when."""

    is_employee: bool
    has_sponsor: bool
    ends_on: date | None

    @property
    def has_end(self) -> bool:
        """Whether a last day is set."""
        return self.ends_on is not None


SPONSORED = Condition(
    lambda joining, on: joining.is_employee | joining.has_sponsor,
    otherwise="Somebody who is not an employee needs a sponsor who is.",
    clause="002 §2.1; 004 §3.1",
    about="sponsor_id",
)
ENDS = Condition(
    lambda joining, on: joining.is_employee | joining.has_end,
    otherwise="Somebody who is not an employee needs a last day.",
    clause="002 §2.1; 004 §3.1",
    about="ends_on",
)

MAY_JOIN = Rule((SPONSORED, ENDS))


@dataclass(frozen=True)
class Coming:
    """Somebody who is in the register already comes to a council: by their own word, or the keeper's of the server."""

    by_own_word: bool


BY_OWN_WORD = Condition(
    lambda coming, on: coming.by_own_word,
    otherwise="They are in the register already: ask them, and they join when they accept.",
)

MAY_BE_TAKEN_IN = Rule((BY_OWN_WORD,))


@dataclass(frozen=True)
class Reporting:
    """Who says something grave of whom: of themselves, as somebody who manages people, of somebody who works here."""

    is_oneself: bool
    manages_people: bool
    works_here: bool


STILL_HERE = Condition(
    lambda r, on: r.works_here,
    otherwise="They do not work for the council now, so nothing opens to them here anyway.",
    clause="002 §2.1",
)

MAY_SUSPEND = Rule(
    (
        Condition(
            lambda r, on: not r.is_oneself,
            otherwise="Nobody suspends themselves; another administrator or the Clerk must.",
            clause="002 §17.6",
        ),
        STILL_HERE,
    )
)
"""Who manages people may suspend any of them but themselves."""

MAY_REPORT_LOSS = Rule(
    (
        Condition(
            lambda r, on: r.is_oneself | r.manages_people,
            otherwise="A lost device is reported by whoever lost it, or by the Clerk or an administrator for them.",
            clause="004 §6.5",
        ),
        STILL_HERE,
    )
)
"""Whoever lost a device says so, or somebody who manages people for them."""
