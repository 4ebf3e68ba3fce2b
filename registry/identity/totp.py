"""Codes of an authenticator app, timed as RFC 6238 says: six digits, a new one every thirty seconds."""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from registry.core.wording import SERVICE_NAME

SEED_BYTES, DIGITS, PERIOD = 20, 6, 30


def new_seed() -> bytes:
    """The seed of a new app: 160 random bits, as RFC 4226 §4 recommends."""
    return secrets.token_bytes(SEED_BYTES)


def code_of(seed: bytes, period: int, digits: int = DIGITS) -> str:
    """The code of one period, counted from 1970 (SHA-1 is RFC 6238's own, and what every app can do)."""
    return HOTP(seed, digits, SHA1()).generate(period).decode()  # noqa: S303


def period_of(moment: datetime) -> int:
    """Which period a moment is in."""
    return int(moment.timestamp()) // PERIOD


def matching_period(seed: bytes, typed: str, at: datetime, beside: int = 1) -> int | None:
    """The period whose code this is: the present one, or one of `beside` before and after it; None if it is none's."""
    now = period_of(at)
    if not (typed.isascii() and typed.isdecimal() and len(typed) == DIGITS):
        return None
    periods = sorted(range(now - beside, now + beside + 1), key=lambda period: abs(period - now))
    return next((p for p in periods if hmac.compare_digest(code_of(seed, p), typed)), None)


def letters_of(seed: bytes) -> str:
    """The seed as somebody types it, in groups of four."""
    letters = base64.b32encode(seed).decode()
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def address_of(seed: bytes, email: str) -> str:
    """The seed as a QR code carries it to an app."""
    facts = {"secret": base64.b32encode(seed).decode(), "issuer": SERVICE_NAME}
    return f"otpauth://totp/{quote(f'{SERVICE_NAME}:{email}')}?{urlencode(facts, quote_via=quote)}"
