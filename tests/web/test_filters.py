"""How days, moments and counts are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from registry.web.filters import away, day, due, in_days, moment, plural

TODAY = date(2027, 4, 27)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1))


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (-1, "yesterday"),
        (6, "in 6 days"),
        (-6, "6 days ago"),
        (13, "in 13 days"),
        (14, "in 2 weeks"),
        (35, "in 5 weeks"),
        (-60, "8 weeks ago"),
        (61, "in 2 months"),
        (365, "in 11 months"),
        (-366, "12 months ago"),
        (731, "in 2 years"),
    ],
)
def test_a_distance_is_told_as_people_say_it(distance: int, words: str) -> None:
    assert in_days(TODAY + timedelta(days=distance), TODAY) == words


@pytest.mark.parametrize(
    ("distance", "words"),
    [(6, "due in 6 days"), (0, "due today"), (1, "due tomorrow"), (-1, "1 day late")],
)
def test_a_deadline_says_how_near_or_how_late_it_is(distance: int, words: str) -> None:
    assert due(TODAY + timedelta(days=distance), TODAY) == words


@given(DAYS, DAYS)
def test_a_distance_never_points_the_wrong_way_nor_says_none(value: date, today: date) -> None:
    words = in_days(value, today)
    assert words.startswith("in ") or words == "tomorrow" if value > today else True
    assert words.endswith(" ago") or words == "yesterday" if value < today else True
    assert " 0 " not in f" {words} "
    assert " 1 days" not in f" {words}"


@given(DAYS)
def test_a_day_is_written_with_its_month_in_words_and_no_leading_zero(value: date) -> None:
    written = day(value)
    assert datetime.strptime(written, "%d %B %Y").replace(tzinfo=UTC).date() == value
    assert not written.startswith("0")


def test_a_moment_is_shown_by_the_councils_clock() -> None:
    assert moment(datetime(2027, 5, 3, 13, 5, tzinfo=UTC)) == "3 May 2027, 2:05pm"
    assert moment(datetime(2027, 1, 3, 0, 0, tzinfo=UTC), "Europe/London") == "3 January 2027, 12:00am"
    assert moment(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2027, 12:30am"
    assert moment(datetime(2027, 1, 3, 12, 0, tzinfo=UTC)) == "3 January 2027, 12:00pm"


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment(datetime(2027, 5, 3, 13, 5, tzinfo=UTC).replace(tzinfo=None))


def test_nothing_is_written_for_nothing() -> None:
    assert day(None) == moment(None) == away(None, TODAY) == ""


def test_a_count_agrees_with_its_noun() -> None:
    assert plural(1, "account") == "1 account"
    assert plural(1200, "account") == "1,200 accounts"
    assert plural(0, "policy", "policies") == "0 policies"


def test_the_templates_know_the_filters(app: Flask) -> None:
    template = app.jinja_env.from_string("{{ d|away(d) }}, {{ 2|plural('flag') }}")
    assert template.render(d=TODAY) == "27 April 2027 (today), 2 flags"
