"""The three orderly ends of an account, and what each one means, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Ending(StrEnum):
    """How an account stops being one of the council's live accounts (002 §12.5, §12.12)."""

    CLOSE = "close"
    MOTHBALL = "mothball"
    HAND_OVER = "hand_over"

    @property
    def label(self) -> str:
        """The ending as a choice on a page."""
        return _LABELS[self]


_LABELS = {
    Ending.CLOSE: "Close it for good",
    Ending.MOTHBALL: "Mothball it",
    Ending.HAND_OVER: "Hand it over",
}


class Phase(StrEnum):
    """The stages of every ending, in their order."""

    DECIDE = "Decide"
    TELL = "Tell followers"
    KEEP = "Keep the records"
    UNBRAND = "Remove branding and links"
    REMOVE = "Remove people and apps"
    CREDENTIALS = "Rotate or transfer credentials"
    CHECK = "Final check"


class _Gaps(dict[str, str]):
    """Show a fact that is still missing as a gap to fill: `[instead]`."""

    def __missing__(self, name: str) -> str:
        return f"[{name.replace('_', ' ')}]"


def worded(text: str, facts: Mapping[str, str]) -> str:
    """Fill a text with what is known: council, account, last_day, instead, successor, contact."""
    return text.format_map(_Gaps({name: fact for name, fact in facts.items() if fact}))


@dataclass(frozen=True)
class Task:
    """One step of an ending.

    `must`: the account's state does not move until the step is done. `days_before_last`: when
    it is due, counted back from the last day; negative after it. `template_text`: words to copy,
    for `worded`. `proof_hint`: what shows that it was done. `asks`: the question over the box that
    takes it, where what is written there is used.
    """

    key: str
    title: str
    guidance: str
    phase: Phase
    must: bool
    days_before_last: int
    template_text: str | None
    proof_hint: str
    asks: str = "What shows that it was done?"

    @property
    def follows(self) -> bool:
        """Whether it is done after the last day, so that it outlives the closure's completion."""
        return self.days_before_last < 0

    def due_on(self, last_day: date) -> date:
        """Set the day of this step back from the account's last day."""
        return last_day - timedelta(days=self.days_before_last)


@dataclass(frozen=True)
class Consequence:
    """One row of the comparison a person sees before choosing an ending."""

    aspect: str
    answers: Mapping[Ending, str]


def _row(aspect: str, close: str, mothball: str, hand_over: str) -> Consequence:
    answers = (close, mothball, hand_over)
    return Consequence(aspect, dict(zip(Ending, answers, strict=True)))


CONSEQUENCES: tuple[Consequence, ...] = (
    _row(
        "Choose this when",
        "The account has done its work, and nobody will need it again.",
        "The work rests and may start again, for example a yearly event.",
        "A community or partner will carry the page on, and the council will not.",
    ),
    _row(
        "What people see",
        "A last post that says where to go, then a locked profile or none.",
        "The profile stays, says that it is not monitored, and takes no comments or messages.",
        "The page goes on under another name, without the council's name, logo or crest.",
    ),
    _row(
        "The name (handle)",
        "Kept while the profile is locked. If it is deleted, somebody else may take the name.",
        "Kept by the council.",
        "An official handle is given up first; the new owner chooses another.",
    ),
    _row(
        "Posts and messages",
        "Archived, then no longer public if the profile is deleted.",
        "Archived, and past posts stay public.",
        "Archived. Posts go with the page; private messages are not handed over.",
    ),
    _row(
        "Who can sign in",
        "Two custodians while it is locked; nobody once it is deleted.",
        "Two custodians.",
        "Nobody at the council.",
    ),
    _row(
        "Credentials in custody",
        "Changed and kept while it is locked; destroyed once it is deleted.",
        "Changed and kept, with two-step sign-in on.",
        "Given to the new owner and destroyed here; the council's mailbox and phone withdrawn.",
    ),
    _row(
        "What is still owed",
        "A last look after 25 days, and a watch for somebody taking the name.",
        "A look every three months, and a decision within 12 months.",
        "One look back after 30 days.",
    ),
    _row(
        "Changing your mind",
        "A new request. Most platforms restore a deleted profile for about 30 days only.",
        "A new request, on the same profile.",
        "Not possible: it is no longer the council's.",
    ),
)

# What the public register proposes to say; the person closing the account may reword it.
PUBLIC_SENTENCES: Mapping[Ending, str] = {
    Ending.CLOSE: "{council} closed this account on {last_day}. Please use {instead}.",
    Ending.MOTHBALL: ("{council} has not used or monitored this account since {last_day}. Please use {instead}."),
    Ending.HAND_OVER: (
        "{council} handed this account over to {successor} on {last_day}. It is no longer the council's."
    ),
}
