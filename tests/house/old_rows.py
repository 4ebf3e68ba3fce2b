"""Rows as they were before a migration: put into tables as they stand, which today's models no longer describe."""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

MOMENT = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
BY_TYPE: tuple[tuple[type[Any], Any], ...] = (
    (sa.Boolean, False),
    (sa.Integer, 1),
    (sa.DateTime, MOMENT),
    (sa.Date, date(2026, 10, 1)),
    (sa.JSON, {}),
    (sa.LargeBinary, b"0123456789abcdef"),
    (sa.String, "x"),
)


class OldRows:
    """The tables of a database as they are now; `put` fills what it is not told."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection, self.tables = connection, sa.MetaData()
        self.tables.reflect(connection)

    def put(self, table: str, **values: Any) -> None:
        """One row, with something fitting in every column that may not be empty."""
        there = self.tables.tables[table]
        for column in there.columns:
            if column.name not in values and not column.nullable and column.server_default is None:
                values[column.name] = next(value for kind, value in BY_TYPE if isinstance(column.type, kind))
        self.connection.execute(there.insert().values(values))
