"""The words of a closure: what its texts are filled with, and what the public register will say."""

from datetime import date

from registry.accounts.models import Account
from registry.closures.models import Closure
from registry.closures.tasks import PUBLIC_SENTENCES, Ending, worded
from registry.core.wording import long_day
from registry.councils.models import Council

GAP = "[instead]"
"""Stands in the public sentence until it is settled where people should go."""


def words_of(
    council: Council, account: Account, last_day_on: date, successor: str = "", instead: str = ""
) -> dict[str, str]:
    """What is known for the gaps of a text: the keys that `worded` asks for."""
    return {
        "council": council.name,
        "account": account.handle,
        "last_day": long_day(last_day_on),
        "instead": instead,
        "successor": successor,
        "contact": council.contact,
    }


def words_of_closure(council: Council, account: Account, closure: Closure, instead: str) -> dict[str, str]:
    """What is known for the texts of a closure that has begun."""
    return words_of(council, account, closure.last_day_on, closure.successor, instead)


def proposed_sentence(ending: Ending, words: dict[str, str]) -> str:
    """What the public register would say of an account that ended so."""
    return worded(PUBLIC_SENTENCES[ending], words)
