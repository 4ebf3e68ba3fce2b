"""Two-step codes and recovery codes: reading what a platform gave, and giving the code of now.

A code is computed here so that an editor signs in without ever holding the seed. Whatever a
person typed wrongly is refused with one plain sentence that never repeats what was typed.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives.hashes import SHA1, SHA256, SHA512
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from registry.core.secret import Secret

SMALLEST_SEED = 10  # bytes: the 16 letters that most platforms show
GREATEST_SEED = 256
DIGITS = range(6, 9)
PERIODS = range(1, 86_401)
"""Seconds: platforms use 30, a few 60; anything up to a day can be computed."""
CODE_LENGTHS = range(6, 65)
MOST_CODES = 100

_SCHEME = "otpauth://"
# Google, Facebook and Instagram print one code as two groups of four digits.
_RECOVERY_CODE = re.compile(r"(?<![^\s,;])\d{4}[ \u00a0]\d{4}(?![^\s,;])|[^\s,;]+")


class Unusable(ValueError):
    """A seed or a list of codes that cannot be taken; the sentence is for the form."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Algorithm(StrEnum):
    """The hash a platform computes its codes with; nearly always SHA1."""

    SHA1 = "SHA1"
    SHA256 = "SHA256"
    SHA512 = "SHA512"


_HASHES: dict[Algorithm, SHA1 | SHA256 | SHA512] = {
    Algorithm.SHA1: SHA1(),  # noqa: S303 (RFC 6238's own; HMAC does not need collision resistance)
    Algorithm.SHA256: SHA256(),
    Algorithm.SHA512: SHA512(),
}


@dataclass(frozen=True)
class TotpSeed:
    """What a platform's two-step codes are computed from. `period` is in seconds."""

    key: Secret[bytes]
    algorithm: Algorithm = Algorithm.SHA1
    digits: int = 6
    period: int = 30

    def __post_init__(self) -> None:
        if not SMALLEST_SEED <= len(self.key.reveal()) <= GREATEST_SEED:
            raise Unusable("A seed has at least 16 letters and digits. Copy the whole of it.")
        if self.digits not in DIGITS:
            raise Unusable("A code has 6, 7 or 8 digits.")
        if self.period not in PERIODS:
            raise Unusable("A code lasts between one second and a day.")

    def to_text(self) -> Secret[str]:
        """Write the seed as the text that goes into custody."""
        facts = {
            "secret": base64.b32encode(self.key.reveal()).decode().rstrip("="),
            "algorithm": self.algorithm.value,
            "digits": self.digits,
            "period": self.period,
        }
        return Secret(f"{_SCHEME}totp/?{urlencode(facts)}")

    @staticmethod
    def from_text(text: Secret[str]) -> "TotpSeed":
        """Read the seed back out of custody."""
        return _read_address(text.reveal())


@dataclass(frozen=True)
class Code:
    """The code of the moment, how long it still holds, and the one after it."""

    digits: str = field(repr=False)
    seconds_left: int
    next_digits: str = field(repr=False)


def parse_seed(typed: str) -> TotpSeed:
    """Read a seed as a platform shows it: an `otpauth://totp/…` address, or letters and digits."""
    text = typed.strip()
    if text.lower().startswith("otpauth"):
        return TotpSeed.from_text(Secret(text))
    return TotpSeed(_key(text))


def described(typed: Secret[str], *, algorithm: str, digits: int, period: int) -> Secret[str]:
    """Put what a platform says of its codes beside a seed typed by hand; an address says it itself."""
    seed = typed.reveal().strip()
    if seed.lower().startswith("otpauth"):
        return typed
    facts = {"secret": seed, "algorithm": algorithm, "digits": digits, "period": period}
    return Secret(f"{_SCHEME}totp/?{urlencode(facts)}")


def current_code(seed: TotpSeed, at: datetime) -> Code:
    """Compute the code of a moment, so that nobody needs to see the seed."""
    if at.tzinfo is None:
        raise ValueError("A code belongs to a moment with a time zone.")
    # Platforms still hand out seeds of 80 bits: fewer than one should make, but all there is.
    totp = TOTP(
        seed.key.reveal(),
        seed.digits,
        _HASHES[seed.algorithm],
        seed.period,
        enforce_key_length=False,
    )
    now = int(at.timestamp())
    digits, next_digits = (totp.generate(t).decode() for t in (now, now + seed.period))
    return Code(digits, seed.period - now % seed.period, next_digits)


def parse_recovery_codes(typed: str) -> tuple[Secret[str], ...]:
    """Read a list of single-use codes: one a line, or with spaces or commas between them."""
    codes = _RECOVERY_CODE.findall(typed)
    if not codes:
        raise Unusable("Give the recovery codes, one on each line.")
    if len(codes) > MOST_CODES:
        raise Unusable(f"Give at most {MOST_CODES} recovery codes.")
    seen: dict[str, int] = {}
    for number, code in enumerate(codes, start=1):
        bare = re.sub(r"[\s-]", "", code)
        if len(bare) not in CODE_LENGTHS:
            raise Unusable(
                f"Item {number} is too short or too long for a recovery code. Leave out numbering and words."
            )
        if bare in seen:
            raise Unusable(f"Items {seen[bare]} and {number} are the same recovery code.")
        seen[bare] = number
    return tuple(Secret(code) for code in codes)


def _read_address(address: str) -> TotpSeed:
    facts = _query(address)
    if "secret" not in facts:
        raise Unusable("This address holds no seed. Copy the whole of it, with its secret.")
    named = facts.get("algorithm", Algorithm.SHA1).upper().replace("-", "")
    if named not in Algorithm.__members__:
        raise Unusable("The algorithm of a code is SHA1, SHA256 or SHA512.")
    return TotpSeed(
        key=_key(facts["secret"]),
        algorithm=Algorithm[named],
        digits=_number(facts.get("digits", "6")),
        period=_number(facts.get("period", "30")),
    )


def _query(address: str) -> dict[str, str]:
    try:
        parts = urlsplit(address)
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise Unusable("This address cannot be read. Copy the whole of it again.") from None
    if parts.scheme == "otpauth-migration":
        raise Unusable("This is an export of several codes. Give each account's own seed instead.")
    if parts.netloc.lower() == "hotp":
        raise Unusable("These codes are counted, not timed, and cannot be shared. Use timed ones.")
    if (parts.scheme, parts.netloc.lower()) != ("otpauth", "totp"):
        raise Unusable("The address of a seed begins with otpauth://totp/.")
    facts = {name.lower(): value.strip() for name, value in pairs}
    if len(facts) != len(pairs):
        raise Unusable("This address says something twice. Copy it again from the platform.")
    return facts


def _key(letters: str) -> Secret[bytes]:
    bare = re.sub(r"[\s-]", "", letters).rstrip("=")
    # Before upper(): a dotless i, say, would turn into a letter that was never there.
    if not re.fullmatch(r"[A-Za-z2-7]*", bare):
        raise Unusable(
            "A seed has only the letters A to Z and the digits 2 to 7. "
            "What looks like 0, 1 or 8 is the letter O, I or B."
        )
    try:
        return Secret(base64.b32decode(bare.upper() + "=" * (-len(bare) % 8)))
    except binascii.Error:
        raise Unusable("A letter of the seed is missing or too many. Copy it again.") from None


def _number(text: str) -> int:
    """Read a small whole number; anything else becomes one that no seed may have."""
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else 0
