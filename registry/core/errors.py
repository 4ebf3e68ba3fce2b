"""The ways in which the house says no, and the reasons it gives."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any


@dataclass(frozen=True)
class Reason:
    """One sentence of why something may not be done, the clause behind it, and what mends it.

    `mend` names a door of the application (an endpoint) where the reader can put it right;
    `mend_text` is the wording of that link. Both are empty when nothing the reader does would help.
    `about` names the fact that will not do, where it is one that somebody types: a form says it beside its field.
    """

    text: str
    clause: str = ""
    mend: str = ""
    mend_text: str = ""
    about: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({self.clause})" if self.clause else self.text


class NotFound(Exception):
    """The thing is not there, or not in this council: the two are told apart to nobody (404)."""


class Refused(Exception):
    """The policy says no, for every reason given (403; 422 where a reason is about something typed)."""

    def __init__(self, reasons: "Iterable[Reason | str] | str") -> None:
        given = (reasons,) if isinstance(reasons, str) else tuple(reasons)
        self.reasons = tuple(r if isinstance(r, Reason) else Reason(r) for r in given)
        super().__init__("; ".join(str(reason) for reason in self.reasons))


class Conflict(Exception):
    """Somebody else was there first, or the thing has moved on (409).

    `yours` and `theirs` are pairs of a field (or a label) and its value, so that nothing anybody typed is lost.
    """

    def __init__(
        self,
        sentence: str,
        yours: tuple[tuple[str, Any], ...] = (),
        theirs: tuple[tuple[str, Any], ...] = (),
    ) -> None:
        super().__init__(sentence)
        self.sentence, self.yours, self.theirs = sentence, yours, theirs


class Invalid(Exception):
    """What was typed cannot stand for a reason that only the use case knows (422, beside the field)."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


class Throttled(Exception):
    """Tried too often; there is a time from which it may be tried again (429)."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"Tried too often; wait {wait}")
        self.seconds = max(1, ceil(wait.total_seconds()))

    @property
    def when(self) -> str:
        """When to try again, in words."""
        minutes = ceil(self.seconds / 60)
        if minutes > 120:  # noqa: PLR2004
            return f"in {ceil(minutes / 60)} hours"
        return f"in {minutes} minutes" if minutes > 1 else "in a minute"


class Busy(Exception):
    """The machine has as much to do as it can; in a few seconds it may be tried again (503)."""
