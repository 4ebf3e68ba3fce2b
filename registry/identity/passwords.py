"""Passwords: long rather than clever, kept as Argon2id (RFC 9106), never read back."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM, MAXIMUM = 12, 256

DENIED = frozenset(
    {
        *("password1234", "passwordpassword", "password12345", "password2026", "password2027", "passw0rd1234"),
        *("123456789012", "1234567890123", "qwertyuiop12", "qwertyuiopas", "abcdefghijkl", "letmeinletmein"),
        *("administrator", "adminadmin12", "welcome12345", "iloveyou1234", "changeme1234", "changemenow1"),
        *("facebook1234", "twitter12345", "instagram123", "socialmedia1", "councilcouncil", "council12345"),
        *("p@ssword1234", "correcthorsebatterystaple"),
    }
)


class Passwords:
    """Makes and checks password hashes. A check against nobody costs the same as one against somebody."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(memory_cost=65536, time_cost=3, parallelism=1)
        self._nobody = self._hasher.hash("a password that is nobody's")

    def hash(self, password: str) -> str:
        """Hash a password for keeping."""
        return self._hasher.hash(password)

    def matches(self, kept: str | None, password: str) -> bool:
        """Tell whether this is the password; with no kept hash, spend the same time and say no."""
        try:
            return self._hasher.verify(kept or self._nobody, password[: MAXIMUM + 1]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, kept: str) -> bool:
        """Tell whether a hash was made with weaker settings than today's."""
        return self._hasher.check_needs_rehash(kept)


def trouble_with(password: str, *names: str) -> str | None:
    """Why a new password will not do, in one sentence; None if it will."""
    folded = password.casefold()
    if len(password) < MINIMUM:
        return f"Enter at least {MINIMUM} characters; a few words together are easy to remember"
    if len(password) > MAXIMUM:
        return f"Enter at most {MAXIMUM} characters"
    if folded in DENIED or len(set(folded)) < 5:  # noqa: PLR2004
        return "This password is too easy to guess; choose another"
    parts = {part for name in names for part in name.casefold().replace("@", " ").replace(".", " ").split()}
    if folded in parts or any(len(part) > 4 and folded.strip("0123456789!.-_ ") == part for part in parts):  # noqa: PLR2004
        return "This password is a name from your own record; choose another"
    return None
