"""What a person may type in a review."""

from typing import Any

from registry.reviews.answers import WORDS, Answer
from registry.reviews.models import Finding
from registry.reviews.plans import LONGEST, Plan
from registry.reviews.rules import MAY_STAND, Answering
from registry.web import context
from registry.web.fields import DateField, HiddenField, Radios, Select, TextArea, TextField, choice
from registry.web.forms import Form

FINDINGS = [choice(finding.value, word) for finding, word in WORDS.items()]


class AnswerForm(Form):
    """One item: what was found, the note, and the mark of the answer that stood on the page."""

    finding = Radios("What did you find?", choices=FINDINGS, coerce=Finding, required="")
    note = TextArea("Note", required="", rows=2, max_length=2000)
    seen = HiddenField()

    def validate(self, *arguments: Any, **keywords: Any) -> bool:
        """An answer says enough to be kept; a note needs a finding to belong to."""
        if not super().validate(*arguments, **keywords):
            return False
        if self.finding.data is None and self.note.data:
            self.refuse("finding", "Choose what you found, or clear the note")
        elif self.finding.data is not None:
            answering = Answering(self.finding.data, bool(self.note.data))
            for reason in MAY_STAND.judge(answering, context.today()):
                self.refuse("note", reason.text)
        return not self.errors

    @property
    def answer(self) -> Answer | None:
        """The answer as typed; None while nothing is chosen."""
        return Answer(self.finding.data, self.note.data or "") if self.finding.data is not None else None


class PlanForm(Form):
    """What is done about one failing item."""

    what = TextField("What is to be done?", required="Say what is to be done", max_length=LONGEST)
    owner_id = Select("Who does it?", coerce=int, required="Choose who does it", blank=None)
    due_on = DateField("By which day?", required="Enter the day by which it is done")

    @property
    def plan(self) -> Plan:
        """The plan as typed."""
        return Plan(self.what.data, self.owner_id.data, self.due_on.data)


class ProofForm(Form):
    """That an action is done."""

    proof = TextField(
        "What was done?",
        required="Say what was done, or where the proof is",
        max_length=LONGEST,
        description="For example where the screenshot is kept, or the number of the service request.",
    )
