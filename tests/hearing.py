"""Hearing of every secret while a test runs, so that each can be looked for afterwards (see `leaks`)."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from registry.core.secret import Secret
from registry.identity.actions.factors import CODE_BYTES
from registry.identity.totp import SEED_BYTES

LONG = 10
"""Shorter ones stand by chance where nobody put them."""
TOKEN_BYTES = 32

drawn: set[str | bytes] = set()


def remember(secret: str | bytes) -> None:
    """Look for this too after the test; a text line by line."""
    lines = secret.splitlines() if isinstance(secret, str) else [secret]
    drawn.update(line for line in lines if len(line) >= LONG)


def listen() -> None:
    """Hear of every secret that the register holds or draws: as a `Secret`, a token, a seed, a recovery code."""

    def hearing(make: Callable[..., Any], *sizes: int) -> Callable[[int], Any]:
        @wraps(make)
        def draw(size: int) -> Any:
            made = make(size)
            if size in sizes:
                remember(made)
            return made

        return draw

    secrets.token_urlsafe = hearing(secrets.token_urlsafe, TOKEN_BYTES)
    secrets.token_bytes = hearing(secrets.token_bytes, SEED_BYTES, CODE_BYTES)
    hold = Secret.__init__

    @wraps(hold)
    def held(self: Secret[Any], value: Any) -> None:
        hold(self, value)
        remember(value)

    Secret.__init__ = held  # type: ignore[method-assign]
