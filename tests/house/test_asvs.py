"""The table of the ASVS says what is so: every number is there, every proof exists, nothing is claimed bare."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from registry.application import TOP
from registry.cli.assurance import Kind, Requirement, Status, requirements

OFFICIAL = [line.split() for line in (Path(__file__).parent / "asvs_ids.txt").read_text().splitlines()]
ROWS = requirements()
CLAIMED = [row for row in ROWS if row.status is Status.MET]


@cache
def symbols(path: str) -> frozenset[str]:
    """Every name that a Python file binds at its top or in a class."""
    tree = ast.parse((TOP / path).read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
    return frozenset(found)


@cache
def headings(path: str) -> frozenset[str]:
    """Every heading of a guide, as its link says it."""
    lines = re.findall(r"^#+ (.+)$", (TOP / path).read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^a-z0-9 -]", "", line.lower()).strip().replace(" ", "-") for line in lines)


def stands(evidence: str) -> bool:
    """Whether a piece of evidence is there: a file, a name in it, or a heading."""
    place, _, heading = evidence.partition("#")
    path, _, symbol = place.partition(":")
    if not (TOP / path).exists():
        return False
    if heading:
        return heading in headings(path)
    return not symbol or symbol in symbols(path)


def test_the_table_has_every_number_of_the_standard_with_its_level() -> None:
    assert [[row.id, str(row.level)] for row in ROWS] == OFFICIAL


def test_what_does_not_apply_says_why() -> None:
    assert [row.id for row in ROWS if (row.kind is Kind.NA) != (row.status is Status.NOT_APPLICABLE)] == []
    assert [row.id for row in ROWS if row.status is not Status.MET and not row.reason] == []


def test_every_requirement_of_levels_one_and_two_that_applies_is_met() -> None:
    assert [row.id for row in ROWS if row.level < 3 and row.status not in (Status.MET, Status.NOT_APPLICABLE)] == []


@pytest.mark.parametrize("row", CLAIMED, ids=lambda row: row.id)
def test_what_is_claimed_is_proved(row: Requirement) -> None:
    assert row.evidence, "nothing shows it"
    assert [thing for thing in row.evidence if not stands(thing)] == [], "this evidence is not there"
    if row.kind is Kind.CODE:
        assert row.tests, "no test proves it"
        missing = [test for test in row.tests if test.split("::")[1] not in symbols(test.split("::")[0])]
        assert missing == [], "these tests are not there"
    else:
        assert any(thing.startswith(("docs/", "SECURITY.md", "README.md")) for thing in row.evidence), "nowhere written"
