"""Holding every governed row against the trail: whoever changed, added or removed one past the register is found.

Each entry holds the hash of the rows that its act wrote. The last one told of a row must be the row's hash now. Rows of
the whole installation (people, councils) are told of in several chains; works that overlap by moments may be entered
in another order than they wrote, so that any chain's last word from the end is good enough.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.audit.keys import TrailKeys
from registry.audit.models import INSTALLATION_CHAIN, Entry
from registry.audit.people import PersonKeys
from registry.audit.rows import RowHashes, governed, key_columns, key_of, read, shape
from registry.core.database import Base, RowKey
from registry.vocabulary.events import Event

OVERLAP = timedelta(minutes=5)
COUNCIL = "council_id"
FIRST_FORMAT = 1


@dataclass(frozen=True)
class Difference:
    """A row that is not as the trail last told of it. `chain` and `seq`: where it did, if it did."""

    table: str
    key: str
    kind: str
    chain: int
    seq: int


@dataclass(frozen=True)
class _Word:
    """What an entry says that a row is."""

    chain: int
    seq: int
    at: datetime
    shape: str
    hash: str | None


_Told = dict[str, dict[str, dict[int, _Word]]]
"""What the chains say last of each row: by table, key and chain."""


@dataclass
class Survey:
    """What holding every governed row against the trail found.

    `unvouched`: the rows that no entry vouches for in their present columns, by council (0: the installation's) and
    table. Rows that no entry tells of at all are among them only while an installation older than these hashes waits
    for its first night with them; later, such a row was added past the register.
    """

    differences: list[Difference] = field(default_factory=list)
    unvouched: dict[int, dict[type[Base], set[RowKey]]] = field(default_factory=dict)


def replay(session: Session, keys: TrailKeys) -> list[Difference]:
    """Every governed row that differs from the trail; nothing that an earlier version of the register wrote down."""
    return survey(session, keys).differences


def survey(session: Session, keys: TrailKeys) -> Survey:
    """Hold every governed row against the trail, reading both once."""
    told, is_due, found = _told(session), is_first_vouching_due(session), Survey()
    hashes = RowHashes(keys, PersonKeys.load(session, keys.auth_key))
    for table in governed().values():
        words_of = told.get(table.__tablename__, {})
        names = [column.key for column in key_columns(table)]
        for row in read(session, table):
            words = words_of.pop(key_of(table, row), {})
            if shape(table) not in {word.shape for word in words.values()} and (words or is_due):
                rows = found.unvouched.setdefault(row.get(COUNCIL) or INSTALLATION_CHAIN, {})
                rows.setdefault(table, set()).add(tuple(row[name] for name in names))
            found.differences += _changed(table, row, _last(words), hashes)
        found.differences += _removed(table, words_of)
    return found


def is_first_vouching_due(session: Session) -> bool:
    """Whether the installation was begun by a version that kept no hashes of rows, and none were entered since."""
    first = session.get(Entry, (INSTALLATION_CHAIN, 1))
    if first is None or json.loads(first.body)["v"] > FIRST_FORMAT:
        return False
    done = select(Entry.seq).where(Entry.chain == INSTALLATION_CHAIN, Entry.act == Event.ROWS_VOUCHED.value)
    return session.scalar(done.limit(1)) is None


def _changed(table: type[Base], row: Any, words: list[_Word], hashes: RowHashes) -> Iterator[Difference]:
    """How a row that is there differs from the last words on it."""
    name, key = table.__tablename__, key_of(table, row)
    if not words:
        yield Difference(name, key, "added past the register", row.get(COUNCIL) or INSTALLATION_CHAIN, 0)
    elif all(word.shape == shape(table) for word in words) and hashes.of(table, row) not in {w.hash for w in words}:
        kind = "changed past the register" if words[0].hash else "brought back past the register"
        yield Difference(name, key, kind, words[0].chain, words[0].seq)


def _removed(table: type[Base], left: Mapping[str, dict[int, _Word]]) -> Iterator[Difference]:
    """The rows that are told of and are not there, though no last word says that they went."""
    for key, by_chain in sorted(left.items()):
        words = _last(by_chain)
        if all(word.hash is not None for word in words):
            yield Difference(table.__tablename__, key, "removed past the register", words[0].chain, words[0].seq)


def _last(by_chain: dict[int, _Word]) -> list[_Word]:
    """The last words of all chains on a row, the latest first; those long overtaken left out."""
    words = sorted(by_chain.values(), key=lambda word: word.at, reverse=True)
    return [word for word in words if word.at >= words[0].at - OVERLAP]


def _told(session: Session) -> _Told:
    told: _Told = {}
    query = select(Entry.chain, Entry.seq, Entry.at, Entry.body).order_by(Entry.chain, Entry.seq)
    for entry in session.execute(query.where(Entry.body.contains('"rows":{"')).execution_options(yield_per=1000)):
        for kept_as, rows in json.loads(entry.body).get("rows", {}).items():
            of_table = told.setdefault(kept_as.partition("/")[0], {})
            for key, row_hash in rows.items():
                word = _Word(entry.chain, entry.seq, entry.at, kept_as, row_hash)
                of_table.setdefault(key, {})[entry.chain] = word
    return told
