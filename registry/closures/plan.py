"""What somebody means to do: how and when an account is to end."""

from dataclasses import dataclass
from datetime import date

from registry.closures.tasks import Ending


@dataclass(frozen=True)
class Plan:
    """How and when an account is to end, and what will be said of it.

    `instead` is where people should go, if that is settled; `public_message` empty: the proposed sentence.
    `review_on` is for a mothball only, `successor` for a hand-over only.
    """

    ending: Ending
    last_day_on: date
    reason: str
    minute_ref: str = ""
    review_on: date | None = None
    successor: str = ""
    instead: str = ""
    public_message: str = ""
