"""What a person may type about courses and training."""

from registry.training.models import CourseKind
from registry.web.fields import DateField, IntegerField, Radios, Select, TextArea, TextField, choice
from registry.web.forms import EditForm, Form

KINDS = {CourseKind.EDITOR: "Editor training", CourseKind.AWARENESS: "Basic awareness"}
LONGEST = 120
"""Months for which a course may hold: ten years."""


class CourseForm(EditForm):
    """A course the council recognises."""

    name = TextField("Name", required="Enter the name of the course", max_length=120)
    kind = Radios(
        "What is it for?",
        choices=[
            choice(CourseKind.EDITOR, KINDS[CourseKind.EDITOR], hint="Needed before anybody may use an account."),
            choice(CourseKind.AWARENESS, KINDS[CourseKind.AWARENESS], hint="For everybody who works for the council."),
        ],
        coerce=CourseKind,
        required="Choose what the course is for",
    )
    valid_months = IntegerField(
        "For how many months does it hold?",
        least=1,
        most=LONGEST,
        required="Enter for how many months the course holds",
        description="For example, 12 for a year. A change does not touch training already recorded.",
    )
    provider = TextField("Who usually gives it", max_length=120)
    description = TextArea("What it covers", rows=4, max_length=2000)


class RecordForm(Form):
    """That somebody completed a course."""

    person_id = Select("Whose training is it?", coerce=int, required="Choose whose training it is", blank=None)
    course_id = Select("Course", coerce=int, required="Choose the course")
    completed_on = DateField("Day it was completed", required="Enter the day it was completed")
    provider = TextField(
        "Who gave it", max_length=120, description="Leave empty if it was whoever usually gives the course."
    )
    evidence = TextField(
        "What shows it",
        max_length=300,
        description="A certificate number, an attendance list, a link to where it is kept.",
    )


class RefuseForm(Form):
    """Why a training record is not accepted."""

    reason = TextField("Why is it not accepted?", required="Enter why it is not accepted", max_length=300)
