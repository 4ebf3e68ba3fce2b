"""Passwords: long rather than clever, kept as Argon2id (RFC 9106), never read back."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from registry.core.errors import Busy

MINIMUM, MAXIMUM = 12, 256

GOOD_ENOUGH = 3
"""On zxcvbn's scale of 0 to 4: out of reach for who tries at the door, and costly for who holds the hash."""
FEWEST_CHARACTERS = 5
LOOKED_AT = 72
"""Characters that are judged: a password strong in its first 72 is strong."""
CONTEXT = (
    *("account", "register", "council", "clerk", "comms", "editor", "parish", "correcthorsebatterystaple"),
    *("facebook", "x", "instagram", "threads", "youtube", "linkedin", "tiktok", "snapchat", "nextdoor", "whatsapp"),
    *("telegram", "bluesky", "mastodon", "reddit", "pinterest", "flickr", "vimeo", "medium", "tumblr", "yammer"),
    *("myspace", "twitter", "blog"),
)
"""Words that everybody here would think of first; docs/assurance.md tells them."""


AT_ONCE, PATIENCE = 4, 5.0
"""Hashes worked on at once in a process (64 MiB each), and seconds that a further one waits for its turn."""


class Passwords:
    """Makes and checks password hashes. A check against nobody costs the same as one against somebody."""

    def __init__(
        self, hasher: PasswordHasher | None = None, at_once: int = AT_ONCE, patience: float = PATIENCE
    ) -> None:
        self._hasher = hasher or PasswordHasher(memory_cost=65536, time_cost=3, parallelism=1)
        self._nobody = self._hasher.hash("a password that is nobody's")
        self._desks, self._patience = BoundedSemaphore(at_once), patience

    def hash(self, password: str) -> str:
        """Hash a password for keeping."""
        with self._desk():
            return self._hasher.hash(password)

    def matches(self, kept: str | None, password: str) -> bool:
        """Tell whether this is the password; with no kept hash, spend the same time and say no."""
        with self._desk():
            try:
                return self._hasher.verify(kept or self._nobody, password[: MAXIMUM + 1]) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    @contextmanager
    def _desk(self) -> Iterator[None]:
        """A crowd of guesses must not take all memory and processors from those who work."""
        if not self._desks.acquire(timeout=self._patience):
            raise Busy
        try:
            yield
        finally:
            self._desks.release()

    def is_outdated(self, kept: str) -> bool:
        """Tell whether a hash was made with weaker settings than today's."""
        return self._hasher.check_needs_rehash(kept)


def trouble_with(password: str, *names: str) -> str | None:
    """Why a new password will not do, in one sentence; None if it will.

    It is weighed against the 30,000 commonest passwords, common words and names, keyboard runs, dates and `names`
    (what is known of the person), by zxcvbn (USENIX Security 2016); no rule asks for kinds of characters.
    """
    if len(password) < MINIMUM:
        return f"Enter at least {MINIMUM} characters; a few words together are easy to remember"
    if len(password) > MAXIMUM:
        return f"Enter at most {MAXIMUM} characters"
    own = {part for name in names for part in re.split(r"[\s@.]+", name.casefold()) if len(part) > 2}  # noqa: PLR2004
    if _little_more_than(password.casefold(), own):
        return "This password is a name from your own record; choose another"
    score = zxcvbn(password[:LOOKED_AT], user_inputs=[*own, *CONTEXT])["score"]
    is_obvious = _little_more_than(password.casefold(), set(CONTEXT)) or len(set(password)) < FEWEST_CHARACTERS
    if score < GOOD_ENOUGH or is_obvious:
        return "This password is too easy to guess; choose another, such as four words that do not belong together"
    return None


def _little_more_than(folded: str, words: set[str]) -> bool:
    return any(folded.strip("0123456789!.-_ ") == word for word in words)
