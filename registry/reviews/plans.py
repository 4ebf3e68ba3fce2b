"""What is to be done about a failing item, by whom and by when: as the reviewer plans it, or as the house would."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from registry.accounts.models import Account
from registry.reviews.answers import Answer
from registry.reviews.rules import time_to_mend

LONGEST = 300
"""Characters of what is to be done."""


@dataclass(frozen=True)
class Plan:
    """One action that a review is to leave."""

    what: str
    owner_id: int
    due_on: date


def default_plan(
    key: str, given: Answer, account: Account, reviewer_id: int, owners: Mapping[int, str], on: date
) -> Plan:
    """Unless the reviewer says otherwise: mend what the note says within a fortnight, two-step sign-in at once.

    It falls to the person responsible for the account; to the reviewer where that person could not mark it done.
    """
    responsible = account.responsible_id
    owner = responsible if responsible is not None and responsible in owners else reviewer_id
    return Plan(" ".join(given.note.split())[:LONGEST], owner, on + time_to_mend(key, given.finding))
