"""What an import needs to know beforehand, and what it finds: plain data, without database or page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from registry.accounts.identify import Identity
from registry.accounts.models import AccountState


@dataclass(frozen=True)
class Known:
    """What the register knows before an import.

    `taken`: a sentence about whoever bears or bore a (platform, handle key). `areas` and `people`: numbers by
    name and by email address in small letters. `ended_areas`: names of service areas that ended.
    """

    today: date
    taken: Mapping[tuple[str, str], str] = field(default_factory=dict)
    areas: Mapping[str, int] = field(default_factory=dict)
    ended_areas: frozenset[str] = frozenset()
    people: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """How a file is to be read: which heading holds which field; the service area of rows that name none."""

    columns: Mapping[str, str]
    area_id: int | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell: its row in the file, its column's heading, a sentence."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Line:
    """One row of the file as the register would take it; `identity` is None where it names no account."""

    number: int
    identity: Identity | None
    area_name: str
    area_id: int | None
    state: AccountState
    name: str
    facts: Mapping[str, Any]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class Preview:
    """What an import would do: every row, and the service areas it would add."""

    lines: tuple[Line, ...]
    new_areas: tuple[str, ...]
    general: tuple[Problem, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """Every fault, in the order of the file."""
        return [*self.general, *(problem for line in self.lines for problem in line.problems)]

    @property
    def warnings(self) -> list[Problem]:
        """What will be left out without stopping the import."""
        return [warning for line in self.lines for warning in line.warnings]

    @property
    def is_clean(self) -> bool:
        """Whether it may be applied: all or nothing."""
        return bool(self.lines) and not self.problems
