"""The table of the OWASP ASVS 5.0.0: each requirement by its number, what we say of it, and what proves it.

`docs/asvs.csv` is written by hand; the page is written from it. The standard's sentences are not ours to print: its
own text stands beside the numbers at owasp.org.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from registry.application import TOP

TABLE = TOP / "docs" / "asvs.csv"


class Kind(StrEnum):
    """Where the proof of a requirement lies."""

    CODE = "CODE"
    DOC = "DOC"
    DEPLOY = "DEPLOY"
    NA = "NA"


class Status(StrEnum):
    """How far a requirement is met."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not met"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class Requirement:
    """One row: `evidence` are `path:symbol` or `path#heading`, `tests` are `path::name`."""

    id: str
    level: int
    kind: Kind
    status: Status
    evidence: tuple[str, ...]
    tests: tuple[str, ...]
    reason: str

    @property
    def chapter(self) -> int:
        """The chapter of the standard it stands in."""
        return int(self.id[1:].split(".")[0])


def requirements() -> list[Requirement]:
    """Every row of the table, in the standard's order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [_requirement(row) for row in csv.DictReader(file)]


def _requirement(row: dict[str, str]) -> Requirement:
    return Requirement(
        id=row["id"],
        level=int(row["level"]),
        kind=Kind(row["kind"]),
        status=Status(row["status"]),
        evidence=_listed(row["evidence"]),
        tests=_listed(row["tests"]),
        reason=row["reason"],
    )


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def page() -> Iterator[str]:
    """The table as a page, with its counts."""
    rows = requirements()
    yield "# OWASP ASVS 5.0.0, requirement by requirement\n"
    yield "By the standard’s numbers; its sentences stand at owasp.org. *CODE* is proved by tests that run with every"
    yield "change, *DOC* by a written decision, *DEPLOY* by how the register is served (the administrator’s guide and"
    yield "`flask doctor`), *NA* does not apply. A test keeps this table true to the code.\n"
    yield from _counts(rows)
    for chapter in sorted({row.chapter for row in rows}):
        yield f"\n## V{chapter}\n"
        yield "| id | level | kind | status | evidence, or why not | tests |\n| --- | --- | --- | --- | --- | --- |"
        yield from (_line(row) for row in rows if row.chapter == chapter)


def _counts(rows: list[Requirement]) -> Iterator[str]:
    counted = Counter((row.level, row.status) for row in rows)
    yield f"| level | {' | '.join(Status)} |\n| --- | {' | '.join('---' for _ in Status)} |"
    for level in (1, 2, 3):
        yield f"| {level} | {' | '.join(str(counted[level, status]) for status in Status)} |"


def _line(row: Requirement) -> str:
    said = "; ".join((*(f"`{thing}`" for thing in row.evidence), *((row.reason,) if row.reason else ())))
    proved = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in row.tests)
    return f"| {row.id} | {row.level} | {row.kind} | {row.status} | {said} | {proved} |"
