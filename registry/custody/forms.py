"""What a person may type about credentials. A secret that was typed is never sent back to the page."""

from collections.abc import Mapping, Sequence
from typing import Any

from typing_extensions import override

from registry.core.secret import Secret
from registry.custody.models import Kind
from registry.custody.wording import LONGEST_REASON, OCCASIONS, Occasion
from registry.web.fields import HiddenField, PasswordField, Radios, SeenField, TextArea, TextField, choice
from registry.web.forms import Form


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


class DescribeForm(DetailsForm):
    """The same, with the state of the credential that was looked at."""

    lock = SeenField()


class ValueForm(Form):
    """The secret value of a credential, as its kind is typed."""

    @property
    def secret(self) -> Secret[str]:
        """What was typed, out of sight."""
        return Secret(str(self["value"].data))


class PasswordForm(ValueForm):
    """A password: typed twice, or taken from the generator as it stands."""

    value = PasswordField("Password", required="Enter the password", autocomplete="off")
    again = PasswordField("The same password again", autocomplete="off")
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
    """The seed of two-step codes."""

    value = PasswordField(
        "Seed",
        required="Enter the seed",
        autocomplete="off",
        description="The letters and digits the platform shows when you choose “enter the key by hand”, or an "
        "address that begins with otpauth://. Afterwards nobody sees it again, only the codes.",
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


def deposit_form(kind: Kind) -> ValueForm:
    """The form for a new credential of this kind."""
    made: ValueForm = type("DepositForm", (VALUE_FORMS[kind], DetailsForm), {})()
    return made


def replace_form(kind: Kind, version: int) -> ValueForm:
    """The form for another value of a credential that stands at this version."""
    fields = {"version": SeenField()}
    made: ValueForm = type("ReplaceForm", (VALUE_FORMS[kind],), fields)(version=version)
    return made


class AskForm(Form):
    """Why somebody wants to see a credential, and the proof that it is them."""

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
    password = PasswordField(
        "Your own password",
        required="Enter your own password",
        description="The one you sign in here with.",
    )


class DestroyForm(Form):
    """The confirmation that a credential is to be destroyed."""

    reason = TextField("Why it is not needed any more", max_length=200)
    handle = TextField("To confirm, type the account’s handle", required="Type the account’s handle to confirm")
