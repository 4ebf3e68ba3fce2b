"""How somebody signs in, and what a council may do to it."""

from dataclasses import dataclass

from registry.core.rule import Condition, Rule


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


@dataclass(frozen=True)
class Adding:
    """Somebody who adds a way to sign in: whether whoever vouched for them this time speaks for all who employ them."""

    is_spoken_for: bool


SPOKEN_FOR = Condition(
    lambda adding, on: adding.is_spoken_for,
    otherwise="You work for a council that the identity provider you signed in with does not speak for. Sign in with a "
    "passkey or your password to do this; if you have neither, ask whoever keeps the server for a link.",
)
"""Whoever runs one council's provider could otherwise come in as a joint officer, and act in the other council."""

MAY_ADD_WAY_IN = Rule((SPOKEN_FOR,))


@dataclass(frozen=True)
class Accepting:
    """Somebody who is about to work for a council more, which is to rely on how they sign in."""

    has_own_step: bool


OWN_STEP = Condition(
    lambda accepting, on: accepting.has_own_step,
    otherwise="You sign in by an identity provider alone, which may not speak for the council that asks. Set up "
    "two-step sign-in here first.",
    mend="identity.two_step",
    mend_text="Set up two-step sign-in",
)

MAY_ACCEPT = Rule((OWN_STEP,))


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
