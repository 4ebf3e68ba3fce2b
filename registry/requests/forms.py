"""What a person may type about a request: a form made from each part's questions, and the decision."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from typing_extensions import override

from registry.accounts.platforms import PLATFORMS
from registry.requests.models import Answer
from registry.requests.questions import Answers, Kind, Part, Question
from registry.web.fields import (
    Checkbox,
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    Radios,
    Select,
    TextArea,
    TextField,
    choice,
)
from registry.web.forms import Form

Options = Mapping[Kind, Sequence[tuple[int, str]]]
"""The areas and people there are to choose from: number and name."""


class PartForm(Form):
    """The questions of one part. Saved for later, it may have gaps; saved as done, every required answer is there."""

    part: Part
    may_have_gaps = False

    def given(self) -> dict[str, Any]:
        """The answers as they were typed."""
        return {question.name: self[question.name].data for question in self.part.questions}

    @override
    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was typed, but nothing in questions that another answer makes pointless."""
        super().validate(extra_validators)
        given = self.given()
        for question in self.part.questions:
            field = self[question.name]
            if not question.applies(given):
                field.errors = ()
            elif question.is_missing(given) and not field.errors and not self.may_have_gaps:
                field.errors = [question.required]
        return not self.errors


def part_form(part: Part, answers: Answers, options: Options, *, may_have_gaps: bool = False) -> PartForm:
    """The form of a part, filled with what was answered before."""
    fields: dict[str, Any] = {question.name: _FIELDS[question.kind](question, options) for question in part.questions}
    made = type("PartForm", (PartForm,), {"part": part, "may_have_gaps": may_have_gaps, **fields})
    form: PartForm = made(data={question.name: _typed(question, answers) for question in part.questions})
    return form


def _typed(question: Question, answers: Answers) -> Any:
    value = answers.get(question.name)
    return date.fromisoformat(value) if question.kind is Kind.DAY and value else value


def _words(question: Question) -> dict[str, Any]:
    """What a field says; that it is not answered yet, the part says, as an answer may wait until later."""
    said: dict[str, Any] = {"label": question.label, "required": "" if question.required else None}
    return said | {"description": question.hint} if question.hint else said


def _picked(question: Question, options: Options) -> Select:
    choices = [choice(str(number), name) for number, name in options.get(question.kind, ())]
    blank = "Choose one" if question.required else "Nobody chosen"
    return Select(**_words(question), choices=choices, coerce=int, blank=blank)


def _platforms(question: Question, _options: Options) -> Select:
    still_open = sorted((platform for platform in PLATFORMS if platform.is_open), key=lambda p: p.name.casefold())
    return Select(**_words(question), choices=[choice(platform.key, platform.name) for platform in still_open])


def _radios(question: Question, _options: Options) -> Radios:
    choices = [choice(option.value, option.label, hint=option.hint or None) for option in question.options]
    return Radios(**_words(question), choices=choices)


_FIELDS: dict[Kind, Callable[[Question, Options], Any]] = {
    Kind.LINE: lambda q, _: TextField(**_words(q), max_length=q.most),
    Kind.LONG: lambda q, _: TextArea(**_words(q), max_length=q.most, rows=4),
    Kind.EMAIL: lambda q, _: EmailField(**_words(q), max_length=q.most, autocomplete="off"),
    Kind.NUMBER: lambda q, _: IntegerField(**_words(q), least=1, most=q.most),
    Kind.DAY: lambda q, _: DateField(**_words(q)),
    Kind.CHOICE: _radios,
    Kind.TICK: lambda q, _: Checkbox(**_words(q)),
    Kind.PLATFORM: _platforms,
    Kind.AREA: _picked,
    Kind.PERSON: _picked,
}


class DecideForm(Form):
    """A decision. Which words must go with which answer is the action's to ask."""

    seen = HiddenField()
    answer = Radios("Your decision", coerce=Answer, required="Choose your decision")
    conditions = TextArea("Conditions", required="", max_length=2000, rows=4, description="They go with the account.")
    comments = TextArea(
        "What must change", required="", max_length=2000, rows=4, description="The person who asked will read this."
    )
    reason = TextArea(
        "Reason", required="", max_length=2000, rows=4, description="The person who asked will read this."
    )
    minute_ref = TextField(
        "Minute reference",
        max_length=80,
        width=20,
        description="Where a meeting decided. For example, MT 14/2026.",
    )
    decided_on = DateField("Decided on", required="Enter the day of the decision")

    def words(self) -> dict[str, str]:
        """The words that go with the answer given."""
        said = self.comments.data if self.answer.data is Answer.RETURN else self.reason.data
        return {"conditions": self.conditions.data or "", "reason": said or ""}
