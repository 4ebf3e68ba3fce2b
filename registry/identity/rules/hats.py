"""Who gives a hat, who confirms it, and at whose word it ends."""

from dataclasses import dataclass

from registry.core.rule import Condition, Rule
from registry.vocabulary.permissions import Role


@dataclass(frozen=True)
class Hat:
    """Who gives which person a hat, and whether that person works for the council on the first day.

    `acts_for_accounts`: the hat decides on requests and opens every account; `by_clerk`: the giver wears the Clerk's.
    """

    granter_id: int
    person_id: int
    is_employed: bool
    is_grantable: bool
    acts_for_accounts: bool
    by_clerk: bool


NOT_ONESELF = Condition(
    lambda hat, on: hat.granter_id != hat.person_id,
    otherwise="Nobody gives a role to themselves; another administrator or the Clerk must.",
    clause="002 §19.2",
)
WORKS_HERE = Condition(
    lambda hat, on: hat.is_employed,
    otherwise="A role can only be given to somebody who works for the council on that day.",
    clause="002 §2.1",
    about="starts_on",
)
IS_GIVEN = Condition(
    lambda hat, on: hat.is_grantable,
    otherwise="Editors are named for a service area by its manager, not given a role here.",
    clause="002 §19.2",
)

BY_THE_CLERK = Condition(
    lambda hat, on: hat.by_clerk or not hat.acts_for_accounts,
    otherwise="Only the Clerk makes somebody Clerk or Communications, since these roles open every account.",
    clause="003; 002 §16.1, §19.2",
)

MAY_BE_GIVEN = Rule((NOT_ONESELF, WORKS_HERE, IS_GIVEN, BY_THE_CLERK))

OF_POWER = (Role.CLERK, Role.COMMS, Role.MANAGEMENT_TEAM, Role.ADMINISTRATOR)
"""Hats that open every account, decide on requests or let people in: given by one, worn once another has confirmed."""


@dataclass(frozen=True)
class Confirmation:
    """A hat that waits, and who is about to confirm it."""

    granter_id: int
    person_id: int
    confirmer_id: int


A_THIRD = Condition(
    lambda c, on: (c.confirmer_id != c.granter_id) & (c.confirmer_id != c.person_id),
    otherwise="A role like this takes two people: not the one who gave it, nor the one who is to wear it.",
    clause="002 §16.1, §19.2",
)

HAT_MAY_BE_CONFIRMED = Rule((A_THIRD,))


@dataclass(frozen=True)
class PuttingOut:
    """Somebody whose sign-in or hats are to end by another's word."""

    is_of_the_office: bool
    by_clerk: bool


OFFICE_BY_THE_CLERK = Condition(
    lambda p, on: p.by_clerk | (not p.is_of_the_office),
    otherwise="Only the Clerk ends the roles or the sign-in of a Clerk or of Communications; where no Clerk is left, "
    "whoever keeps the server.",
    clause="003; 002 §16.1",
)

MAY_BE_PUT_OUT = Rule((OFFICE_BY_THE_CLERK,))
