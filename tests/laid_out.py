"""What many tests begin with: made once by the register's own acts, laid out again row by row for each of the others.

A council and its people take as long to make as most tests of them take. So a function decorated `@laid_out`, given a
world and plain arguments, is called once for whatever the register was before: the heads of its chains tell that, the
clock, and its keys. From then on its rows are put back as they were, and what it gave is given again.
"""

import io
import pickle
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol

import pytest
import sqlalchemy as sa

from registry.core.clock import FixedClock
from tests.hearing import drawn

MOST = 200
"""How many are kept: those that were asked for last."""
HEADS = "SELECT chain, hash FROM audit_heads ORDER BY chain"
COUNTERS = ""
"""Stands among the tables for PostgreSQL's sequences."""

Rows = dict[str, list[Any]]


class Bare(Protocol):
    """A database as its owner has it, without the register around it."""

    def heads(self) -> list[Any]: ...

    def rows(self) -> Rows: ...

    def put(self, gone: Rows, new: Rows) -> None: ...


@dataclass(frozen=True)
class Kept:
    """What a call changed in the register, drew as secrets, did to world and clock, and gave."""

    gone: Rows
    new: Rows
    drawn: set[str | bytes]
    moment: Any
    left: bytes


_kept: dict[Any, Kept] = {}
_is_traced = [False]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a test that is traced begins with must have been made under its eyes."""
    _is_traced[0] = item.get_closest_marker("no_cover") is None


def laid_out(make: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function of a world be called once for each state of the register, and its outcome be laid out again."""

    @wraps(make, updated=())
    def begun(world: Any, *given: Any, **named: Any) -> Any:
        if not isinstance(world.clock, FixedClock):
            return make(world, *given, **named)
        with _bare(world.house.settings) as bare:
            about = (make.__module__, make.__qualname__, repr(given), repr(named))
            key = (*about, *_state(world, bare), _is_traced[0])
            if key not in _kept:
                before, drawn_before = bare.rows(), set(drawn)
                made = make(world, *given, **named)
                gone, new = _difference(before, bare.rows())
                _kept[key] = Kept(gone, new, drawn - drawn_before, world.clock.moment, _packed(world, made))
                return made
            kept = _kept[key] = _kept.pop(key)
            while len(_kept) > MOST:
                del _kept[next(iter(_kept))]
            bare.put(kept.gone, kept.new)
        drawn.update(kept.drawn)
        world.clock.moment = kept.moment
        return _unpacked(world, kept.left)

    return begun


def _state(world: Any, bare: Bare) -> tuple[Any, ...]:
    settings = world.house.settings
    keys = [path.read_bytes() if path.is_file() else b"" for path in (settings.root_key_file, settings.auth_key_file)]
    return type(bare), world.clock.moment, str(bare.heads()), *keys


def _difference(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    """The rows that are gone and those that are new."""
    gone: Rows = {}
    new: Rows = {}
    for table in before.keys() | after.keys():
        was, now = before.get(table, []), after.get(table, [])
        kept = {*was} & {*now}
        gone[table], new[table] = ([row for row in rows if row not in kept] for rows in (was, now))
    return gone, new


def _packed(world: Any, made: Any) -> bytes:
    """What was made, and what the world then knows; the house, the clock and the world itself are only named."""
    into, named = io.BytesIO(), {id(world): "world", id(world.house): "house", id(world.clock): "clock"}
    packer = pickle.Pickler(into)
    packer.persistent_id = lambda thing: named.get(id(thing))  # type: ignore[method-assign]
    packer.dump((made, {name: value for name, value in vars(world).items() if name not in ("house", "clock")}))
    return into.getvalue()


def _unpacked(world: Any, packed: bytes) -> Any:
    named = {"world": world, "house": world.house, "clock": world.clock}
    unpacker = pickle.Unpickler(io.BytesIO(packed))
    unpacker.persistent_load = named.__getitem__  # type: ignore[method-assign]
    made, known = unpacker.load()
    vars(world).update(known)
    return made


@contextmanager
def _bare(settings: Any) -> Iterator[Bare]:
    if settings.database_url.startswith("sqlite"):
        connection = sqlite3.connect(str(sa.make_url(settings.database_url).database), isolation_level=None)
        try:
            yield File(connection)
        finally:
            connection.close()
    else:
        yield Served(owner_of(settings.migrations_url))


class File:
    """A SQLite database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def heads(self) -> list[Any]:
        """Where the trail's chains stand."""
        return self.connection.execute(HEADS).fetchall()

    def rows(self) -> Rows:
        """All there is, in its order."""
        tables = self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            table: self.connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall() for (table,) in tables
        }

    def put(self, gone: Rows, new: Rows) -> None:
        """Take rows away and put others, whatever refers to them."""
        self.connection.execute("PRAGMA foreign_keys = OFF")
        self.connection.execute("BEGIN IMMEDIATE")
        for table, rows in gone.items():
            for row in rows:
                names = self.connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
                same = " AND ".join(f"{name} IS ?" for (name,) in names)
                self.connection.execute(f"DELETE FROM {table} WHERE {same}", row)
        for table, rows in new.items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                self.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        self.connection.execute("COMMIT")


EVERY_ROW = """
SELECT string_agg(format('SELECT %L AS part, x::text AS row FROM %I x', relname, relname), ' UNION ALL ') FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""
EVERY_COUNTER = """
SELECT '', sequencename || ' ' || last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


class Served:
    """A PostgreSQL database; it writes rows as text, and reads them so."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def heads(self) -> list[Any]:
        """Where the trail's chains stand."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(HEADS)]

    def rows(self) -> Rows:
        """All there is, in no order."""
        found = defaultdict(list)
        with self.engine.connect() as connection:
            every = str(connection.scalar(sa.text(EVERY_ROW)))
            for table, row in connection.exec_driver_sql(f"{every} UNION ALL {EVERY_COUNTER}"):
                found[table].append(row)
        return found

    def put(self, gone: Rows, new: Rows) -> None:
        """Take rows away and put others, whatever refers to them, and let the sequences go on behind them."""
        with self.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for table, rows in gone.items():
                if rows and table != COUNTERS:
                    connection.execute(sa.text(f"DELETE FROM {table} x WHERE x::text = ANY(:rows)"), {"rows": rows})
            for table, rows in new.items():
                if rows and table != COUNTERS:
                    whole = f"SELECT (row::{table}).* FROM unnest(CAST(:rows AS text[])) WITH ORDINALITY AS x(row, at)"
                    in_turn = {"rows": sorted(rows, key=_numbers)}  # the trail takes its entries in no other order
                    connection.execute(sa.text(f"INSERT INTO {table} {whole} ORDER BY at"), in_turn)
            for counter in new.get(COUNTERS, []):
                name, last = counter.split()
                connection.execute(
                    sa.text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": name, "last": int(last)}
                )


def _numbers(row: str) -> list[int]:
    """The numbers that a row begins with, like those of an entry: its chain, and its place in it."""
    return [int(part) for part in row.strip("()").split(",")[:2] if part.isdigit()]


_owners: dict[str, sa.Engine] = {}


def owner_of(url: str) -> sa.Engine:
    """The connection that the owner of a PostgreSQL database keeps to it, for test after test."""
    if url not in _owners:
        _owners[url] = sa.create_engine(url, pool_pre_ping=True)
    return _owners[url]


def owner_leaves(url: str) -> None:
    """Let go of a database that is to be dropped."""
    if url in _owners:
        _owners.pop(url).dispose()
