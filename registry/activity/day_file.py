"""Reading the days of activity in a spreadsheet: a column of dates and one of how many posts.

The whole file is read before anything is kept, so that its owner sees every fault of it at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from registry.accounts.models import Account
from registry.accounts.spreadsheet import Table
from registry.activity.rules import POSSIBLE, PostingDay
from registry.web.dates import DateProblem, read_date

DATE_NAMES = frozenset({"date", "day", "posted on", "posted_on", "published", "post date"})
POSTS_NAMES = frozenset({"posts", "number of posts", "count", "post count", "number"})
MOST_DAYS = 2_000
MOST_POSTS = 1_000


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row of the file, by the row's number there."""

    row: int
    said: str


@dataclass
class Days:
    """What a file holds: days with their posts in the order of the days, or faults."""

    found: dict[date, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether all of it can be taken."""
        return bool(self.found) and not self.faults


def read_days(table: Table, account: Account, on: date) -> Days:
    """Read a table of dates and posts; without a column of posts every day counts one."""
    days, columns = Days(), _columns(table)
    if "date" not in columns:
        days.faults.append(Fault(1, "There is no column called “date”"))
    elif len(table.rows) > MOST_DAYS:
        days.faults.append(Fault(1, f"There are more than {MOST_DAYS:,} rows: split the file"))
    else:
        for number, cells in zip(table.numbers, table.rows, strict=True):
            _read_row(days, number, {name: cells[place] for name, place in columns.items()}, account, on)
        if not table.rows:
            days.faults.append(Fault(1, "There is no row below the headings"))
    days.found = dict(sorted(days.found.items()))
    return days


def as_csv(days: Mapping[date, int]) -> str:
    """The days as a file that `read_days` reads: what a preview carries to the act itself."""
    return "date,posts\n" + "".join(f"{day.isoformat()},{posts}\n" for day, posts in days.items())


def _columns(table: Table) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, heading in enumerate(table.headings):
        name = heading.strip().lower()
        kind = "date" if name in DATE_NAMES else "posts" if name in POSTS_NAMES else ""
        if kind:
            places.setdefault(kind, place)
    return places


def _read_row(days: Days, number: int, cells: Mapping[str, str], account: Account, on: date) -> None:
    try:
        day = _read_day(cells["date"])
        posts = _read_posts(cells.get("posts", ""))
    except ValueError as fault:
        days.faults.append(Fault(number, str(fault)))
        return
    reasons = [reason.text for reason in POSSIBLE.judge(PostingDay.of(account, day), on)]
    if day in days.found:
        reasons.append("This day is in the file twice")
    days.faults.extend(Fault(number, said) for said in reasons)
    days.found.setdefault(day, posts)


def _read_day(text: str) -> date:
    """A day as 2026-11-03, 3/11/2026 or 3 November 2026, with or without a time of day behind it."""
    plain = text.strip().replace("T", " ")
    first = plain.split(" ")[0]
    parts = [first] if first.count("-") == 2 and len(first.split("-")[0]) == 4 else _british(plain)  # noqa: PLR2004
    try:
        day = read_date(parts)
    except DateProblem as problem:
        raise ValueError(f"“{text}” is not a date, like 2026-11-03 or 3/11/2026") from problem
    if day is None:
        raise ValueError("The date is missing")
    return day


def _british(text: str) -> list[str]:
    words = text.replace("/", " ").replace(".", " ").replace("-", " ").split()
    return words[:3] if words else [""]


def _read_posts(text: str) -> int:
    plain = text.strip().replace(",", "")
    if not plain:
        return 1
    if not (plain.isascii() and plain.isdigit() and 1 <= int(plain) <= MOST_POSTS):
        raise ValueError(f"“{text}” is not a number of posts between 1 and {MOST_POSTS:,}")
    return int(plain)
