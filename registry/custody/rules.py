"""What custody asks beside the gate of the editors' room, which is asked for every deposit and every reveal."""

from dataclasses import dataclass
from datetime import date

from registry.core.rule import Condition, Rule


@dataclass(frozen=True)
class Destruction:
    """A credential about to be destroyed: whether its account has ended, and whether a reason is given."""

    is_account_ended: bool
    has_reason: bool


OUT_OF_USE = Condition(
    lambda d, on: d.is_account_ended | d.has_reason,
    otherwise="The account is still in use. Say why its credential is not needed any more.",
    clause="002 §12.12",
    about="reason",
)

MAY_BE_DESTROYED = Rule((OUT_OF_USE,))
"""A credential outlives neither its account nor its use (002 §12.12); until then somebody must answer for its loss."""


@dataclass(frozen=True)
class Looking:
    """Somebody about to look: what of their daily number is gone, who else has the credential, what is left of it.

    `is_counted`: a code of the moment and an emergency are not held against the daily number.
    """

    looks: int
    most: int
    is_counted: bool
    holder: str = ""
    until: str = ""
    left: int = 1


WITHIN_THE_DAY = Condition(
    lambda look, on: (look.looks < look.most) | (not look.is_counted),
    otherwise=lambda look, on: (
        f"You have looked {look.looks} times today, and the council allows {look.most}. "
        "Ask somebody else, or the Clerk to allow more."
    ),
    mend="custody.waiting",
    mend_text="See what waits in custody",
)
NOT_OUT = Condition(
    lambda look, on: look.holder == "",
    otherwise=lambda look, on: (
        f"{look.holder} has it checked out until {look.until}. Only one person has it at a time."
    ),
)
SOMETHING_LEFT = Condition(
    lambda look, on: look.left > 0,
    otherwise="Every code of this list has been taken. Make a new list on the platform and replace this one.",
)

MAY_LOOK = Rule((WITHIN_THE_DAY, NOT_OUT, SOMETHING_LEFT))
"""What may keep somebody from looking now whom the gate lets in."""


@dataclass(frozen=True)
class Deciding:
    """Somebody about to agree that another looks, or to review an emergency: who asked, and who decides."""

    asker_id: int
    decider_id: int
    may_use_account: bool
    acts_for_all: bool


ANOTHER = Condition(
    lambda d, on: d.asker_id != d.decider_id,
    otherwise="Nobody decides on what they asked for themselves. Another person must.",
    clause="002 §19.2",
)
KNOWS_THE_ACCOUNT = Condition(
    lambda d, on: d.may_use_account | d.acts_for_all,
    otherwise="Only somebody who may use this account’s credentials themselves, or whose role lets them act for "
    "every account, decides on this.",
    clause="002 §19.2",
)

MAY_DECIDE = Rule((ANOTHER, KNOWS_THE_ACCOUNT))
"""Who may agree to a look: a second person, who answers for the account too."""


@dataclass(frozen=True)
class Reviewing:
    """Somebody about to review that the glass was broken."""

    breaker_id: int
    reviewer_id: int


MAY_REVIEW = Rule(
    (
        Condition(
            lambda r, on: r.breaker_id != r.reviewer_id,
            otherwise="Whoever broke the glass does not review it. Another person must.",
        ),
    )
)
"""An emergency is looked at afterwards by somebody else."""


@dataclass(frozen=True)
class Returning:
    """Somebody about to end a check-out."""

    holder_id: int
    ender_id: int
    acts_for_all: bool


MAY_RETURN = Rule(
    (
        Condition(
            lambda r, on: (r.holder_id == r.ender_id) | r.acts_for_all,
            otherwise="Only its holder gives it back, or somebody whose role lets them act for every account.",
        ),
    )
)
"""Who ends a check-out."""


@dataclass(frozen=True)
class Holding:
    """Somebody about to say by how many a credential is seen at a time."""

    acts_for_all: bool


MAY_SET_HOLDING = Rule(
    (
        Condition(
            lambda h, on: h.acts_for_all,
            otherwise="Only somebody whose role lets them act for every account says whether one person has it at a "
            "time.",
        ),
    )
)
"""Who says that a credential has one holder at a time."""


@dataclass(frozen=True)
class Bearer:
    """Somebody about to be given a recovery share, or to prove theirs; `keeper`: the council that keeps the keys."""

    name: str
    keeper: str
    works_there: bool


def _not_of_the_keeper(bearer: Bearer, _on: date) -> str:
    if bearer.keeper:
        return f"{bearer.name} does not work for {bearer.keeper}, which keeps the keys: shares are for its people."
    return "No council is named to keep the keys, so nobody holds a share. Name it: flask --app app custody kept-by"


MAY_HOLD = Rule((Condition(lambda b, on: b.works_there, otherwise=_not_of_the_keeper),))
"""Shares of the root key, which opens every council's custody, are for people of the council that keeps it."""
