"""What the policies say about people and hats."""

from dataclasses import dataclass
from datetime import date

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
)
ENDS = Condition(
    lambda joining, on: joining.is_employee | joining.has_end,
    otherwise="Somebody who is not an employee needs a last day.",
    clause="002 §2.1; 004 §3.1",
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


@dataclass(frozen=True)
class Removal:
    """A second factor is to go; how many its person would have left."""

    left: int


KEEPS_ONE = Condition(
    lambda removal, on: removal.left > 0,
    otherwise="This is the last one: without it you could not sign in. Add another first.",
    mend="identity.two_step",
)

MAY_REMOVE_FACTOR = Rule((KEEPS_ONE,))


@dataclass(frozen=True)
class WaysIn:
    """How somebody could still sign in after disconnecting an account outside."""

    has_password: bool
    other_accounts: int


WAY_IN_LEFT = Condition(
    lambda ways, on: ways.has_password | (ways.other_accounts > 0),
    otherwise="This is your only way to sign in. Ask whoever keeps the server for a link to set a password first.",
)

MAY_DISCONNECT = Rule((WAY_IN_LEFT,))


WORKS_ONLY_HERE = Condition(
    lambda facts, on: facts.works_only_here,
    otherwise="They work for another council too, so how they sign in is not this council's to change. They go to "
    "whoever keeps the server.",
)
"""No council gets at another's accounts through an officer whom both employ."""


@dataclass(frozen=True)
class Linking:
    """Somebody who is to be sent a link that sets a password: whose they are, and whether they go by passwords."""

    works_only_here: bool
    goes_by_password: bool


GOES_BY_PASSWORD = Condition(
    lambda linking, on: linking.goes_by_password,
    otherwise="They sign in by an account outside and have no password: whoever reads their mail must not get one.",
)

MAY_BE_SENT_LINK = Rule((WORKS_ONLY_HERE, GOES_BY_PASSWORD))


@dataclass(frozen=True)
class Reset:
    """Who asks, and who agrees, that somebody's second step is taken off them; whether they work here, and only so."""

    person_id: int
    asker_id: int
    second_id: int
    is_employed: bool
    works_only_here: bool


ASKED_FOR_ANOTHER = Condition(
    lambda reset, on: reset.asker_id != reset.person_id,
    otherwise="Nobody asks for themselves. Go to another administrator or the Clerk, who sees that it is you.",
)
STILL_WORKS_HERE = Condition(
    lambda reset, on: reset.is_employed,
    otherwise="They do not work for the council today, and cannot sign in.",
)
AGREED_BY_A_THIRD = Condition(
    lambda reset, on: (reset.second_id != reset.asker_id) & (reset.second_id != reset.person_id),
    otherwise="Two people are needed: neither who asked nor whom it concerns can agree.",
)

MAY_ASK_RESET = Rule((ASKED_FOR_ANOTHER, STILL_WORKS_HERE, WORKS_ONLY_HERE))
MAY_AGREE_RESET = Rule((AGREED_BY_A_THIRD, WORKS_ONLY_HERE))
