"""What a person may type about accounts, service areas and a spreadsheet to import."""

from collections.abc import Sequence
from typing import Any

from registry.accounts.importing import FIELDS, Plan
from registry.accounts.models import ServiceArea
from registry.accounts.spreadsheet import LARGEST, Table
from registry.accounts.wording import FACTS, RISKS
from registry.core.errors import Invalid
from registry.councils.models import Risk
from registry.web.fields import (
    Checkbox,
    DateField,
    FileField,
    IntegerField,
    SeenField,
    Select,
    TextArea,
    TextField,
    choice,
)
from registry.web.forms import EditForm, Form

SAMPLES, SAMPLE_LENGTH = 3, 30
"""How much of a column is shown beside its heading."""


class Versioned(Form):
    """A form that remembers which version of the entry its reader saw."""

    version = SeenField()

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, by the names of the facts."""
        return {name: field.data for name, field in self._fields.items() if name != "version"}


class LeftoversForm(Versioned):
    """What remains of an account that has ended, and what is said of it."""

    branded = Checkbox(FACTS["branded"], description="Its page still shows the council’s name, logo or crest.")
    linked_from_website = Checkbox(FACTS["linked_from_website"])
    two_step_on = Checkbox(FACTS["two_step_on"])
    public_note = TextField(
        FACTS["public_note"],
        max_length=300,
        description="Residents read this beside the account in the public register.",
    )
    notes = TextArea(FACTS["notes"], rows=3, description="For colleagues. Never a password: those belong in custody.")


class ChangeForm(LeftoversForm):
    """Everything about an account that its keepers may change."""

    name = TextField(FACTS["name"], required="Enter the name that residents see", max_length=200)
    service_area_id = Select(
        FACTS["service_area_id"], coerce=int, required="Choose the service area that answers for it", blank=None
    )
    responsible_id = Select(
        FACTS["responsible_id"], coerce=int, blank="Nobody yet", description="Is told first when a check falls due."
    )
    purpose = TextArea(
        FACTS["purpose"], rows=3, description="What it is for, and why the corporate account is not enough."
    )
    audience = TextArea(FACTS["audience"], rows=2, description="Whom it speaks to.")
    for_children = Checkbox("It speaks to people under 18", description="Then safeguarding is part of every review.")
    language = TextField(FACTS["language"], required="Enter its language", max_length=20, width=20)
    paired = TextField(
        "Paired account", max_length=2_048, description="The address of its twin in another language, if it has one."
    )
    engagement = TextArea(FACTS["engagement"], rows=2, description="Who answers comments and messages, and how soon.")
    cadence_days = IntegerField(FACTS["cadence_days"], least=1, most=1_000)
    resources = TextArea(FACTS["resources"], rows=2, description="Whose time and what money it takes.")
    benchmarks = TextArea(FACTS["benchmarks"], rows=2, description="How you will know that it works.")
    risk = Select(
        FACTS["risk"],
        choices=[choice(risk.value, name) for risk, name in RISKS.items()],
        coerce=Risk,
        blank=None,
        description="How much harm it could do in the wrong hands; sets how often its security is reviewed.",
    )
    platform_uid = TextField(
        FACTS["platform_uid"], max_length=100, width=20, description="Stays the same when the name changes."
    )
    authorised_on = DateField(FACTS["authorised_on"])
    trial_ends_on = DateField(FACTS["trial_ends_on"], description="If it is on trial: a decision is due by then.")
    planned_end_on = DateField(FACTS["planned_end_on"], description="If it is meant for a time only.")


class RenameForm(Versioned):
    """A new name on the platform."""

    address = TextField(
        "New handle or address",
        required="Enter the new handle, or paste the new address",
        max_length=2_048,
        params={"spellcheck": False},
    )
    name = TextField(FACTS["name"], required="Enter the name that residents see", max_length=200)


class AreaForm(EditForm):
    """A service area."""

    name = TextField("Name", required="Enter the name of the service area", max_length=120)
    description = TextArea("What it does", rows=3, max_length=1_000)
    manager_id = Select(
        "Manager",
        coerce=int,
        blank="Nobody yet",
        description="Names its editors, and gives the first agreement to its requests.",
    )


class EndAreaForm(Form):
    """When a service area answers for the last time."""

    last_day = DateField("Last day", required="Enter its last day")


class UploadForm(Form):
    """A spreadsheet to take over."""

    file = FileField(
        "Spreadsheet",
        accept=(".csv", ".xlsx"),
        max_bytes=LARGEST,
        required="Choose a CSV or XLSX file",
        description="CSV or XLSX, at most 5 MB. Of a workbook with several sheets, the first is read.",
    )


class ApplyForm(Form):
    """The last word before a spreadsheet enters the register."""

    create_areas = Checkbox("Create the new service areas")


class ColumnsForm(Form):
    """What each column of a spreadsheet holds; made for one file by `columns_form`."""

    area_id = Select(
        "Service area for rows that name none",
        required="",
        coerce=int,
        blank="Each row must name its own",
        description="For a file without such a column.",
    )

    @property
    def columns(self) -> list[Any]:
        """The fields that stand for columns, in the order of the file."""
        return [field for name, field in self._fields.items() if name.startswith("column_")]

    def plan(self) -> Plan:
        """Which column holds what; two columns for one thing is a fault of the second."""
        chosen: dict[str, str] = {}
        for field in self.columns:
            if field.data in chosen:
                raise Invalid(field.name, f"“{chosen[field.data]}” holds that already: choose one of the two")
            if field.data:
                chosen[field.data] = field.label.text
        return Plan(chosen, self.area_id.data)


def columns_form(table: Table, plan: Plan, areas: Sequence[ServiceArea]) -> ColumnsForm:
    """The form for the columns of this file, set to what is settled or guessed so far."""
    kinds = [choice(field.key, field.label) for field in FIELDS]
    fields = {
        f"column_{place}": Select(
            heading, required="", choices=kinds, blank="Not imported", description=_sample(table, place)
        )
        for place, heading in enumerate(table.headings)
    }
    holds = {heading: key for key, heading in plan.columns.items()}
    guessed = {f"column_{place}": holds.get(heading) for place, heading in enumerate(table.headings)}
    form: ColumnsForm = type("ColumnsOfThisFile", (ColumnsForm,), fields)(area_id=plan.area_id, **guessed)
    form.area_id.choices = [choice(str(area.id), area.name) for area in areas]
    return form


def _sample(table: Table, place: int) -> str:
    found = list(dict.fromkeys(row[place] for row in table.rows if row[place]))
    shown = [text if len(text) <= SAMPLE_LENGTH else f"{text[:SAMPLE_LENGTH]}…" for text in found[:SAMPLES]]
    return " · ".join(shown) or "Empty in every row"
