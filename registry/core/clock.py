"""The one place that asks the machine what time it is, and how the calendar counts months."""

import calendar
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Something that knows the present moment, as an aware UTC datetime."""

    def now(self) -> datetime:
        """Tell the present moment in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Tell the machine's present moment in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands where it is put: for tests, and for telling a demo council's past year."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Tell the moment at which the clock was left standing."""
        return self.moment

    def advance(self, **step: float) -> None:
        """Move on by a `timedelta` given in words, like `days=3`."""
        self.moment += timedelta(**step)


def day_in(zone: str, moment: datetime) -> date:
    """Tell which calendar day a moment falls on in a council's time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def start_of(day: date) -> datetime:
    """The first moment of a day in UTC, by which flags are judged and sign-ins are ended."""
    return datetime.combine(day, time.min, UTC)


def months_after(day: date, months: int) -> date:
    """The same day so many calendar months on, or the end of a shorter month: after 29 February, the 28th.

    Where the calendar itself ends before, its last day.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    if year > MAXYEAR:
        return date.max
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def year_after(day: date) -> date:
    """The same day of the next year; after 29 February, the 28th."""
    return months_after(day, 12)
