"""One database, SQLite or PostgreSQL, spoken to in the same way.

Pitfalls met and kept from coming back: SQLite must begin IMMEDIATE for a unit that writes (a deferred
transaction that turns into a writer fails at once, whatever the busy timeout); DELETE triggers do not see
INSERT OR REPLACE unless recursive_triggers is on; deleted keys stay in the file unless secure_delete is on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import sqlalchemy as sa
from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from registry.core.errors import NotFound
from registry.core.tenants import CouncilSession, Reach

Rows = sa.Select[*tuple[Any, ...]]
"""A query whose rows have named columns."""
RowKey = tuple[Any, ...]
"""The values of a row's primary key."""
Found = TypeVar("Found")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "busy_timeout=10000",
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, kept in UTC on both databases; a moment without a zone is refused."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[Any]:
        """What comes out: paging reads it back from an address by this."""
        return datetime

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Bring a moment to UTC on its way in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give a moment its zone back on its way out (SQLite drops it)."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(kind: type[StrEnum]) -> sa.Enum:
    """A column that holds the *values* of a StrEnum, checked by the database."""
    return sa.Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=40,
        name=kind.__name__.lower(),
    )


class Base(DeclarativeBase):
    """The parent of every table.

    `__audited__`: a change to such a row cannot be committed without a recorded event, whose entry holds the hash of
    the row as it then is. `__derived__`: columns left out of that hash, as they follow from other rows and pass by
    the trail; None where the whole row does.
    """

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        dict[str, Any]: sa.JSON(),
        list[Any]: sa.JSON(),
    }
    __audited__: ClassVar[bool] = True
    __derived__: ClassVar[frozenset[str] | None] = frozenset()


def make_engine(url: str) -> Engine:
    """Open a database by its URL with the settings that its kind needs."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, hide_parameters=True, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    limits = (
        "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
    )
    return create_engine(
        address,
        hide_parameters=True,  # no value of a statement in a message, wherever that is shown
        pool_pre_ping=True,
        pool_size=8,
        connect_args={"options": limits, "connect_timeout": 5},
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # sqlite3 must not begin transactions behind our back
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def file_of(url: str | sa.URL) -> Path | None:
    """The file that a SQLite address names; PostgreSQL has none here."""
    address = sa.make_url(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


class Database:
    """The engine and its two kinds of session: one that reads, one that writes."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self._reads = sessionmaker(self.engine, class_=CouncilSession, autoflush=False)
        self._writes = sessionmaker(
            self.engine.execution_options(writes=True), class_=CouncilSession, expire_on_commit=False
        )

    @property
    def is_sqlite(self) -> bool:
        """Whether the house stands on SQLite."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """The file in which the house stands, if it stands on SQLite."""
        return file_of(self.engine.url)

    @contextmanager
    def raw(self) -> Iterator[Any]:
        """A cursor of the driver's own, for what is said outside every transaction."""
        held = self.engine.raw_connection()
        try:
            yield held.cursor()
        finally:
            held.close()

    def fold(self) -> None:
        """Fold SQLite's log into its file, as far as nobody still reads an older state."""
        if self.is_sqlite:
            with self.raw() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def reader(self, reach: Reach) -> Session:
        """A session for looking, within its reach; its owner closes it."""
        return self._reads(info={"reach": reach})

    def writer(self, reach: Reach) -> Session:
        """A session for changing, within its reach; only `Work` commits one."""
        return self._writes(info={"reach": reach})

    @contextmanager
    def reading(self, reach: Reach) -> Iterator[Session]:
        """A reading session for the length of a block."""
        with self.reader(reach) as session:
            yield session


def columns_of(kind: type[Base]) -> tuple[Any, ...]:
    """Every column of a table, for queries of rows; named by its class, so that they stay within their council."""
    return tuple(getattr(kind, column.name) for column in kind.__table__.columns)


def get_one(session: Session, query: sa.Select[Found]) -> Found:
    """The one thing a query asks for; a thing of another council is as little there as one that never was."""
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def change_one(session: Session, statement: sa.Update | sa.Delete) -> bool:
    """Whether a conditional change found its one row: of any number who try at once, one does.

    Rows that the session holds already are not told: refresh what is read afterwards.
    """
    found = session.execute(statement.execution_options(synchronize_session=False))
    return bool(found.rowcount == 1)  # type: ignore[attr-defined]


def same_council(column: str, table: str, target: str = "id") -> sa.ForeignKeyConstraint:
    """A foreign key that also carries the council, so that no child can belong to another council's parent."""
    return sa.ForeignKeyConstraint(["council_id", column], [f"{table}.council_id", f"{table}.{target}"])


def of_person(column: str) -> sa.ForeignKeyConstraint:
    """A foreign key to somebody who works, or has worked, for the row's council."""
    return same_council(column, "employments", "person_id")


def one_of_its_council() -> sa.UniqueConstraint:
    """What lets children refer to a row together with its council."""
    return sa.UniqueConstraint("council_id", "id")
