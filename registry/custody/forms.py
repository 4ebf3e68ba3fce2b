"""What a person may type about credentials. A secret that was typed is never sent back to the page."""

from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import override

from registry.core.secret import Secret
from registry.custody.codes import DIGITS, PERIODS, Algorithm, described
from registry.custody.models import Kind
from registry.custody.models_recovery import DetailKind
from registry.custody.wording import DETAILS, HOURS, LONGEST_REASON, NEEDS_LABEL, OCCASIONS, USUAL_HOURS, Occasion
from registry.web.fields import (
    Checkbox,
    HiddenField,
    IntegerField,
    PasswordField,
    Radios,
    SeenField,
    Select,
    TextArea,
    TextField,
    choice,
)
from registry.web.filters import plural
from registry.web.forms import EditForm, Form


class SecretArea(TextArea):
    """Several lines that are secret: what was typed is never sent back."""

    def _value(self) -> str:
        return ""


class DetailsForm(Form):
    """What is written beside a credential, open to all who see the list."""

    label = TextField(
        "Label", max_length=120, description="Only if there is more than one of a kind: “Main”, “Second administrator”."
    )
    sign_in_name = TextField(
        "Sign-in name", max_length=200, description="The name or email address the platform asks for. Not secret."
    )
    notes = TextArea("Notes", rows=3, max_length=2000, description="Not secret. Never write a password here.")


class DescribeForm(EditForm, DetailsForm):
    """The same, with the state of the credential that was looked at."""


class ValueForm(Form):
    """The secret value of a credential, as its kind is typed."""

    @property
    def secret(self) -> Secret[str]:
        """What was typed, out of sight."""
        return Secret(str(self["value"].data))


class PasswordForm(ValueForm):
    """A password: typed twice, or taken from the generator as it stands."""

    value = PasswordField("Password", required="Enter the password", autocomplete="off")
    again = PasswordField("The same password again", required="", autocomplete="off")
    generated = HiddenField()

    @override
    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """A password that somebody typed must be typed the same way twice."""
        fine = bool(super().validate(extra_validators))
        if not fine or self.generated.data or self.again.data == self.value.data:
            return fine
        self.refuse("again", "The two passwords are not the same")
        return False


class SeedForm(ValueForm):
    """The seed of two-step codes. What an address says of itself counts; the rest is for letters typed by hand."""

    value = PasswordField(
        "Seed",
        required="Enter the seed",
        autocomplete="off",
        description="The letters and digits the platform shows when you choose “enter the key by hand”, or an "
        "address that begins with otpauth://. Afterwards the codes are shown, and hardly ever the seed.",
    )
    algorithm = Select("Algorithm", choices=[choice(a.value, a.value) for a in Algorithm], default="SHA1", blank=None)
    digits = Select(
        "Digits of a code", choices=[choice(str(n), str(n)) for n in DIGITS], coerce=int, default=6, blank=None
    )
    period = IntegerField("Seconds that a code lasts", required="", least=PERIODS[0], most=PERIODS[-1], default=30)

    @property
    @override
    def secret(self) -> Secret[str]:
        """What was typed, with what was said of it beside, as one text."""
        return described(
            Secret(str(self.value.data)),
            algorithm=self.algorithm.data or Algorithm.SHA1.value,
            digits=self.digits.data or 6,
            period=self.period.data or 30,
        )


class CodesForm(ValueForm):
    """A list of recovery codes."""

    value = SecretArea(
        "Recovery codes",
        required="Enter the recovery codes",
        rows=10,
        description="One on each line, as the platform gave them.",
        params={"spellcheck": False, "autocomplete": "off"},
    )


class TokenForm(ValueForm):
    """A token that lets another program act for the account."""

    value = PasswordField("API token", required="Enter the token", autocomplete="off", max_length=4000)


VALUE_FORMS: dict[Kind, type[ValueForm]] = {
    Kind.PASSWORD: PasswordForm,
    Kind.TOTP: SeedForm,
    Kind.RECOVERY_CODES: CodesForm,
    Kind.API_TOKEN: TokenForm,
}


