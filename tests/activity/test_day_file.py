"""Reading a file of days: every way people write a date, every fault at once."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.accounts.models import Account
from registry.accounts.spreadsheet import read_table
from registry.activity.day_file import MOST_DAYS, Days, as_csv, read_days
from registry.activity.year import WEEKS, first_day_of_year, picture_of, weeks_of_year

TODAY = date(2026, 11, 20)
ACCOUNT = Account(authorised_on=date(2026, 1, 1))


def read(text: str, account: Account = ACCOUNT) -> Days:
    return read_days(read_table(text.encode(), "posts.csv"), account, TODAY)


@pytest.mark.parametrize(
    "written", ["2026-11-03", "3/11/2026", "03.11.2026", "3 November 2026", "3 Nov 2026", "2026-11-03T09:15:00"]
)
def test_a_day_may_be_written_as_people_write_it(written: str) -> None:
    assert read(f"date,posts\n{written},4\n").found == {date(2026, 11, 3): 4}


def test_columns_are_found_by_their_names_and_posts_may_be_missing() -> None:
    assert read("Reach,Posted on,Likes\n9,2026-11-03,2\n9,2026-11-01,2\n").found == {
        date(2026, 11, 1): 1,
        date(2026, 11, 3): 1,
    }
    assert read("date,posts\n2026-11-03,\n").found == {date(2026, 11, 3): 1}
    assert read("Date\n2026-11-03\n").is_good


def test_every_fault_is_told_with_its_row() -> None:
    days = read(
        "date,posts\n2026-11-03,1\nlast week,1\n,5\n2026-11-21,1\n2025-12-31,1\n2026-11-03,2\n2026-11-04,none\n"
        "2026-11-05,0\n"
    )
    assert [(fault.row, fault.said) for fault in days.faults] == [
        (3, "“last week” is not a date, like 2026-11-03 or 3/11/2026"),
        (4, "The date is missing"),
        (5, "The day of a post cannot be in the future"),
        (6, "The account was authorised on 1 January 2026 and did not post before"),
        (7, "This day is in the file twice"),
        (8, "“none” is not a number of posts between 1 and 1,000"),
        (9, "“0” is not a number of posts between 1 and 1,000"),
    ]
    assert not days.is_good


def test_a_file_without_dates_without_rows_or_without_end_is_refused() -> None:
    assert read("name,posts\nWaste,3\n").faults[0].said == "There is no column called “date”"
    assert read("date,posts\n").faults[0].said == "There is no row below the headings"
    many = "date,posts\n" + "2026-11-03,1\n" * (MOST_DAYS + 1)
    assert read(many).faults[0].said == "There are more than 2,000 rows: split the file"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the reader
@given(st.dictionaries(st.dates(date(2026, 1, 1), TODAY), st.integers(1, 1000), min_size=1, max_size=20))
def test_what_the_preview_carries_is_what_was_read(days: dict[date, int]) -> None:
    assert read(as_csv(days)).found == days


def test_a_year_is_52_whole_weeks_that_end_with_this_one() -> None:
    first = first_day_of_year(TODAY)
    weeks = weeks_of_year([(first, 2), (TODAY, 3), (TODAY - timedelta(days=1), 1)], TODAY)
    assert (first.weekday(), len(weeks), weeks[0].posts, weeks[-1].posts) == (0, WEEKS, 2, 4)
    assert [week.month for week in weeks if week.month][:2] == ["Dec", "Jan"]
    assert "6 posts recorded in 2 of the 52 weeks since 24 November 2025." in picture_of(weeks, "Example")
