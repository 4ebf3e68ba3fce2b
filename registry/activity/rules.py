"""Who may say that an account posted, on which day, and who may take that back (002 §12.3, §15.1).

Training and signing open the vault; they are not asked of somebody who only says what everyone can see.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self

from registry.accounts.models import Account
from registry.core.rule import Condition, Rule
from registry.core.wording import long_day
from registry.editors.rules import EMPLOYED


@dataclass(frozen=True)
class Telling:
    """How somebody who would record activity stands toward the account."""

    is_employed: bool
    is_named: bool
    manages_area: bool
    acts_by_role: bool
    is_account_in_use: bool


KNOWS = Condition(
    lambda telling, on: telling.is_named | telling.manages_area | telling.acts_by_role,
    otherwise="Only the area’s named editors and its manager, Communications and the Clerk record what it posted.",
    clause="002 §12.3, §15.1",
    mend="editors.who_names",
    mend_text="See who names its editors",
)
IN_USE = Condition(
    lambda telling, on: telling.is_account_in_use,
    otherwise="The account is not in use, so nothing is posted on it.",
    clause="002 §12.12",
)

MAY_TELL = Rule((EMPLOYED, KNOWS, IN_USE))
"""A person may record that this account posted."""


@dataclass(frozen=True)
class PostingDay:
    """The day on which an account is said to have posted; authorised on the first of all days where none is known."""

    posted_on: date
    authorised_on: date

    @classmethod
    def of(cls, account: Account, posted_on: date) -> Self:
        """The facts by which this day is judged for this account."""
        return cls(posted_on, account.authorised_on or date.min)


NOT_AHEAD = Condition(
    lambda day, on: day.posted_on <= on,
    otherwise="The day of a post cannot be in the future",
    clause="002 §15.1",
)
NOT_BEFORE = Condition(
    lambda day, on: day.posted_on >= day.authorised_on,
    otherwise=lambda day, on: f"The account was authorised on {long_day(day.authorised_on)} and did not post before",
    clause="002 §12.3",
)

POSSIBLE = Rule((NOT_AHEAD, NOT_BEFORE))
"""A day on which the account can have posted."""


@dataclass(frozen=True)
class TakingBack:
    """How somebody who would withdraw a record stands toward it."""

    is_employed: bool
    is_own: bool
    acts_by_role: bool


OWN = Condition(
    lambda back, on: back.is_own | back.acts_by_role,
    otherwise="Only whoever made this record, Communications and the Clerk withdraw it.",
    clause="002 §12.3, §15.1",
)

MAY_WITHDRAW = Rule((EMPLOYED, OWN))
"""A person may withdraw a record of activity."""
