"""A place in the lanes, held while something is compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from registry.core.errors import Busy
from registry.core.house import House
from registry.throttle import actions
from registry.throttle.lanes import Lane


@dataclass(frozen=True)
class Place:
    """A reserved attempt. Leave it taken when the guess was wrong; `free` it when it was right.

    As a context manager it is given back where nothing came to be compared because the machine was busy.
    """

    house: House
    rows: tuple[int, ...]

    def free(self) -> None:
        """Give the place back, in a transaction of its own."""
        with self.house.work(None, None, "throttle") as work:
            actions.free(work, list(self.rows))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is Busy:
            self.free()


def reserve(house: House, what: str, lanes: Iterable[Lane]) -> Place:
    """Take a place before anything is compared; raises `Throttled`.

    Never inside an open piece of work: SQLite has one writer, and it would wait for itself.
    """
    with house.work(None, None, "throttle") as work:
        rows = tuple(actions.reserve(work, what, lanes))
    return Place(house, rows)
