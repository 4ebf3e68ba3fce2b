"""What a question of the request form is, and when it counts as answered.

Answers are kept by a question's name as plain values: text, whole numbers, true, days as 2027-05-03.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Answers = Mapping[str, Any]


class Kind(StrEnum):
    """How a question is answered."""

    LINE = "line"
    LONG = "long"
    EMAIL = "email"
    NUMBER = "number"
    DAY = "day"
    CHOICE = "choice"
    TICK = "tick"
    PLATFORM = "platform"
    AREA = "area"
    PERSON = "person"


WORKED_OUT = {"where": frozenset({"handle_key", "url"})}
"""What is kept beside the answers of a part without being asked."""


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Question:
    """One question. `required` is said when it is left empty; without it the answer may be left out.

    `short` names it in lists. `only_if` is another question and the answer to it that brings this one up.
    """

    name: str
    label: str
    short: str
    kind: Kind
    required: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    only_if: tuple[str, str] | None = None
    most: int = 2000

    def applies(self, answers: Answers) -> bool:
        """Whether the question comes up at all, given the other answers."""
        return self.only_if is None or answers.get(self.only_if[0]) == self.only_if[1]

    def is_given(self, answers: Answers) -> bool:
        """Whether it is answered."""
        return answers.get(self.name) not in (None, "", False)

    def is_missing(self, answers: Answers) -> bool:
        """Whether the request cannot be submitted for want of this answer."""
        return bool(self.required) and self.applies(answers) and not self.is_given(answers)


@dataclass(frozen=True)
class Part:
    """One task of the form, saved by itself; `clause` says where the policies ask for it."""

    key: str
    title: str
    intro: str
    clause: str
    questions: tuple[Question, ...]

    @property
    def names(self) -> frozenset[str]:
        """The answers that belong to this part, with those worked out from the handle."""
        return frozenset(question.name for question in self.questions) | WORKED_OUT.get(self.key, frozenset())

    def missing(self, answers: Answers) -> list[Question]:
        """What is still to be answered in this part."""
        return [question for question in self.questions if question.is_missing(answers)]

    def shown(self, answers: Answers) -> list[Question]:
        """The questions that come up, given the answers."""
        return [question for question in self.questions if question.applies(answers)]

    def is_started(self, answers: Answers) -> bool:
        """Whether anything in this part was answered."""
        return any(question.is_given(answers) for question in self.questions)

    def under(self, question: Question) -> dict[str, list[Question]]:
        """The questions that an answer to this one brings up, by that answer."""
        found: dict[str, list[Question]] = {}
        for other in self.questions:
            if other.only_if and other.only_if[0] == question.name:
                found.setdefault(other.only_if[1], []).append(other)
        return found
