"""What is said when somebody leaves, is suspended, or loses a device."""

from registry.web.fields import DateField, Radios, TextField, choice
from registry.web.forms import Form


class LeaveForm(Form):
    """When somebody's last day is: a day to come, or over this minute."""

    when = Radios(
        "When is it over?",
        choices=[
            choice("now", "At once", hint="Yesterday counts as their last day. They are signed out this minute."),
            choice("day", "After a last day", hint="On the day after, nothing opens to them any more."),
        ],
        required="Choose when it is over",
    )
    last_day = DateField("Last day", required="")


class SuspendForm(Form):
    """Why somebody's work is suspended."""

    why = TextField(
        "Why?",
        required="Enter why",
        max_length=300,
        description="Only those who manage people read it. The trail keeps that it happened, not why.",
    )


class DeviceForm(Form):
    """Which device was lost."""

    device = TextField(
        "Which device?",
        required="Say which device",
        max_length=120,
        description="For example: work phone, left on a train.",
    )
