"""How the calendar counts."""

from datetime import date

import pytest

from registry.core.clock import year_after


@pytest.mark.parametrize(
    ("day", "next_year"),
    [(date(2026, 5, 3), date(2027, 5, 3)), (date(2028, 2, 29), date(2029, 2, 28)), (date(9999, 5, 3), date.max)],
)
def test_a_year_after_a_leap_day_is_the_last_of_february(day: date, next_year: date) -> None:
    assert year_after(day) == next_year
