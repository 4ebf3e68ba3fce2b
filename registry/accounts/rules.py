"""What the policies say about entries in the register and the service areas behind them."""

from dataclasses import dataclass

from registry.core.rule import Condition, Rule


@dataclass(frozen=True)
class Change:
    """A change to an account's entry: is the account the council's to use, and are only leftovers touched?"""

    is_in_use: bool
    is_of_leftovers: bool


LEFTOVERS = frozenset({"branded", "linked_from_website", "two_step_on", "public_note", "notes"})
"""What may still be put right on an account that has ended: what remains of it in the world, and what is said of it."""

ONLY_LEFTOVERS = Condition(
    lambda change, on: change.is_in_use | change.is_of_leftovers,
    otherwise="The account is closed or handed over. Its entry stays as it was; using it again needs a new request.",
    clause="002 §12.5, §12.12",
    mend="requests.index",
    mend_text="Ask for an account",
)

MAY_CHANGE = Rule((ONLY_LEFTOVERS,))
"""An entry may be changed while the account is the council's to use; afterwards only its leftovers."""


@dataclass(frozen=True)
class Presence:
    """An account that is to be entered: does its platform take new ones, if not why, and is it out of use?"""

    is_platform_open: bool
    closed_because: str
    is_out_of_use: bool


PLATFORM_TAKES_IT = Condition(
    lambda presence, on: presence.is_platform_open | presence.is_out_of_use,
    otherwise=lambda presence, on: f"{presence.closed_because} Enter it as mothballed, closed or handed over.",
    clause="002 §1.1",
)

MAY_BE_ENTERED = Rule((PLATFORM_TAKES_IT,))
"""An account on a platform that has gone may be kept in the register, but not as one in use."""


@dataclass(frozen=True)
class AreaEnding:
    """A service area that is to end, and how many accounts it still answers for."""

    accounts: int


ANSWERS_FOR_NONE = Condition(
    lambda ending, on: ending.accounts == 0,
    otherwise=lambda ending, on: (
        f"It still answers for {ending.accounts} {'account' if ending.accounts == 1 else 'accounts'}. "
        "Each must first go to another service area, or be closed."
    ),
    clause="002 §16.2",
    mend="accounts.service_areas",
    mend_text="See the service areas",
)

AREA_MAY_END = Rule((ANSWERS_FOR_NONE,))
"""No account is left without a team that answers for it."""
