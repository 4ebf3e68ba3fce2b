"""An answer as it is given, and the mark by which a changed one is noticed."""

from dataclasses import dataclass
from hashlib import sha256

from registry.reviews.models import Finding, ReviewAnswer

WORDS = {
    Finding.MET: "Met",
    Finding.PARTLY: "Partly",
    Finding.NOT_MET: "Not met",
    Finding.NOT_APPLICABLE: "Not applicable",
}
COLOURS = {
    Finding.MET: "green",
    Finding.PARTLY: "yellow",
    Finding.NOT_MET: "red",
    Finding.NOT_APPLICABLE: "grey",
}
FAILING = (Finding.PARTLY, Finding.NOT_MET)
"""Findings after which something must be put right."""


@dataclass(frozen=True)
class Answer:
    """What somebody found for one item, and their note."""

    finding: Finding
    note: str = ""

    def __str__(self) -> str:
        return f"{WORDS[self.finding]}. {self.note}".strip()


def answer_in(row: ReviewAnswer) -> Answer:
    """The answer that a row holds."""
    return Answer(row.finding, row.note)


def mark_of(answer: Answer | None) -> str:
    """A short mark of an answer, carried by the page that shows it: another mark later means somebody changed it."""
    return sha256(f"{answer.finding.value}\n{answer.note}".encode()).hexdigest()[:16] if answer else ""