def deposit_form(kind: Kind, *, is_another: bool) -> ValueForm:
    """The form for a new credential of this kind; another of its kind needs a label of its own."""
    made: ValueForm = type("DepositForm", (VALUE_FORMS[kind], DetailsForm), {})()
    if is_another:
        made["label"].required = NEEDS_LABEL
        made["label"].description = "Whose or what for: “Second administrator”, “Press office”."
    return made


def replace_form(kind: Kind, version: int) -> ValueForm:
    """The form for another value of a credential that stands at this version."""
    fields = {"version": SeenField()}
    made: ValueForm = type("ReplaceForm", (VALUE_FORMS[kind],), fields)(version=version)
    return made


class AskForm(Form):
    """Why somebody wants to see a credential."""

    occasion = Radios(
        "What do you need it for?",
        choices=[choice(occasion.value, words) for occasion, words in OCCASIONS.items()],
        coerce=Occasion,
        required="Choose what you need it for",
    )
    words = TextField(
        "In a few words",
        required="Say in a few words what you need it for",
        max_length=LONGEST_REASON,
        description="For example: the notice about Friday’s road works. It is written in the trail; no password here.",
    )


def ask_form(*, checks_out: bool, may_break: bool, told: str) -> AskForm:
    """The form that asks; with for how long, where one has it at a time, and with the glass to break."""
    fields: dict[str, Any] = {}
    if checks_out:
        fields["hours"] = Select(
            "For how long do you need it to yourself?",
            choices=[choice(str(hours), plural(hours, "hour")) for hours in HOURS],
            coerce=int,
            default=USUAL_HOURS,
            blank=None,
            required="Choose for how long you need it",
        )
    if may_break:
        fields["cannot_wait"] = Checkbox(
            "It cannot wait: break the glass and show it to me now",
            description=f"{told} are told at once, somebody else reviews it by the next working day, and the value is "
            "due to be changed.",
        )
    made: AskForm = type("AskingForm", (AskForm,), fields)()
    return made


class DecideForm(Form):
    """What a second person says to a request to look."""

    agrees = Radios(
        "Do you agree?",
        choices=[choice("yes", "Yes, they may see it once"), choice("no", "No")],
        required="Choose whether you agree",
    )
    words = TextField(
        "In a few words", required="", max_length=300, description="Whoever asked reads it. Needed where you say no."
    )


class ReviewGlassForm(Form):
    """What somebody else says to a broken glass."""

    needed = Radios(
        "Was it needed?",
        choices=[choice("yes", "Yes, it could not wait"), choice("no", "No, it could have waited")],
        required="Choose whether it was needed",
    )
    words = TextField(
        "What was done since?",
        required="Say what was done since",
        max_length=250,
        description="For example: spoke with them, the codes were replaced the same day.",
    )


class DetailForm(EditForm):
    """By what a platform lets somebody back in, and who has it."""

    kind = Radios(
        "What is it?",
        choices=[choice(kind.value, words[:1].upper() + words[1:]) for kind, words in DETAILS.items()],
        coerce=DetailKind,
        required="Choose what it is",
    )
    value = TextField(
        "The address or number, or what device it is",
        required="Enter the address, the number or the device",
        max_length=200,
        description="Shown in full only to those who may use this account. Not a password, not a code.",
    )
    holder_id = Select("Who holds it?", required="", coerce=int, blank="Nobody: it is kept in a place")
    place = TextField(
        "Where is it kept?",
        required="",
        max_length=200,
        description="For example: the safe in the Clerk’s office, envelope 4.",
    )
    notes = TextField("Notes", max_length=300)


class DestroyForm(Form):
    """The confirmation that a credential is to be destroyed."""

    reason = TextField("Why it is not needed any more", max_length=200)
    handle = TextField("To confirm, type the account’s handle", required="Type the account’s handle to confirm")
