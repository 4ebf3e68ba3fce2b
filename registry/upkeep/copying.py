"""Copying a whole register, as it stood at one moment, from one database into another of either kind.

Row by row, table after table, with the columns' own types: what SQLite holds as text PostgreSQL gets as what it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from registry.core import migrations
from registry.core.database import Base, Database

BATCH = 1000


def copy_to_file(source: Database, path: Path) -> None:
    """Make a SQLite file that holds all of a register as it stands now, while others go on writing.

    From SQLite by VACUUM INTO, never by copying files: recent changes lie in a second one, and what was destroyed
    still lies in the first. From PostgreSQL through one transaction that sees one moment.
    """
    if source.is_sqlite:
        with source.raw() as cursor:
            cursor.execute("VACUUM INTO ?", (str(path),))
        return
    target = Database(f"sqlite:///{path}")
    try:
        migrations.upgrade(target)
        snapshot = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with source.engine.connect().execution_options(**snapshot) as reading, loosened(target) as writing:
            reading.exec_driver_sql("SET LOCAL statement_timeout = 0")
            reading.exec_driver_sql("SELECT set_config('app.reach', 'keeper', true)")
            copy_rows(reading, writing)
        close_up(target)
    finally:
        target.engine.dispose()


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy every row of every table."""
    for table in tables():
        for rows in source.execution_options(yield_per=BATCH).execute(_in_order(table)).mappings().partitions(BATCH):
            target.execute(sa.insert(table), [dict(row) for row in rows])


def is_empty(connection: Connection) -> bool:
    """Whether a database holds nothing of a register: no tables, or none with rows."""
    there = set(sa.inspect(connection).get_table_names())
    return not any(
        table.name in there and connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first()
        for table in tables()
    )


def tables() -> list[Table]:
    """Every table, those that others refer to first."""
    migrations.import_models()
    return list(Base.metadata.sorted_tables)


def _in_order(table: Table) -> sa.Select[Any]:
    return sa.select(table).order_by(*table.primary_key.columns)


@contextmanager
def loosened(database: Database) -> Iterator[Connection]:
    """One transaction in which rows may come before those they refer to; at its end every reference is checked."""
    connection = database.engine.execution_options(writes=True).connect()
    if not database.is_sqlite:
        connection.detach()  # what is set on it must not go back to those who serve
    with connection, connection.begin():
        if database.is_sqlite:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            yield connection
            return
        for statement in _foreign_keys(connection, "DEFERRABLE INITIALLY DEFERRED"):
            connection.exec_driver_sql(statement)
        yield connection
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in (*_foreign_keys(connection, "NOT DEFERRABLE"), *_sequences()):
            connection.exec_driver_sql(statement)


def _foreign_keys(connection: Connection, how: str) -> Iterator[str]:
    rows = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint WHERE contype = 'f'"
        " AND connamespace = 'public'::regnamespace"
    ).all()
    return (f"ALTER TABLE {table} ALTER CONSTRAINT {name} {how}" for table, name in rows)


def _sequences() -> Iterator[str]:
    """Let each table's numbers go on after the highest that came."""
    for table in tables():
        column = table.autoincrement_column
        if column is not None:
            highest = f"(SELECT max({column.name}) FROM {table.name})"  # noqa: S608 (names of our own tables)
            yield (
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), coalesce({highest}, 1),"
                f" {highest} IS NOT NULL)"
            )


def close_up(database: Database) -> None:
    """Make a SQLite database one file, with nothing beside it."""
    database.fold()
    with database.raw() as cursor:
        cursor.execute("PRAGMA journal_mode=DELETE")
