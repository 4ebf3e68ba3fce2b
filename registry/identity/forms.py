"""What a person may type about people and sign-ins."""

from collections.abc import Callable
from typing import Any

from registry.identity.factors import Step
from registry.identity.models import Terms
from registry.vocabulary.permissions import GRANTABLE, Role
from registry.web.fields import (
    CodeField,
    DateField,
    EmailField,
    HiddenField,
    PasswordField,
    Radios,
    Select,
    TextArea,
    TextField,
    choice,
)
from registry.web.forms import EditForm, Form

TERMS = {
    Terms.EMPLOYEE: "Employee",
    Terms.CONTRACTOR: "Contractor or consultant",
    Terms.AGENCY: "Agency worker",
    Terms.VOLUNTEER: "Volunteer",
    Terms.MEMBER: "Member of the council",
}


class SignInForm(Form):
    """Name and password."""

    email = EmailField("Email address", required="Enter your email address")
    password = PasswordField("Password", required="Enter your password")


class ProofForm(Form):
    """A second factor: a code as typed, or what a passkey answered to the script of the page."""

    passkey = HiddenField()
    code = TextField(
        "Code",
        required="",
        width=20,
        max_length=40,
        autocomplete="one-time-code",
        description="Six digits from your authenticator app, or one of your recovery codes.",
        params={"spellcheck": False},
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the two must be there."""
        if not super().validate(extra_validators):
            return False
        if not self.passkey.data and not self.code.data:
            self.refuse("code", "Enter a code")
        return not self.errors


class FactorKindForm(Form):
    """Which second factor somebody sets up."""

    kind = Radios(
        "How will you prove that it is you?",
        choices=[
            choice(
                Step.PASSKEY,
                "With a passkey",
                hint="Your finger, face or PIN on this device or your phone, or a security key. Quick, and no false "
                "website can catch it.",
            ),
            choice(
                Step.APP,
                "With an authenticator app",
                hint="An app on your phone shows six digits, new every half minute. Any such app will do.",
            ),
        ],
        coerce=Step,
        required="Choose one of the two",
    )


class ResetFactorsForm(Form):
    """How it is known that whoever lost their second step is who they say."""

    evidence = TextArea(
        "How do you know that it is really them?",
        required="Say how you know that it is really them",
        max_length=500,
        rows=3,
        description="For example: came to my desk, showed the staff card. A call or an email is not enough.",
    )


class FactorNameForm(Form):
    """What somebody calls one of their factors."""

    name = TextField("Name", required="Enter a name", max_length=60, width=20)


class AppForm(Form):
    """The first code of a new authenticator app."""

    code = CodeField("The six digits that the app shows now", required="Enter the six digits")
    name = TextField("A name for it", required="Enter a name", max_length=60, width=20)


class PasskeyForm(Form):
    """What the browser answered when a passkey was made."""

    passkey = HiddenField()
    name = TextField("A name for it", required="Enter a name", max_length=60, width=20)


class ConfirmForm(Form):
    """The password once more, to show that it is still you."""

    password = PasswordField("Your password", required="Enter your password")


class ForgottenForm(Form):
    """Whose password is forgotten."""

    email = EmailField("Email address", required="Enter your email address")


class NewPasswordForm(Form):
    """A new password."""

    password = PasswordField(
        "New password",
        required="Enter a new password",
        description="At least 12 characters. A few words together are easy to remember and hard to guess.",
        autocomplete="new-password",
    )


class ChangePasswordForm(Form):
    """The present password and a new one."""

    old = PasswordField("Present password", required="Enter your present password")
    password = PasswordField(
        "New password",
        required="Enter a new password",
        description="At least 12 characters.",
        autocomplete="new-password",
    )


class ChangePersonForm(EditForm):
    """What the council knows of somebody."""

    name = TextField("Full name", required="Enter their full name", max_length=120)
    job_title = TextField("Job title", max_length=120)
    terms = Select(
        "They work for the council as",
        choices=[choice(terms.value, label) for terms, label in TERMS.items()],
        coerce=Terms,
        required="Choose on what terms they work",
        blank=None,
    )
    manager_id = Select("Their manager", blank="No manager in the register", coerce=int)
    sponsor_id = Select(
        "Sponsor",
        required="",
        blank="None",
        coerce=int,
        description="For anyone who is not an employee: who answers for them.",
    )
    ends_on = DateField("Last day", required="", description="Needed for anyone who is not an employee.")


class PersonForm(ChangePersonForm):
    """Somebody who joins the council."""

    email = EmailField(
        "Work email address", required="Enter their work email address", description="They sign in with it."
    )
    starts_on = DateField("First day", required="Enter their first day")


class AcceptForm(Form):
    """Under which name somebody joins another council."""

    name = TextField(
        "The name you go by",
        required="Enter your name",
        max_length=120,
        autocomplete="name",
        description="Every council you work for shows it. Set it right here if it is not.",
    )


class RoleForm(Form):
    """A hat for somebody, from a day until a day."""

    role = Select("Role", required="Choose a role", coerce=Role)
    starts_on = DateField("From", required="Enter the first day")
    ends_on = DateField(
        "Until", description="Leave empty if it has no end. For an auditor or a deputy, give the last day."
    )
    reason = TextField("Why", max_length=300, description="For the trail: a minute, a cover, a new post.")


def role_choices(title: Callable[[Role], str]) -> list[Any]:
    """The roles that can be given, in the council's own words."""
    return [choice(role.value, title(role)) for role in GRANTABLE]
