"""The gate: what the policies ask before a person may see or use an account's credentials.

Each sentence stands here and nowhere else. It is judged at the moment of use, never kept.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.core.rule import Condition, Rule
from registry.core.wording import long_day

EMPLOYED = Condition(
    lambda s, on: s.is_employed,
    otherwise="You do not work for this council now: you left, or your work is suspended.",
    clause="002 §2.1",
)


def _why_untrained(facts: Any, on: date) -> str:
    if facts.trained_until == date.min:
        return "You have no confirmed editor training."
    return f"Your editor training lapsed on {long_day(facts.trained_until)}."


TRAINED = Condition(
    lambda s, on: s.trained_until >= on,
    otherwise=_why_untrained,
    clause="002 §19.2, §11.4",
    mend="training.mine",
    mend_text="Record training",
)


def _why_unsigned(facts: Any, on: date) -> str:
    if facts.signed_until == date.min:
        return "You have not signed the social media policy that is in force."
    return f"Your days of grace to sign the new version of the policy ended on {long_day(facts.signed_until)}."


SIGNED = Condition(
    lambda s, on: s.signed_until >= on,
    otherwise=_why_unsigned,
    clause="002 §19.2; 004 §10.1",
    mend="policies.sign_current",
    mend_text="Read and sign the policy",
)
NAMED = Condition(
    lambda s, on: s.is_named | s.acts_by_role,
    otherwise="You are not named as an editor for this account’s service area.",
    clause="002 §19.2",
    mend="editors.who_names",
    mend_text="See who names its editors",
)
USABLE = Condition(
    lambda s, on: s.is_account_in_use,
    otherwise="The account is closed or handed over, so its credentials are out of use.",
    clause="002 §12.5, §12.12",
)

CLEARED = Rule((EMPLOYED, TRAINED, SIGNED))
"""A person is fit to act: what makes a named editor count as cleared."""

GATE = Rule((EMPLOYED, NAMED, TRAINED, SIGNED, USABLE))
"""A person may see or use this account's credentials now (002 §19.2)."""


@dataclass(frozen=True)
class Naming:
    """Whether somebody may name a person for a service area, and how many editors it has by then."""

    answers_for_area: bool
    is_employed: bool = True
    is_area_in_use: bool = True
    named: int = 0
    ideal: int = 0
    has_reason: bool = False


ANSWERS_FOR_AREA = Condition(
    lambda n, on: n.answers_for_area,
    otherwise="Editors are named and stood down by the manager of their service area, or by the Clerk.",
    clause="002 §19.2, §18.5",
    mend="editors.who_names",
    mend_text="See who names its editors",
)

MAY_NAME = Rule(
    (
        ANSWERS_FOR_AREA,
        Condition(
            lambda n, on: n.is_employed,
            otherwise="An editor must work for the council on the day they are named from.",
            clause="002 §2.1",
            about="starts_on",
        ),
        Condition(
            lambda n, on: n.is_area_in_use,
            otherwise="This service area has ended, so it needs no editors.",
            clause="002 §16.2",
        ),
    )
)
"""Who names an editor. Neither training nor signing stands in the way of the naming: the gate is on access."""

ENOUGH = Rule(
    (
        Condition(
            lambda n, on: (n.named < n.ideal) | n.has_reason,
            otherwise=lambda n, on: f"This service area has its {n.ideal} editors; say why it needs more.",
            clause="002 §19.2",
        ),
    )
)
"""Ideally two per service: fewer never blocks, more asks for a reason."""

MAY_STAND_DOWN = Rule((ANSWERS_FOR_AREA,))
