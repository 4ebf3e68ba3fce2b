"""What a person may type about policies and their versions."""

import unicodedata

from registry.core.errors import Invalid
from registry.web.fields import Checkbox, DateField, FileField, HiddenField, SeenField, TextArea, TextField
from registry.web.forms import EditForm, Form
from registry.web.typed import has_hidden

LONGEST = 300_000
"""Characters of a policy: some hundred pages."""


class PolicyForm(EditForm):
    """What is known of a policy besides its texts."""

    title = TextField("Title", required="Enter the title", max_length=160)
    number = TextField("Policy number", max_length=40, width=20)
    document_number = TextField("Document number", max_length=40, width=20)
    owner = TextField("Owner", max_length=120, description="The post that answers for the policy.")
    review_team = TextField("Review team", max_length=120, description="Who looks at it again each year.")
    opens_gate = Checkbox(
        "People must sign this policy before they may use an account",
        description="The council’s social media policy. Only one policy can be so, and without one nobody is cleared.",
    )


class DraftForm(Form):
    """A version while it is being written."""

    version = TextField(
        "Version", required="Enter the number of the version", max_length=20, width=5, description="For example, 2.1"
    )
    summary_of_changes = TextArea("What is new", rows=3, max_length=2000, description="A sentence or two for readers.")
    text = TextArea(
        "Text", required="", rows=25, max_length=LONGEST, description="In Markdown: # for headings, * for lists."
    )
    file = FileField(
        "Or take the text from a file",
        required="",
        accept=(".md", ".txt"),
        max_bytes=1_000_000,
        description="A .md or .txt file. It replaces what stands in the box above.",
    )
    lock = SeenField()

    def take_file(self) -> None:
        """Put the text of the chosen file, if there is one, into the box."""
        if self.file.data is None:
            return
        try:
            read = self.file.data.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Invalid("file", "The file is not plain text in UTF-8; save it so, or paste the text above") from error
        text = unicodedata.normalize("NFC", read.replace("\r\n", "\n").replace("\r", "\n").strip())
        if has_hidden(text, allowed="\n\t"):
            raise Invalid("file", "The file contains hidden or control characters; paste the text above instead")
        if len(text) > LONGEST:
            raise Invalid("file", f"The text must be {LONGEST:,} characters or fewer")
        self.text.data = text


class PublishForm(Form):
    """Who approved a version, and its days."""

    approved_by = TextField(
        "Approved by", required="Enter who approved it", max_length=120, description="The committee or the council."
    )
    minute_ref = TextField("Minute reference", required="Enter where the approval is minuted", max_length=80, width=20)
    effective_on = DateField(
        "In force from",
        required="Enter the day it takes effect",
        description="Today or a day to come; it need not be the day of the approval.",
    )
    review_due_on = DateField("Review due", description="Leave empty for a year after it takes effect.")
    is_minor = Checkbox("This is a minor correction: nobody is asked to sign again")
    sure = Checkbox(
        "I have checked the text: once published it can never be changed",
        required="Tick that you have checked the text",
    )
    lock = SeenField()


class DiscardForm(Form):
    """The draft that is to be thrown away."""

    lock = SeenField()


class SignForm(Form):
    """Agreement to one exact text."""

    agree = Checkbox("I have read it and agree", required="Tick that you have read the policy and agree to it")
    version_id = HiddenField()
    text_hash = HiddenField()
