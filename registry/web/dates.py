"""Reading a day as people write it, and saying plainly what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

EXAMPLE = "3 5 2027"
EARLIEST, LATEST = 1900, 2199
"""Years beyond which a day in a council's papers is a slip of the pen."""
BOXES = ("day", "month", "year")
DIGITS = 4
"""Of a year."""
LETTERS = 3
"""Of a month's name that are enough to know it by."""
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)


class DateProblem(ValueError):
    """Why what was typed is not a day, and which boxes are at fault (none named: all)."""

    def __init__(self, message: str, boxes: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.boxes = frozenset(boxes)


def read_date(parts: Sequence[str], label: str = "Date") -> date | None:
    """The day in three boxes, or in one ISO text from an address; None when nothing was typed."""
    typed = [part.strip() for part in parts]
    if len(typed) == 1 and typed[0]:
        typed = typed[0].split("-")[::-1]
    if not any(typed):
        return None
    if len(typed) != len(BOXES):
        raise DateProblem(f"Enter a real date, like {EXAMPLE}")
    missing = [name for name, part in zip(BOXES, typed, strict=True) if not part]
    if missing:
        raise DateProblem(f"{label} must include a {' and '.join(missing)}", missing)
    return _real_date(typed)


def _real_date(typed: Sequence[str]) -> date:
    day, month, year = _whole(typed[0]), _read_month(typed[1]), _whole(typed[2])
    if year is not None and len(typed[2]) != DIGITS:
        raise DateProblem("Year must have 4 digits, like 2027", ["year"])
    if day is None or month is None or year is None:
        raise DateProblem(f"Enter a real date, like {EXAMPLE}")
    if not EARLIEST <= year <= LATEST:
        raise DateProblem(f"Enter a year between {EARLIEST} and {LATEST}", ["year"])
    try:
        return date(year, month, day)
    except ValueError as error:
        raise DateProblem(f"Enter a real date, like {EXAMPLE}") from error


def _read_month(text: str) -> int | None:
    """5 for "5", "05", "May" and "may"; three letters of a name are enough."""
    number = _whole(text)
    if number is not None:
        return number
    word = text.lower().rstrip(".")
    found = [i for i, name in enumerate(MONTHS, 1) if len(word) >= LETTERS and name.startswith(word)]
    return found[0] if found else None


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
