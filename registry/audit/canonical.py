"""One way to write an event down, so that its hash means the same everywhere and for ever.

A subset of RFC 8785: keys are ASCII and sorted, numbers are integers every language holds
exactly, text is NFC, moments are UTC to the microsecond. Whatever has two spellings is refused.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

GREATEST = 2**53 - 1
DEEPEST = 32


class NotCanonical(ValueError):
    """A value the trail cannot write in exactly one way; says where it stands and why."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where or 'The value'}: {why}")


def canonical(value: object) -> bytes:
    """Write a value in its only form."""
    plain = _plain(value, "", 0)
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def digest(body: bytes) -> str:
    """Hash a written event; the next event carries this as its `prev`."""
    return hashlib.sha256(body).hexdigest()


def moment(at: datetime) -> str:
    """Write a moment as the trail does: `2026-11-20T09:00:01.000000Z`."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _plain(value: object, where: str, depth: int) -> Any:
    if depth > DEEPEST:
        raise NotCanonical(where, f"is nested deeper than {DEEPEST} levels")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, where)
    if isinstance(value, int):
        return _number(value, where)
    if isinstance(value, datetime):
        return _moment(value, where)
    if isinstance(value, Mapping):
        return {_key(key, where): _plain(item, f"{where}.{key}".lstrip("."), depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}[{n}]", depth + 1) for n, item in enumerate(value)]
    raise NotCanonical(where, f"a {type(value).__name__} cannot be written")


def _key(key: object, where: str) -> str:
    if not isinstance(key, str) or not key.isascii():
        raise NotCanonical(where, "has a key that is not ASCII text")
    return key


def _text(value: str, where: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise NotCanonical(where, "holds half a character (a lone surrogate)")
    if not unicodedata.is_normalized("NFC", value):
        raise NotCanonical(where, "is not in Unicode's composed form (NFC)")
    return value


def _number(value: int, where: str) -> int:
    if abs(value) > GREATEST:
        raise NotCanonical(where, "is beyond the integers every reader holds exactly")
    return value


def _moment(value: datetime, where: str) -> str:
    if value.tzinfo is None or value.utcoffset() is None:
        raise NotCanonical(where, "is a moment without a time zone")
    return moment(value)
