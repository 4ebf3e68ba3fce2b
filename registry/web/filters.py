"""Jinja filters: how days, moments and numbers are written on every page."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask

from registry.core.wording import long_day, long_moment
from registry.web.tables import in_cards

WORDS = {-1: "yesterday", 0: "today", 1: "tomorrow"}
# A span is told in days up to two weeks, in weeks up to about two months, then months, then years.
STEPS = ((14, 1, "day"), (61, 7, "week"), (730, 30.4375, "month"), (None, 365.25, "year"))


def day(value: date | None) -> str:
    """A day as "3 May 2027"; nothing for None."""
    if value is None:
        return ""
    return long_day(value)


def moment(value: datetime | None, zone: str = "Europe/London") -> str:
    """A UTC moment as the council's clock shows it: "3 May 2027, 2:05pm".

    Raises ValueError for a moment without a time zone: nobody could say when it was.
    """
    if value is None:
        return ""
    if value.tzinfo is None:
        raise ValueError("a moment must carry its time zone")
    return long_moment(value, zone)


def plural(count: int, singular: str, more: str | None = None) -> str:
    """A count with its noun: "1 account", "2 accounts", "3 policies" with the plural given."""
    return f"{count:,} {singular if count == 1 else more or singular + 's'}"


def in_days(value: date, today: date) -> str:
    """How far away a day is: "today", "tomorrow", "in 6 days", "6 days ago", "in 5 weeks"."""
    distance = (value - today).days
    if distance in WORDS:
        return WORDS[distance]
    span = span_of(abs(distance))
    return f"in {span}" if distance > 0 else f"{span} ago"


def span_of(days: int) -> str:
    """A number of days as people say it: "6 days", "5 weeks", "3 months", "2 years"."""
    for limit, unit, noun in STEPS:
        if limit is None or days < limit:
            return plural(int(days // unit), noun)
    raise AssertionError("the last step has no limit")


def due(value: date, today: date) -> str:
    """A deadline told from today: "due in 6 days", "due today", "6 days late"."""
    late = (today - value).days
    return f"{span_of(late)} late" if late > 0 else f"due {in_days(value, today)}"


def away(value: date | None, today: date) -> str:
    """A day and how far away it is: "3 May 2027 (in 6 days)"; nothing for None."""
    return "" if value is None else f"{day(value)} ({in_days(value, today)})"


def init_app(app: Flask) -> None:
    """Give the templates these filters under their own names."""
    for each in (day, moment, plural, in_days, due, away, in_cards):
        app.jinja_env.filters[each.__name__] = each
