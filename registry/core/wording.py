"""Days and moments in words, as every sentence of the register writes them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SERVICE_NAME = "Social media accounts"
"""What the register calls itself on its pages, in authenticator apps and beside passkeys."""
NOON = 12


def long_day(day: date) -> str:
    """A day in words: 3 May 2027."""
    return f"{day.day} {day:%B %Y}"


def long_moment(moment: datetime, zone: str) -> str:
    """A moment as the clock of a time zone shows it: 3 May 2027, 2:05pm."""
    local = moment.astimezone(ZoneInfo(zone))
    half = "am" if local.hour < NOON else "pm"
    return f"{long_day(local.date())}, {local.hour % NOON or NOON}:{local.minute:02d}{half}"
