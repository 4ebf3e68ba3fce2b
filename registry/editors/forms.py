"""What a person may type about editors."""

from registry.web.fields import DateField, Radios, Select, TextField, choice
from registry.web.forms import Form


class NameForm(Form):
    """Who is to act for a service area, and from when."""

    person_id = Select("Who", coerce=int, required="Choose whom to name", blank="Choose a person")
    starts_on = DateField("From", required="Enter the first day", description="Today or a day to come.")
    reason = TextField("Why", required="", max_length=300)


class StandDownForm(Form):
    """When and why somebody stops being an editor."""

    when = Radios(
        "When?",
        choices=[
            choice("now", "At once", hint="From this moment no account of this service area opens to them."),
            choice("today", "As today ends"),
        ],
        required="Choose when",
    )
    reason = TextField("Why?", required="Enter why", max_length=300, description="For example: moved to another team.")
