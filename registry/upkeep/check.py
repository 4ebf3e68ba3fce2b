"""How a check of the doctor is declared: what it looks at, what it finds, in sentences that say what to do."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from registry.core.house import House

log = logging.getLogger("registry.upkeep")


class Level(IntEnum):
    """How bad it is; also the exit status of `doctor`, and the words of `/readyz`."""

    WELL = 0
    WARNING = 1
    BROKEN = 2

    @property
    def word(self) -> str:
        """One word for it."""
        return self.name.lower()


@dataclass(frozen=True)
class Finding:
    """What a check found, and what its reader can do about it."""

    level: Level
    sentence: str
    mend: str = ""


Examine = Callable[[House], Iterable[Finding]]


@dataclass(frozen=True)
class Check:
    """Something the doctor looks at. One that `decides` is asked by `/readyz` too, so it must be quick."""

    name: str
    examine: Examine
    decides: bool

    def findings(self, house: House) -> Iterator[Finding]:
        """What it finds; a check that cannot be made is itself a finding."""
        try:
            yield from self.examine(house)
        except Exception as error:
            log.warning("the check %s could not be made: %s", self.name, type(error).__name__)
            yield Finding(Level.BROKEN, f"It could not be examined ({type(error).__name__}).", "See the log.")


CHECKS: list[Check] = []
"""Every check that any room has declared, in order."""


def check(name: str, *, decides: bool = False) -> Callable[[Examine], Examine]:
    """Declare a function as a check of the doctor."""

    def declare(examine: Examine) -> Examine:
        CHECKS.append(Check(name, examine, decides))
        return examine

    return declare


def well(sentence: str) -> Finding:
    """All is well, and this is what was seen."""
    return Finding(Level.WELL, sentence)


def warning(sentence: str, mend: str = "") -> Finding:
    """It works, and will not for ever."""
    return Finding(Level.WARNING, sentence, mend)


def broken(sentence: str, mend: str = "") -> Finding:
    """It does not work, or something is not true that must be."""
    return Finding(Level.BROKEN, sentence, mend)
