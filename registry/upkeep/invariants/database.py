"""The database itself is sound: its files, its references, its make."""

from collections.abc import Iterable, Iterator
from time import time
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import ForeignKeyConstraint, Select, exists, select

from registry.core import migrations
from registry.core.database import Base
from registry.upkeep.files import leftovers
from registry.upkeep.invariant import MOST, Look, Wrong, invariant
from registry.upkeep.walls import missing_triggers

UNSOUND = """
    SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid
    UNION ALL SELECT conname::text FROM pg_constraint WHERE NOT convalidated
"""


@invariant("I10", "The database holds together: its pages, its indexes, its constraints.")
def database_is_sound(look: Look) -> Iterable[Wrong]:
    """SQLite's own integrity check; PostgreSQL's list of indexes and constraints that do not hold."""
    connection = look.session.connection()
    if look.house.database.is_sqlite:
        for (said,) in connection.exec_driver_sql(f"PRAGMA integrity_check({MOST})"):
            if said != "ok":
                yield Wrong("database", "file", f"is damaged: {said}")
        return
    for (name,) in connection.exec_driver_sql(UNSOUND):
        yield Wrong("database", name, "is marked as not valid")


@invariant("I12", "The database is of the shape that the code expects.")
def shape_is_the_models(look: Look) -> Iterable[Wrong]:
    """Its revision, and every table, column and index compared with the models."""
    connection = look.session.connection()
    found, wanted = migrations.revisions(connection), migrations.heads()
    if found != wanted:
        yield Wrong("schema", ", ".join(sorted(found)) or "none", f"is not {', '.join(sorted(wanted))}")
        return
    migrations.import_models()
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    for difference in compare_metadata(context, Base.metadata):
        yield Wrong("schema", "", f"differs from the models: {_said(difference)}")


@invariant("I12", "The triggers that keep the trail from change are there and switched on.")
def triggers_stand(look: Look) -> Iterable[Wrong]:
    """Asks the database for each."""
    for name in missing_triggers(look.session.connection()):
        yield Wrong("trigger", name, "is missing, altered or switched off")


@invariant("I13", "Every reference leads to a row that is there, of the same council.")
def references_lead_somewhere(look: Look) -> Iterable[Wrong]:
    """Every foreign key of every table; those of councils carry the council with them."""
    for table in Base.metadata.sorted_tables:
        for reference in table.foreign_key_constraints:
            yield from _astray(look, reference)


def _astray(look: Look, reference: ForeignKeyConstraint) -> Iterator[Wrong]:
    table = reference.table
    for row in look.session.execute(_children_without_parent(reference).limit(MOST)):
        number = ", ".join(str(row._mapping[column.name]) for column in table.primary_key.columns)
        to = reference.referred_table.name
        yield Wrong(table.name, number, f"refers to a row of {to} that is not there", row._mapping.get("council_id"))


def _children_without_parent(reference: ForeignKeyConstraint) -> Select[Any]:
    table, parent = reference.table, reference.referred_table.alias("parent")
    pairs = [(element.parent, parent.c[element.column.name]) for element in reference.elements]
    there = exists(select(1).select_from(parent).where(*(child == target for child, target in pairs)).correlate(table))
    columns = {column.name: column for column in table.primary_key.columns}
    if "council_id" in table.c:
        columns["council_id"] = table.c["council_id"]
    return select(*columns.values()).where(*(child.is_not(None) for child, _ in pairs), ~there)


@invariant("I14", "Nothing half-made lies about: no unfinished backup, restore or upload.")
def nothing_half_made(look: Look) -> Iterable[Wrong]:
    """Temporary files of ours that nobody has touched for an hour."""
    for path in leftovers(look.house.settings, time()):
        yield Wrong("file", path.name, "was left half-made")


def _said(difference: Any) -> str:
    flat = difference[0] if isinstance(difference, list) else difference
    return " ".join(str(getattr(part, "name", part)) for part in flat if part is not None)[:200]
