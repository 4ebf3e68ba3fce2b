"""Days in words, as every sentence of the register writes them."""

from datetime import date


def long_day(day: date) -> str:
    """A day in words: 3 May 2027."""
    return f"{day.day} {day:%B %Y}"
