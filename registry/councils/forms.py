"""What a council may settle about itself."""

from typing import Any
from zoneinfo import available_timezones

from registry.councils.models import CHAINS, DEFAULT_TITLES
from registry.vocabulary.looks import WAYS, Look
from registry.vocabulary.permissions import Role
from registry.web import theme
from registry.web.fields import (
    Checkbox,
    Checkboxes,
    IntegerField,
    Radios,
    SeenField,
    Select,
    TextArea,
    TextField,
    UrlField,
    choice,
)
from registry.web.forms import Form
from registry.web.typed import EMAIL

OWN = "own"
MOST_KEEPERS = 20


class NamesForm(Form):
    """The council's name, where it is found, and its own words for the roles."""

    version = SeenField()
    name = TextField("Name of the council", required="Enter the council's name", max_length=120)
    website = UrlField("Website", max_length=200)
    contact = TextField(
        "Whom residents ask about its accounts",
        max_length=200,
        description="Shown on the public register: a phone number or a shared address, not a person’s.",
    )
    time_zone = Select(
        "Time zone",
        choices=[choice(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone],
        required="Choose a time zone",
        blank=None,
    )


for _role in Role:
    setattr(
        NamesForm,
        f"title_{_role.value}",
        TextField(f"Title for “{DEFAULT_TITLES[_role]}”", required="", max_length=60, width=20),
    )


class ChainForm(Form):
    """Who decides on a request, in which order."""

    version = SeenField()
    template = Radios("Who decides on a request for an account", required="Choose who decides")
    step_1 = Select("First", required="", blank="Nobody", coerce=Role)
    step_2 = Select("Second", required="", blank="Nobody", coerce=Role)
    step_3 = Select("Third", required="", blank="Nobody", coerce=Role)
    step_4 = Select("Fourth", required="", blank="Nobody", coerce=Role)

    def validate(self, extra_validators: Any = None) -> bool:
        """An order of one's own has a first step, and nobody in it twice."""
        if not super().validate(extra_validators):
            return False
        if not self.steps:
            self.refuse("step_1", "Choose who decides first")
        elif len(set(self.steps)) < len(self.steps):
            self.refuse("step_2", "Each role can decide only once")
        return not self.errors

    @property
    def steps(self) -> tuple[Role, ...]:
        """The roles chosen, in order."""
        if self.template.data != OWN:
            return CHAINS[self.template.data]
        return tuple(field.data for field in (self.step_1, self.step_2, self.step_3, self.step_4) if field.data)


class ExceptionsForm(Form):
    """The recorded exceptions of a one-officer council; the Clerk's to switch on, by a minute."""

    version = SeenField()
    own_request_exception = Checkbox("Somebody may decide on their own request, and confirm their own training")
    two_steps_exception = Checkbox("One person may decide two steps of a request")
    custody_exception = Checkbox("One person may see alone what custody wants two people for")
    exception_minute = TextField(
        "Minute that allowed the exception",
        required="",
        max_length=200,
        description="For a council with one officer. Every use of the exception shows on the request and in the trail.",
    )


class KeepersForm(Form):
    """Who outside the register is sent the checkpoints of its trail."""

    version = SeenField()
    outside = TextArea(
        "Addresses outside the register",
        rows=4,
        max_length=2000,
        description="One email address a line: the Chair’s, say, or the external auditor’s.",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Every line is one address."""
        if not super().validate(extra_validators):
            return False
        wrong = next((address for address in self.addresses if not EMAIL.fullmatch(address)), None)
        if wrong:
            self.refuse("outside", f"{wrong} is not an email address, like name@council.example")
        if len(self.addresses) > MOST_KEEPERS:
            self.refuse("outside", f"Enter {MOST_KEEPERS} addresses at most")
        return not self.errors

    @property
    def addresses(self) -> list[str]:
        """What was entered, without empty lines and repetitions."""
        return list(dict.fromkeys(line.strip() for line in self.outside.data.splitlines() if line.strip()))


LOOKS = {
    Look.PASSWORD: "A password",
    Look.API_TOKEN: "An API token",
    Look.RECOVERY_CODE: "The next recovery code",
    Look.RECOVERY_LIST: "A whole list of recovery codes",
    Look.SEED: "A two-step seed itself",
}


class RevealsForm(Form):
    """How what is in custody may be seen."""

    version = SeenField()
    daily_reveals = IntegerField(
        "How often may one person look in a day?",
        least=1,
        most=500,
        required="Enter a number",
        description="Codes of the moment are not counted. Breaking the glass counts, and is never stopped by it.",
    )


for _look, _words in LOOKS.items():
    setattr(
        RevealsForm,
        f"way_{_look.value}",
        Radios(
            _words,
            choices=[choice(way.value, words) for way, words in WAYS.items()],
            required="Choose how it may be seen",
        ),
    )


PROPOSED = (Role.CLERK, Role.COMMS, Role.ADMINISTRATOR)
"""Who opens every account, or lets people in: whom a false page would be made for."""


class SignInForm(Form):
    """Whose second step at sign-in must be a passkey."""

    version = SeenField()
    passkey_roles = Checkboxes("Which roles come in with a passkey only?")


class MeasuresForm(Form):
    """The numbers by which accounts are measured."""

    version = SeenField()
    ideal_editors = IntegerField(
        "Editors a service area should have",
        least=1,
        most=20,
        required="Enter a number",
        description="002 §19.2: ideally two.",
    )
    training_confirmed = Checkbox("Training counts only when communications has confirmed it")
    grace_days = IntegerField(
        "Days of grace to sign a new version of the policy", least=0, most=365, required="Enter a number of days"
    )
    default_cadence_days = IntegerField(
        "Days between posts, where a request agreed nothing else", least=1, most=365, required="Enter a number of days"
    )
    review_low = IntegerField(
        "Days between security reviews, low risk", least=7, most=730, required="Enter a number of days"
    )
    review_normal = IntegerField(
        "Days between security reviews, normal risk", least=7, most=730, required="Enter a number of days"
    )
    review_high = IntegerField(
        "Days between security reviews, high risk", least=7, most=730, required="Enter a number of days"
    )


class ColoursForm(Form):
    """The council's two colours, which must be readable (WCAG 2.2, 1.4.3)."""

    version = SeenField()
    brand_colour = TextField(
        "Brand colour",
        required="Enter a colour like #1d4f5f",
        max_length=7,
        width=10,
        description="Behind the council’s name.",
    )
    link_colour = TextField("Link colour", required="Enter a colour like #1a5a8a", max_length=7, width=10)

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse colours in which a page could not be read, saying which contrast fails."""
        if not super().validate(extra_validators):
            return False
        for problem in theme.problems(self.brand_colour.data, self.link_colour.data):
            self.refuse("brand_colour" if problem.lower().count("brand") else "link_colour", problem)
        return not self.errors
