"""The hash of a governed row as it stands in the entry that tells of its change.

It is keyed: with a key of the person whom the row is about, or with the trail's own. So nobody can guess the row from
its hash, not even the register once that person's details are erased. A row is hashed as the database gives it back.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import inspect, select, tuple_
from sqlalchemy.orm import Session

from registry.audit.canonical import moment
from registry.audit.keys import TrailKeys
from registry.audit.people import PersonKeys
from registry.core.database import Base, RowKey
from registry.core.errors import NotFound
from registry.identity.models import Person

HEX_DIGITS = 32
AT_ONCE = 300
PERSON = "person_id"


class RowHashes:
    """Hashes rows under the keys of the people they are about, or the trail's own."""

    def __init__(self, keys: TrailKeys, people: PersonKeys) -> None:
        self.keys, self.people = keys, people

    def of(self, table: type[Base], row: Any) -> str:
        """The hash of one row, given as its governed columns by name."""
        person_id = person_of(table, row)
        key = self.people.row_key(person_id) if person_id in self.people.keys else self.keys.rows
        text = json.dumps([table.__tablename__, dict(row)], sort_keys=True, default=_plain)
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:HEX_DIGITS]


@cache
def governed() -> dict[str, type[Base]]:
    """Every table whose rows the trail vouches for, by the name under which entries hold them.

    The name carries the columns, so that a row hashed by an earlier version is not held against a later one's columns.
    """
    tables: list[type[Base]] = [mapper.class_ for mapper in Base.registry.mappers]
    return {shape(table): table for table in tables if table.__audited__ and table.__derived__ is not None}


@cache
def shape(table: Any) -> str:
    """A table's name with a short hash of the names of its governed columns."""
    names = ",".join(sorted(columns(table)))
    return f"{table.__tablename__}/{hashlib.sha256(names.encode()).hexdigest()[:8]}"


@cache
def columns(table: Any) -> tuple[str, ...]:
    """The governed columns of a table, as its class names them."""
    derived = table.__derived__ or frozenset()
    return tuple(name for name in inspect(table).columns.keys() if name not in derived)  # noqa: SIM118 (no dict)


def key_columns(table: type[Base]) -> list[Any]:
    """The columns of a table's primary key, as its class has them."""
    mapper = inspect(table)
    return [getattr(table, mapper.get_property_by_column(column).key) for column in mapper.primary_key]


def key_text(key: Iterable[Any]) -> str:
    """How a row's primary key is written in an entry."""
    return "/".join(str(_plain(value)) for value in key)


def key_of(table: type[Base], row: Any) -> str:
    """The same for a row at hand."""
    return key_text(row[column.key] for column in key_columns(table))


def person_of(table: type[Base], row: Any) -> int | None:
    """The person whom a row is about, if it is about one."""
    found = row["id"] if table is Person else row.get(PERSON)
    return found if isinstance(found, int) else None


def about(session: Session, table: type[Base], person_id: int) -> list[RowKey]:
    """The primary keys of the rows of a table that are about somebody."""
    column = Person.id if table is Person else getattr(table, PERSON, None)
    if column is None:
        return []
    return [tuple(row) for row in session.execute(select(*key_columns(table)).where(column == person_id))]


def key_from(table: type[Base], text: str) -> RowKey:
    """The primary key that `key_text` wrote; `NotFound` where it is none of this table."""
    parts, where = text.split("/"), key_columns(table)
    try:
        return tuple(_typed(column.type.python_type, part) for column, part in zip(where, parts, strict=True))
    except ValueError:
        raise NotFound from None


def _typed(kind: type[Any], text: str) -> Any:
    return bytes.fromhex(text) if kind is bytes else kind(text)


def read(session: Session, table: type[Base], keys: Iterable[RowKey] | None = None) -> Iterator[Any]:
    """Rows of a table as mappings of their governed columns: all of them, or those with these keys."""
    query = select(*(getattr(table, name) for name in columns(table)))
    if keys is None:
        yield from session.execute(query.execution_options(yield_per=1000)).mappings()
        return
    wanted, where = sorted(keys, key=str), key_columns(table)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        among = where[0].in_([key[0] for key in some]) if len(where) == 1 else tuple_(*where).in_(some)
        yield from session.execute(query.where(among)).mappings()


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)
