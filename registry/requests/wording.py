"""How pages name a request, its state, its answers and its decisions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.accounts.wording import platform_name
from registry.core.wording import long_day
from registry.requests.models import Answer, RequestState
from registry.requests.parts import PARTS
from registry.requests.questions import Answers, Kind, Part, Question

STATES = {
    RequestState.DRAFT: ("Draft", "grey"),
    RequestState.SUBMITTED: ("Waiting for a decision", "blue"),
    RequestState.RETURNED: ("Returned", "orange"),
    RequestState.APPROVED: ("Approved", "green"),
    RequestState.REFUSED: ("Refused", "red"),
    RequestState.WITHDRAWN: ("Withdrawn", "grey"),
}

OUTCOMES = {
    Answer.AGREE: "Agreed",
    Answer.AGREE_WITH_CONDITIONS: "Agreed with conditions",
    Answer.RETURN: "Returned with comments",
    Answer.REFUSE: "Refused",
}


def title_of(answers: Answers) -> str:
    """What a request is called: the name it asks for."""
    return str(answers.get("name") or answers.get("handle") or "Request for an account")


@dataclass(frozen=True)
class Names:
    """The names behind the numbers in the answers."""

    people: Mapping[int, str]
    areas: Mapping[int, str]


def answer_text(question: Question, answers: Answers, names: Names) -> str:
    """An answer as a reader wants it; nothing where none was given."""
    value = answers.get(question.name)
    if value in (None, "", False):
        return ""
    text = _TEXTS.get(question.kind)
    return text(question, value, names) if text else str(value)


def _option(question: Question, value: Any, _names: Names) -> str:
    return next((option.label for option in question.options if option.value == value), str(value))


_TEXTS: dict[Kind, Callable[[Question, Any, Names], str]] = {
    Kind.CHOICE: _option,
    Kind.TICK: lambda _question, _value, _names: "Confirmed",
    Kind.DAY: lambda _question, value, _names: long_day(date.fromisoformat(value)),
    Kind.PLATFORM: lambda _question, value, _names: platform_name(value),
    Kind.AREA: lambda _question, value, names: names.areas.get(value, ""),
    Kind.PERSON: lambda _question, value, names: names.people.get(value, ""),
}


def rows_of(part: Part, answers: Answers, names: Names) -> list[tuple[Question, str]]:
    """The questions of a part that come up, each with its answer."""
    return [(question, answer_text(question, answers, names)) for question in part.shown(answers)]


def people_in(answers: Answers) -> list[int]:
    """The numbers of the people an answer names."""
    questions = (question for part in PARTS for question in part.questions if question.kind is Kind.PERSON)
    return [answers[question.name] for question in questions if answers.get(question.name)]
