"""Holding every governed row against the trail: whoever changed, added or removed one past the register is found.

Each entry holds the hash of the rows that its act wrote. The last one told of a row must be the row's hash now. Rows of
the whole installation (people, councils) are told of in several chains; works that overlap by moments may be entered
in another order than they wrote, so that any chain's last word from the end is good enough.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

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


_Told = dict[tuple[str, str], dict[int, _Word]]


def replay(session: Session, keys: TrailKeys) -> list[Difference]:
    """Every governed row that differs from the trail; nothing that an earlier version of the register wrote down."""
    told = _told(session)
    hashes = RowHashes(keys.rows, PersonKeys.load(session, keys.auth_key))
    return [difference for table in governed().values() for difference in _compare(session, table, told, hashes)]


def unvouched(session: Session) -> dict[int, dict[type[Base], set[RowKey]]]:
    """The rows that no entry vouches for in their present columns, by council (0: the installation's) and table.

    Rows that no entry tells of at all are among them only while an installation older than these hashes waits for
    its first night with them; later, such a row was added past the register.
    """
    told, is_due = _told(session), is_first_vouching_due(session)
    found: dict[int, dict[type[Base], set[RowKey]]] = {}
    for table in governed().values():
        names = [column.key for column in key_columns(table)]
        for row in read(session, table):
            words = told.get((table.__tablename__, key_of(table, row)), {})
            if shape(table) not in {word.shape for word in words.values()} and (words or is_due):
                rows = found.setdefault(row.get(COUNCIL) or INSTALLATION_CHAIN, {})
                rows.setdefault(table, set()).add(tuple(row[name] for name in names))
    return found


def is_first_vouching_due(session: Session) -> bool:
    """Whether the installation was begun by a version that kept no hashes of rows, and none were entered since."""
    first = session.get(Entry, (INSTALLATION_CHAIN, 1))
    if first is None or json.loads(first.body)["v"] > FIRST_FORMAT:
        return False
    done = select(Entry.seq).where(Entry.chain == INSTALLATION_CHAIN, Entry.act == Event.ROWS_VOUCHED.value)
    return session.scalar(done.limit(1)) is None


def _compare(session: Session, table: type[Base], told: _Told, hashes: RowHashes) -> Iterator[Difference]:
    name = table.__tablename__
    left = {key for kept, key in told if kept == name}
    for row in read(session, table):
        key = key_of(table, row)
        left.discard(key)
        words = _last(told.get((name, key), {}))
        if not words:
            yield Difference(name, key, "added past the register", row.get(COUNCIL) or INSTALLATION_CHAIN, 0)
        elif all(word.shape == shape(table) for word in words) and hashes.of(table, row) not in {w.hash for w in words}:
            kind = "changed past the register" if words[0].hash else "brought back past the register"
            yield Difference(name, key, kind, words[0].chain, words[0].seq)
    for key in sorted(left):
        words = _last(told[name, key])
        if all(word.hash is not None for word in words):
            yield Difference(name, key, "removed past the register", words[0].chain, words[0].seq)


def _last(by_chain: dict[int, _Word]) -> list[_Word]:
    """The last words of all chains on a row, the latest first; those long overtaken left out."""
    words = sorted(by_chain.values(), key=lambda word: word.at, reverse=True)
    return [word for word in words if word.at >= words[0].at - OVERLAP]


def _told(session: Session) -> _Told:
    told: _Told = {}
    query = select(Entry.chain, Entry.seq, Entry.at, Entry.body).order_by(Entry.chain, Entry.seq)
    for entry in session.execute(query.where(Entry.body.contains('"rows":{"')).execution_options(yield_per=1000)):
        for kept_as, rows in json.loads(entry.body).get("rows", {}).items():
            table = kept_as.partition("/")[0]
            for key, row_hash in rows.items():
                word = _Word(entry.chain, entry.seq, entry.at, kept_as, row_hash)
                told.setdefault((table, key), {})[entry.chain] = word
    return told
