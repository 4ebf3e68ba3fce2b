"""What must be in place before an authorised account goes live (002 §19.1, §19.2; 004 §6.5)."""

from dataclasses import dataclass
from datetime import date

from registry.core.rule import Condition, Rule


@dataclass(frozen=True)
class Readiness:
    """How far an account is on its way to live.

    `opens_by_roles`: people get in with their own logins, so there is no password to keep. `named` and `cleared`
    count the editors of its service area; `ideal` is how many the council wants.
    """

    has_credential: bool
    opens_by_roles: bool
    two_step_on: bool
    is_reviewed: bool
    is_linked: bool
    named: int
    cleared: int
    ideal: int


CUSTODY = Condition(
    lambda r, on: r.has_credential | r.opens_by_roles,
    otherwise="No password of this account is in custody.",
    clause="002 §19.2; 003",
)
TWO_STEP = Condition(
    lambda r, on: r.two_step_on,
    otherwise="Two-step sign-in is not recorded as switched on.",
    clause="004 §6.5",
)
REVIEWED = Condition(
    lambda r, on: r.is_reviewed,
    otherwise="The first review of its security settings is not completed.",
    clause="004 §6.5",
)
LINKED = Condition(
    lambda r, on: r.is_linked,
    otherwise="It is not recorded as linked from the council’s website.",
    clause="002 §19.1",
)
AN_EDITOR = Condition(
    lambda r, on: r.cleared >= 1,
    otherwise="None of its editors is cleared: named, trained and signed up to the policy.",
    clause="002 §19.2",
)


def _short(facts: Readiness, _on: date) -> str:
    return f"{facts.cleared} of {facts.ideal} editors are cleared."


ENOUGH_EDITORS = Condition(lambda r, on: r.cleared >= r.ideal, otherwise=_short, clause="002 §19.2")

READY = Rule((CUSTODY, TWO_STEP, REVIEWED, LINKED, AN_EDITOR))
"""Without these an account does not go live."""

FULLY_STAFFED = Rule((ENOUGH_EDITORS,))
"""“Ideally two”: a shortfall stops nothing and is recorded."""


@dataclass(frozen=True)
class Ticking:
    """What matters when somebody ticks a step by hand: whether the account is still the council's to use."""

    is_in_use: bool


STILL_OURS = Condition(
    lambda t, on: t.is_in_use,
    otherwise="The account is closed or handed over, so there is nothing left to prepare.",
    clause="002 §12.5, §12.12",
)

MAY_BE_TICKED = Rule((STILL_OURS,))
"""Steps are ticked while the account is the council's to use."""
