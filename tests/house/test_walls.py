"""The house's rules for the walls between councils: nothing of a council's stands without them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from registry.core import migrations
from registry.core.database import Base, Database
from registry.core.tenants import tenant_classes

REGISTRY = Path(__file__).resolve().parents[2] / "registry"

KEEPER_LOOKS = {
    "audit/erasures.py": "finds the rows about whoever is erased, in every council",
    "audit/night.py": "verifies every chain, and holds every row against it",
    "cli/audit.py": "verifies every chain, on the keeper's word",
    "cli/sweep.py": "tells the keeper what stands open everywhere",
    "flags/sweep.py": "finds the councils in which anything differs, in one statement a rule",
}
"""Where the register looks into every council at once. It never writes there."""

INSTALLATION_LOOKS = {
    "audit/erasures.py": "which people are erased",
    "audit/people.py": "the keys of people's details",
    "cli/accounts.py": "finds the council by its short name",
    "cli/admitting.py": "finds the council by its short name",
    "cli/custody.py": "the root key, and a council by its short name",
    "cli/installation.py": "is there an installation, and is it whole?",
    "cli/shares.py": "the recovery shares of the root key",
    "cli/serving.py": "is there an installation to seal?",
    "identity/actions/people.py": "a person who joins is nobody's colleague yet",
    "core/house.py": "work in no council",
    "identity/actions/offers.py": "the first link of somebody who is nobody's colleague here",
    "identity/link_queries.py": "has somebody a way in?",
    "councils/queries.py": "the name of the council that keeps what serves all",
    "identity/offer_queries.py": "which councils wait for somebody's word",
    "identity/queries.py": "one person, and where they work",
    "identity/views/second_step.py": "a sign-in on its way",
    "jobs/checks.py": "the jobs' bookkeeping",
    "jobs/figures.py": "the jobs' bookkeeping",
    "jobs/runs.py": "the jobs' bookkeeping",
    "jobs/tidy.py": "lists the councils to go through",
    "outbox/sending.py": "the messages of all councils that are due",
    "web/context.py": "a request at the door",
    "web/once.py": "whose form was taken, wherever they may work",
}
"""Where it asks of the installation: people, sign-ins, the list of councils, and who works where."""

PAST_THE_FIRST_WALL = {
    "core/database.py _begin_sqlite": "BEGIN",
    "core/database.py columns_of": "only its columns' names",
    "custody/shred.py shred": "VACUUM",
    "flags/sweep.py _raise": "one statement for many new flags, each with its council",
    "flags/sweep.py _update": "one statement for many flags, by numbers found within the council",
    "flags/tally.py recount": "figures that follow from flags; asks within its scope",
}
"""Statements on bare tables or in text, which no session narrows: each asks for its council itself."""

NOT_WITH_THE_COUNCIL = {
    ("employments", "person_id", "people"): "people belong to the installation",
    ("offers", "person_id", "people"): "they do not work for the council, and perhaps never will",
    ("reveal_grants", "session_id", "sign_in_sessions"): "sign-ins belong to the installation",
}


def uses(wanted: set[str]) -> Iterator[str]:
    """Where a name, an attribute or a call of these words stands: file and function."""
    for path in sorted(REGISTRY.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        words = wanted if re.search(r"core\.tenants import .*\bbeyond\b", text) else wanted - {"beyond"}
        tree = ast.parse(text)
        for holder in tree.body:
            inner = [node for node in ast.walk(holder) if isinstance(node, ast.FunctionDef)] or [holder]
            for part in inner:
                for node in ast.walk(part):
                    word = ast.unparse(node) if isinstance(node, ast.Attribute) else getattr(node, "id", "")
                    if word in words or word.rpartition(".")[2] in words:
                        yield f"{path.relative_to(REGISTRY)} {_name_of(part)}"


def _name_of(part: ast.AST) -> str:
    if isinstance(part, ast.FunctionDef):
        return part.name
    target = part.targets[0] if isinstance(part, ast.Assign) else part
    return getattr(target, "id", getattr(target, "name", type(target).__name__))


@pytest.mark.parametrize(
    ("words", "pinned"),
    [
        ({"Beyond.KEEPER"}, KEEPER_LOOKS),
        ({"Beyond.INSTALLATION", "beyond"}, INSTALLATION_LOOKS),
        ({"__table__", "exec_driver_sql", "sa.text", "session.connection"}, PAST_THE_FIRST_WALL),
    ],
)
def test_nobody_looks_past_a_council_but_at_the_pinned_places(words: set[str], pinned: dict[str, str]) -> None:
    """The upkeep's examination of the whole database stands apart: all of it looks as the keeper."""
    apart = ("core/tenants.py", "core/migrations.py", "cli/database.py", "upkeep/")
    found = {use for use in uses(words) if not use.startswith(apart) and not use.endswith("ImportFrom")}
    found -= {use for use in found if "/models" in use}  # an index's own condition
    if pinned is not PAST_THE_FIRST_WALL:
        found = {use.partition(" ")[0] for use in found}
    assert found == set(pinned), "say why in tests/house/test_walls.py, or ask within a council"


def test_every_table_of_the_councils_bears_the_mark() -> None:
    migrations.import_models()
    marked = {kind.__tablename__ for kind in tenant_classes()}
    theirs = {table.name for table in Base.metadata.sorted_tables if "council_id" in table.columns}
    chains = {table.name for table in Base.metadata.sorted_tables if "chain" in table.columns} - {"councils"}
    assert marked == theirs | chains, "class Thing(OfCouncil, Base): from registry.core.tenants"


def test_every_key_to_a_councils_row_carries_the_council() -> None:
    migrations.import_models()
    tables = Base.metadata.tables
    bare = {
        (table.name, *key.column_keys, key.referred_table.name)
        for table in tables.values()
        if "council_id" in table.columns
        for key in table.foreign_key_constraints
        if key.referred_table.name != "councils" and "council_id" not in key.column_keys
    }
    assert bare == set(NOT_WITH_THE_COUNCIL)
    assert all("council_id" not in tables[target].columns for _, _, target in bare)


def test_uniqueness_is_the_councils_own_so_that_it_tells_nothing_of_another() -> None:
    migrations.import_models()
    wide = {
        (table.name, tuple(unique.columns.keys()))
        for table in Base.metadata.sorted_tables
        if "council_id" in table.columns
        for unique in table.constraints
        if isinstance(unique, sa.UniqueConstraint) and "council_id" not in unique.columns
    }
    guessed = {("accounts", ("public_id",)), ("outbox_messages", ("dedupe",))}
    assert {(name, columns) for name, columns in wide - guessed if not columns[0].endswith(("_hash", "_id"))} == set()


def test_keys_between_tables_are_watched_on_every_connection(database_url: str) -> None:
    database = Database(database_url)
    if database.is_sqlite:
        for _ in range(2):
            with database.engine.connect() as connection:
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
                connection.invalidate()
    database.engine.dispose()
