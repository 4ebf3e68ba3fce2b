"""A year of an account's posts, week by week, as figures and as a picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from registry.core.wording import long_day
from registry.web.charts import Bar, bars

WEEKS = 52
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """A week from its first day, and the posts recorded in it."""

    starts_on: date
    posts: int

    @property
    def month(self) -> str:
        """The short name of the month that begins in this week; empty when none does."""
        last = self.starts_on + WEEK - timedelta(days=1)
        return f"{last:%b}" if last.day <= WEEK.days else ""


def first_day_of_year(on: date) -> date:
    """The Monday 51 weeks before the week of a day."""
    return on - timedelta(days=on.weekday()) - (WEEKS - 1) * WEEK


def weeks_of_year(days: Iterable[tuple[date, int]], on: date) -> list[Week]:
    """The posts of 52 weeks that end with the week of `on`, oldest first, from days and their posts."""
    first = first_day_of_year(on)
    totals = [0] * WEEKS
    for day, posts in days:
        totals[(day - first) // WEEK] += posts
    return [Week(first + number * WEEK, total) for number, total in enumerate(totals)]


def picture_of(weeks: list[Week], name: str) -> Markup:
    """The weeks as bars, each month named at the week in which it begins."""
    posted = sum(1 for week in weeks if week.posts)
    told = (
        f"{sum(week.posts for week in weeks)} posts recorded in {posted} of the {len(weeks)} weeks "
        f"since {long_day(weeks[0].starts_on)}."
    )
    drawn = [Bar(week.month, week.posts) for week in weeks]
    return bars(f"Posts of {name}, week by week", drawn, told)
