"""What a person may type about an account's end."""

from datetime import date, timedelta

from registry.closures.plan import Plan
from registry.closures.rules import USUAL_NOTICE
from registry.closures.tasks import CONSEQUENCES, Ending
from registry.core.clock import year_after
from registry.web.fields import DateField, Radios, SeenField, Select, TextArea, TextField, choice
from registry.web.forms import EditForm, Form

WHY_SAID = "It appears on the public register from the day the account ends."


class EndingForm(Form):
    """How an account is to end."""

    ending = Radios("Choose the ending", coerce=Ending, required="Choose how the account should end")

    def offer(self, endings: list[Ending]) -> None:
        """Offer only the endings that are open to this account."""
        self.ending.choices = [
            choice(ending.value, ending.label, hint=CONSEQUENCES[0].answers[ending]) for ending in endings
        ]


class PlanForm(Form):
    """When, why and with what to follow an account ends."""

    reason = TextArea("Why does it end?", rows=3, max_length=2000, required="Enter why the account ends")
    minute_ref = TextField(
        "Minute reference", max_length=80, description="Where the decision is recorded, if it is already."
    )
    last_day_on = DateField(
        "Last day",
        required="Enter the account’s last day",
        description="Followers are usually told four weeks before. Steps that would be due before today are due today.",
    )
    review_on = DateField(
        "Day to look at it again",
        required="Enter the day to look at the account again",
        description="Within 12 months of its last day. Until then it does not count as neglected.",
    )
    successor = TextField(
        "To whom is it handed over?",
        required="Enter to whom the account is handed over",
        max_length=120,
        description="The community or partner that will carry it on. The public register names them, so no person.",
    )
    instead = TextField(
        "Where should people go instead?",
        max_length=120,
        description="An address, another account or a telephone number. You can settle this later, as a step.",
    )

    def plan(self, ending: Ending, public_message: str = "") -> Plan:
        """What was typed, as the plan it stands for."""
        return Plan(
            ending=ending,
            last_day_on=self.last_day_on.data,
            reason=self.reason.data,
            minute_ref=self.minute_ref.data,
            review_on=self.review_on.data if "review_on" in self else None,
            successor=self.successor.data if "successor" in self else "",
            instead=self.instead.data,
            public_message=public_message,
        )


class CheckedPlanForm(PlanForm):
    """The plan once more, with what the public register will say."""

    public_message = TextArea(
        "What the public register will say",
        rows=4,
        max_length=300,
        count=True,
        required="Enter what the public register will say",
        description=WHY_SAID,
    )


class ChangeForm(Form):
    """What may change of a closure that has begun."""

    last_day_on = DateField(
        "Last day",
        required="Enter the account’s last day",
        description="The days of all open steps are set back from it again.",
    )
    review_on = DateField(
        "Day to look at it again",
        required="Enter the day to look at the account again",
        description="Within 12 months of its last day.",
    )
    successor = TextField(
        "To whom is it handed over?", required="Enter to whom the account is handed over", max_length=120
    )
    public_message = TextArea(
        "What the public register will say",
        rows=4,
        max_length=300,
        count=True,
        required="Enter what the public register will say",
        description=f"{WHY_SAID} Left as it was proposed, it follows the changes above.",
    )


class ProofForm(Form):
    """What shows that a step was done."""

    proof = TextArea("What shows that it was done?", rows=4, max_length=2000)


class NotNeededForm(Form):
    """Why a step is not needed."""

    why = TextField("Why is it not needed?", max_length=300, required="Enter why the step is not needed")


class HandOnForm(EditForm):
    """Whose a step is, and by when."""

    owner_id = Select("Who does it?", coerce=int, required="Choose who does it")
    due_on = DateField("By when?", required="Enter the day by which it is to be done")


class AbandonForm(Form):
    """Why the account is not to end after all."""

    why = TextField("Why is it abandoned?", max_length=300, required="Enter why the account is not to end")


class RestForm(Form):
    """Until when a mothballed account rests on."""

    until = DateField(
        "Keep it mothballed until",
        required="Enter the day to look at the account again",
        description="At most 12 months from today.",
    )
    minute_ref = TextField("Minute reference", max_length=80, description="Where the decision is recorded.")
    version = SeenField()


def without_strangers(form: Form, ending: Ending) -> None:
    """Take the fields away that this ending does not ask for."""
    if ending is not Ending.MOTHBALL:
        del form.review_on
    if ending is not Ending.HAND_OVER:
        del form.successor


def usual_days(today: date, planned_end_on: date | None) -> dict[str, date]:
    """The days to propose: the planned end where it lies ahead, else four weeks from now; a look within the year."""
    usual = today + USUAL_NOTICE
    ahead = planned_end_on is not None and today <= planned_end_on <= year_after(today)
    last_day = planned_end_on if ahead and planned_end_on else usual
    return {"last_day_on": last_day, "review_on": year_after(last_day) - timedelta(days=1)}
