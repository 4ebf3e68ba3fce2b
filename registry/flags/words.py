"""Sentences put together by the database, so that thousands of findings are worded in one statement."""

from datetime import date
from string import Formatter
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, String, case, cast, extract, func, literal

LONGEST = 400
MONTHS = {month: f"{date(2000, month, 1):%B}" for month in range(1, 13)}


def worded(template: str, columns: Any) -> ColumnElement[str]:
    """The template with each {name} replaced by the column of that name; days are written as on every page."""
    sentence: ColumnElement[str] = literal("", String)
    for text, name, _, _ in Formatter().parse(template):
        sentence = sentence + literal(text, String)
        if name:
            sentence = sentence + func.coalesce(_as_text(columns[name]), "", type_=String)
    return func.substr(sentence, 1, LONGEST, type_=String)


def _as_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    return day_in_words(column) if isinstance(column.type, Date) else cast(column, String)


def day_in_words(day: ColumnElement[date]) -> ColumnElement[str]:
    """A day as `core.wording.long_day` writes it: 3 May 2027."""
    number, month, year = (cast(extract(part, day), Integer) for part in ("day", "month", "year"))
    return cast(number, String) + " " + case(MONTHS, value=month, else_="") + " " + cast(year, String)
