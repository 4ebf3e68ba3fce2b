"""What a council's spreadsheet may tell about an account: each field, its reader and its explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from registry.accounts.importing import cells
from registry.accounts.spreadsheet import guess_columns


@dataclass(frozen=True)
class Field:
    """One thing a column may hold. `fact` is the account's own column; some fields have none of that name."""

    key: str
    label: str
    explained: str
    example: str
    read: cells.Reader
    fact: str = ""
    is_past: bool = False


_LINE, _TEXT = cells.text_of(200), cells.text_of()

FIELDS: Final = (
    Field("platform", "Platform", "Facebook, Twitter, Instagram… Needed unless there is a link.", "Facebook", _LINE),
    Field("handle", "Handle", "The name on the platform, in any spelling. Needed unless there is a link.",
          "@ExampleWaste", cells.text_of(2_048)),
    Field("url", "Link", "The address of the account. Needed unless there are a platform and a handle.",
          "https://www.facebook.com/ExampleWaste", cells.text_of(2_048)),
    Field("name", "Account name", "What residents see. Empty: the handle.", "Example Council Waste", _LINE),
    Field("service_area", "Service area", "The team that answers for the account. Needed.", "Waste",
          cells.text_of(120)),
    Field("purpose", "Purpose", "What the account is for.", "Collection days and recycling", _TEXT, "purpose"),
    Field("audience", "Audience", "Whom it speaks to.", "Residents", _TEXT, "audience"),
    Field("for_children", "Under-18s", "Yes if it speaks to under-18s.", "no", cells.read_yes_no, "for_children"),
    Field("state", "Status", "Proposed, authorised, live, mothballed, closed or handed over. Empty: live.", "live",
          cells.read_state),
    Field("responsible", "Owner email", "The responsible person’s work address in the register.",
          "waste.editor@council.example", cells.read_email),
    Field("cadence_days", "Cadence days", "Days between posts as agreed, or a word such as weekly.", "7",
          cells.read_cadence, "cadence_days"),
    Field("last_posted", "Last posted", "The day of the latest post.", "16/11/2026", cells.read_day, "last_posted_on",
          is_past=True),
    Field("risk", "Risk", "Low, normal or high.", "normal", cells.read_risk, "risk"),
    Field("language", "Language", "English, Welsh…", "English", cells.text_of(20), "language"),
    Field("authorised_on", "Authorised on", "The day the council agreed to the account.", "03/05/2024",
          cells.read_day, "authorised_on", is_past=True),
    Field("trial_ends_on", "Trial ends on", "The last day of a trial, if it is one.", "", cells.read_day,
          "trial_ends_on"),
    Field("planned_end_on", "Planned end", "The day it is meant to end, if there is one.", "", cells.read_day,
          "planned_end_on"),
    Field("notes", "Notes", "Anything else. Never a password.", "", _TEXT, "notes"),
)  # fmt: skip

BY_KEY: Final[Mapping[str, Field]] = {field.key: field for field in FIELDS}


def guess(headings: Sequence[str]) -> dict[str, str]:
    """Which heading holds which field, as far as the words tell; the headings of our own template always do."""
    own = {field.label.casefold(): field.key for field in FIELDS}
    mapping = {own[heading.casefold()]: heading for heading in reversed(headings) if heading.casefold() in own}
    left = [heading for heading in headings if heading not in mapping.values()]
    return {**{key: heading for key, heading in guess_columns(left).items() if key not in mapping}, **mapping}


def template_rows() -> list[list[str]]:
    """A sample to fill in: the headings, and one made-up account."""
    return [[field.label for field in FIELDS], [field.example for field in FIELDS]]
