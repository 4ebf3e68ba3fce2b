"""What a person may type about activity."""

from registry.activity.day_file import MOST_POSTS
from registry.web.fields import DateField, FileField, HiddenField, IntegerField
from registry.web.forms import Form


class DayForm(Form):
    """A day on which the account posted, and how often."""

    posted_on = DateField("On which day did it post?", required="Enter the day of the post")
    posts = IntegerField("How many posts?", required="Enter how many posts there were", least=1, most=MOST_POSTS)


class FileForm(Form):
    """A file of days."""

    file = FileField(
        "File of days",
        accept=(".csv", ".xlsx"),
        required="Choose a file",
        description="A CSV or Excel file with a column “date” and, if you have it, a column “posts”.",
    )


class CarriedDaysForm(Form):
    """The days of a file between its preview and the act."""

    days = HiddenField()
    filename = HiddenField()
