"""What a person may type about flags."""

from registry.web.fields import DateField, TextArea
from registry.web.forms import Form


class AcknowledgeForm(Form):
    """Until when a finding is put aside, and why."""

    until = DateField("Until which day?", required="Enter the day until which you acknowledge it")
    why = TextArea(
        "Why?",
        required="Say why it can wait",
        max_length=300,
        description="For whoever looks at it next. For example: the new editor’s course is on 3 December.",
    )
