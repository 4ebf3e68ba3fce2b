"""A cell of a council's spreadsheet as the register's own value, or a sentence why it will not do.

Councils write "Active", "weekly" and "16/11/26"; days come before months here.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final
from unicodedata import normalize

from registry.accounts.models import AccountState
from registry.councils.models import Risk
from registry.web.typed import EMAIL, has_hidden

Reader = Callable[[str], Any]


class Misread(ValueError):
    """A cell that will not do; the sentence says what is wrong and what would be right."""


_STATES: Final = {
    AccountState.AUTHORISED: "authorised authorized approved agreed",
    AccountState.LIVE: "live active open current in_use yes",
    AccountState.MOTHBALLED: "mothballed mothball paused suspended on_hold",
    AccountState.CLOSED: "closed deleted archived ended removed deactivated",
    AccountState.HANDED_OVER: "handed_over transferred",
}
_RISKS: Final = {Risk.LOW: "low 1", Risk.NORMAL: "normal medium moderate standard 2", Risk.HIGH: "high critical 3"}
_CADENCES: Final = {
    1: "daily every_day weekdays every_weekday several_times_a_day",
    2: "every_other_day every_second_day",
    3: "twice_a_week twice_weekly",
    7: "weekly every_week once_a_week",
    14: "fortnightly every_fortnight every_two_weeks every_2_weeks",
    30: "monthly every_month once_a_month",
    91: "quarterly every_quarter",
    365: "yearly annually every_year once_a_year",
}
_YES_NO: Final = {True: "yes y true 1 on x", False: "no n false 0 off none"}
_DAYS: Final = re.compile(r"(?:every )?([0-9]{1,4})(?: days?)?")
_LONGEST_CADENCE: Final = 1_000
_DATE_FORMATS: Final = (
    *("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d/%m/%y", "%d-%b-%y", "%d-%b-%Y"),
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S"),
)
_EARLIEST: Final = date(1990, 1, 1)
LONGEST_TEXT: Final = 5_000


def _spellings(words: Mapping[Any, str]) -> dict[str, Any]:
    return {word.replace("_", " "): value for value, listed in words.items() for word in listed.split()}


def _one_of(words: Mapping[Any, str], otherwise: str) -> Reader:
    known = _spellings(words)

    def read(text: str) -> Any:
        plain = " ".join(re.findall(r"[a-z0-9]+", text.casefold()))
        if plain not in known:
            raise Misread(otherwise.format(text=shortened(text)))
        return known[plain]

    return read


read_state = _one_of(
    _STATES,
    "“{text}” is not a state of an account in the register: write authorised, live, mothballed, closed or handed over. "
    "An account that is only proposed is asked for by a request",
)
read_risk = _one_of(_RISKS, "“{text}” is not a level of risk: write low, normal or high")
read_yes_no = _one_of(_YES_NO, "“{text}” is neither yes nor no")
_read_rhythm = _one_of(_CADENCES, "“{text}” is not a number of days between posts, such as 7, or a word such as weekly")


def read_cadence(text: str) -> int:
    """Days between posts, as a number or in words such as "weekly"."""
    match = _DAYS.fullmatch(text.casefold())
    days = int(match[1]) if match else _read_rhythm(text)
    if not 1 <= days <= _LONGEST_CADENCE:
        raise Misread(f"Days between posts must be from 1 to {_LONGEST_CADENCE:,}")
    return int(days)


def read_day(text: str) -> date:
    """A day as people in Britain write it, or as a spreadsheet does."""
    tidy = re.sub(r"(?<=[0-9])(?:st|nd|rd|th)\b|,", "", text)
    for form in _DATE_FORMATS:
        try:
            day = datetime.strptime(tidy, form).date()  # noqa: DTZ007 (a day has no time zone)
        except ValueError:
            continue
        if day < _EARLIEST:
            raise Misread(f"“{shortened(text)}” is before any of these platforms")
        return day
    raise Misread(f"“{shortened(text)}” is not a day: write it like 16/11/2026 or 2026-11-16")


def read_email(text: str) -> str:
    """An email address, in small letters."""
    address = text.removeprefix("mailto:").lower()
    if not EMAIL.fullmatch(address):
        raise Misread(f"“{shortened(text)}” is not an email address")
    return address


def text_of(most: int = LONGEST_TEXT) -> Reader:
    """A reader of text with at most so many characters."""

    def read(text: str) -> str:
        if len(text) > most:
            raise Misread(f"This has {len(text):,} characters; at most {most:,} are kept")
        if not text.isprintable() and has_hidden(text, allowed="\n\t"):
            raise Misread("There is an invisible character inside: type it again")
        return normalize("NFC", text)  # so that two spellings of é are one, here and in the trail

    return read


def shortened(text: str) -> str:
    """Somebody's text as part of a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:40]}…"  # noqa: PLR2004
