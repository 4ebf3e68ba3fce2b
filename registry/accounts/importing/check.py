"""A council's spreadsheet judged cell by cell, before anything of it enters the register.

Pure: what the register knows already is given, so that a page, the command line and a test share it,
and ten thousand rows ask the database nothing.
"""

from typing import Any, Final

from registry.accounts.identify import Identity, Unrecognised, identify
from registry.accounts.importing.cells import Misread, shortened
from registry.accounts.importing.fields import BY_KEY, FIELDS
from registry.accounts.importing.preview import Known, Line, Plan, Preview, Problem
from registry.accounts.models import ENDED, AccountState
from registry.accounts.platforms import find_platform
from registry.accounts.rules import MAY_BE_ENTERED, Presence
from registry.accounts.spreadsheet import Table

OUT_OF_USE: Final = (*ENDED, AccountState.MOTHBALLED)
NOTHING: Final = frozenset({"", "-", "–", "—", "n/a", "tbc", "tba"})
"""What people write into a cell to say that there is nothing in it."""


def check(table: Table, plan: Plan, known: Known) -> Preview:
    """Judge every cell of a table; nothing is changed, and nothing is asked of the database."""
    general = tuple(gaps(table, plan))
    if general:
        return Preview((), (), general)
    checker = _Checker(table, plan, known)
    lines = tuple(checker.line(number, row) for number, row in zip(table.numbers, table.rows, strict=True))
    return Preview(lines, tuple(checker.new_areas.values()))


def gaps(table: Table, plan: Plan) -> list[Problem]:
    """What no row can make up for."""
    columns, found = plan.columns, []
    if not table.rows:
        found.append(Problem(1, "", "There is no row under the headings"))
    if not ("url" in columns or "handle" in columns):
        found.append(Problem(1, "", "No column says which account it is: choose the link, or platform and handle"))
    if "service_area" not in columns and plan.area_id is None:
        found.append(Problem(1, "", "No column says which service area answers for the account"))
    return found


class _Checker:
    """Judges row after row, remembering which accounts and new service areas it met."""

    def __init__(self, table: Table, plan: Plan, known: Known) -> None:
        places = {heading: place for place, heading in enumerate(table.headings)}
        self.places = {key: places[heading] for key, heading in plan.columns.items() if heading in places}
        self.headings = {item.key: plan.columns.get(item.key, item.label) for item in FIELDS}
        self.known, self.area_id = known, plan.area_id
        self.seen: dict[tuple[str, str], int] = {}
        self.new_areas: dict[str, str] = {}

    def line(self, number: int, row: list[str]) -> Line:
        problems: list[tuple[str, str]] = []
        warnings: list[tuple[str, str]] = []
        values = self._values(row, problems)
        identity = self._identity(values, number, problems)
        area_name, area_id = self._area(values, problems)
        state = values.get("state", AccountState.LIVE)
        self._judge(identity, state, values, problems)
        facts = {item.fact: values[item.key] for item in FIELDS if item.fact and item.key in values}
        if "responsible" in values:
            facts["responsible_id"] = self._person(values["responsible"], warnings)
        shown = values.get("name") or (identity.handle if identity else values.get("handle") or values.get("url", ""))
        return Line(
            number, identity, area_name, area_id, state, shown, facts,
            self._told(number, problems), self._told(number, warnings),
        )  # fmt: skip

    def _values(self, row: list[str], problems: list[tuple[str, str]]) -> dict[str, Any]:
        values = {}
        for key, place in self.places.items():
            text = row[place].replace("\xa0", " ").strip()
            if text.casefold() not in NOTHING:
                try:
                    values[key] = BY_KEY[key].read(text)
                except Misread as trouble:
                    problems.append((key, str(trouble)))
        return values

    def _identity(self, values: dict[str, Any], number: int, problems: list[tuple[str, str]]) -> Identity | None:
        if any(key in ("platform", "handle", "url") for key, _ in problems):
            return None
        found = _which_account(values.get("platform"), values.get("handle"), values.get("url"))
        if not isinstance(found, Identity):
            problems.append(found)
            return None
        name = (found.platform, found.handle_key)
        column = "url" if "url" in values else "handle"
        if name in self.known.taken:
            problems.append((column, self.known.taken[name]))
        elif name in self.seen:
            problems.append((column, f"That is the same account as in row {self.seen[name]}"))
        self.seen.setdefault(name, number)
        return found

    def _area(self, values: dict[str, Any], problems: list[tuple[str, str]]) -> tuple[str, int | None]:
        name = " ".join(values.get("service_area", "").split())
        key = name.casefold()
        if not name:
            if self.area_id is None and not any(column == "service_area" for column, _ in problems):
                problems.append(("service_area", "Say which service area answers for the account"))
            return "", self.area_id
        if key in self.known.areas:
            return name, self.known.areas[key]
        if key in self.known.ended_areas:
            problems.append(("service_area", f"The service area “{name}” was ended: name the one that answers now"))
        else:
            self.new_areas.setdefault(key, name)
        return name, None

    def _judge(
        self, identity: Identity | None, state: AccountState, values: dict[str, Any], problems: list[tuple[str, str]]
    ) -> None:
        today = self.known.today
        problems += [
            (item.key, "That day has not come yet")
            for item in FIELDS
            if item.is_past and item.key in values and values[item.key] > today
        ]
        platform = find_platform(identity.platform) if identity else None
        if platform:
            presence = Presence(platform.is_open, platform.closed_because, state in OUT_OF_USE)
            problems += [("state", reason.text) for reason in MAY_BE_ENTERED.judge(presence, today)]

    def _person(self, address: str, warnings: list[tuple[str, str]]) -> int | None:
        person = self.known.people.get(address)
        if person is None:
            warnings.append(("responsible", f"Nobody here has the address {shortened(address)}: left without an owner"))
        return person

    def _told(self, number: int, found: list[tuple[str, str]]) -> tuple[Problem, ...]:
        return tuple(Problem(number, self.headings[key], message) for key, message in found)


def _which_account(platform: str | None, handle: str | None, url: str | None) -> Identity | tuple[str, str]:
    """The account that a row's cells name together; or the field at fault, and the sentence."""
    if platform and find_platform(platform) is None:
        return "platform", f"We do not know a platform called “{shortened(platform)}”"
    if not (handle or url):
        return "url", "Neither a link nor a handle says which account it is"
    linked = named = None
    key = "url"
    try:
        linked = identify(url, platform) if url else None
        key = "handle"
        named = identify(handle, linked.platform if linked else platform) if handle else None
    except Unrecognised as trouble:
        return key, trouble.reason
    if linked and named and linked.handle_key != named.handle_key:
        return "url", f"The link leads to {linked.handle}, but the handle is {named.handle}"
    return linked or named or ("url", "")
