"""A value that must not be seen by accident."""

import hmac
from typing import Generic, Never, TypeVar

Kept = TypeVar("Kept", str, bytes)

MASK = "•••"


class Secret(Generic[Kept]):
    """Hold a credential so that logs, pages, tracebacks and files show only dots.

    The value comes out through `reveal()` and nowhere else, so that every place which
    shows one can be found by searching for that word. Pickling and copying are refused,
    because a session, a cache or a job queue would write the value down.
    """

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: Kept) -> None:
        self._value: Kept = value

    def reveal(self) -> Kept:
        """Give the value itself."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        """Compare in constant time; a secret never equals a bare value."""
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_as_bytes(self._value), _as_bytes(other._value))

    def __getstate__(self) -> Never:
        raise TypeError("A secret is never pickled or copied.")

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError("A secret is never pickled or copied.")


def _as_bytes(value: str | bytes) -> bytes:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
