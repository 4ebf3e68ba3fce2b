"""Forging the links of a chain.

Appending takes the chain's head row for itself first (PostgreSQL `FOR UPDATE`; SQLite writers already stand
in line behind BEGIN IMMEDIATE) and is the last thing a piece of work does, so chains never fork and the
head is held for a moment only.
"""

from contextlib import suppress
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from registry.audit.canonical import canonical, digest
from registry.audit.checkpoints import EVERY, lock_head, sign, tree_of
from registry.audit.details import part
from registry.audit.keys import TrailKeys
from registry.audit.merkle import leaf
from registry.audit.models import INSTALLATION_CHAIN, Entry, Sealed
from registry.audit.people import PersonKeys
from registry.audit.rows import RowHashes, key_of, key_text, person_of, read, shape
from registry.core.database import Base, RowKey
from registry.core.errors import Refused
from registry.core.work import Occurrence, Work

FORMAT = 2
"""1: details all in the clear, no hashes of rows. 2: `sealed` for what is people's own, `rows` for what was written."""


class Trail:
    """The sink that enters everything that happened in a piece of work, with the hashes of the rows it wrote."""

    def __init__(self, keys: TrailKeys) -> None:
        self.keys = keys

    def __call__(self, work: Work, occurrences: list[Occurrence]) -> None:
        """Enter what happened, and sign a checkpoint whenever the chain has grown by a thousand."""
        if not occurrences:
            return
        work.session.flush()
        chain = work.council_id or INSTALLATION_CHAIN
        bodies = [_body(work, happened) for happened in occurrences]
        written = {table: list(read(work.session, table, keys)) for table, keys in _governed(work).items()}
        owners = {person_id for body in bodies for person_id in part(body)}
        owners |= {person_id for table, rows in written.items() for row in rows if (person_id := person_of(table, row))}
        people = PersonKeys.load_or_make(work, self.keys.auth_key, owners)
        # a restored register must be able to tell of it, and of what it removed, before its keys are back
        _attach(bodies, _hashed(_governed(work), written, RowHashes(self.keys, people)))
        before, size = append(work.session, chain, bodies, people)
        if size // EVERY > before // EVERY:
            with suppress(Refused):  # a chain that was tampered with is the night's to report, not this act's
                sign(work.session, self.keys, chain, work.now)


def _governed(work: Work) -> dict[type[Base], set[RowKey]]:
    return {table: keys for table, keys in work.written.items() if table.__derived__ is not None}


Hashed = dict[tuple[str, str], tuple[str, str | None]]


def _hashed(keys: dict[type[Base], set[RowKey]], rows: dict[type[Base], list[Any]], hashes: RowHashes) -> Hashed:
    """The hash of every row written, None for those removed, with its table's shape; by class and key."""
    found: Hashed = {}
    for table, wanted in keys.items():
        for key in wanted:
            found[table.__name__, key_text(key)] = (shape(table), None)
        for row in rows[table]:
            found[table.__name__, key_of(table, row)] = (shape(table), hashes.of(table, row))
    return found


def _attach(bodies: list[dict[str, Any]], hashed: Hashed) -> None:
    """Put each row's hash into the entry about it, and those that no entry is about into the last."""
    about = {(body["kind"], str(body["id"])): body for body in bodies}
    for name, (kept_as, row_hash) in hashed.items():
        rows = about.get(name, bodies[-1]).setdefault("rows", {})
        rows.setdefault(kept_as, {})[name[1]] = row_hash


def append(session: Session, chain: int, bodies: list[dict[str, Any]], people: PersonKeys) -> tuple[int, int]:
    """Link these bodies to the chain, in order, and move its head; gives the chain's size before and after."""
    head = lock_head(session, chain)
    before, tree, entries, sealed = head.seq, tree_of(session, head), [], []
    for body in bodies:
        seq = head.seq + 1
        sealed += _seal(body, chain, seq, people)
        linked = body | {"v": FORMAT, "seq": seq, "prev": head.hash}
        text = canonical(linked)
        entries.append(_row(chain, linked, text, before=head.hash))
        head.seq, head.hash = seq, digest(text)
        tree.add(leaf(text))
    head.frontier = tree.text()
    session.execute(insert(Entry), entries)
    if sealed:
        session.execute(insert(Sealed), sealed)
    session.flush()
    return before, head.seq


def _seal(body: dict[str, Any], chain: int, seq: int, people: PersonKeys) -> list[dict[str, Any]]:
    """Take what is people's own out of an entry, leaving the hash of it sealed; of whom was erased nothing is kept."""
    rows = []
    for person_id, details in part(body).items():
        if person_id not in people.keys and person_id not in people.erased:
            continue  # nobody whom this register knows
        body["detail"] = {key: value for key, value in body["detail"].items() if key not in details}
        one: dict[str, Any] = {"person": person_id, "keys": sorted(details), "sha256": None}
        if person_id in people.keys:
            ciphertext = people.seal(chain, seq, person_id, details)
            one["sha256"] = digest(ciphertext)
            rows.append({"chain": chain, "seq": seq, "person_id": person_id, "ciphertext": ciphertext})
        body.setdefault("sealed", []).append(one)
    return rows


def _body(work: Work, happened: Occurrence) -> dict[str, Any]:
    subject = happened.subject
    return {
        "at": work.now,
        "act": happened.event.value,
        "actor": work.actor_id,
        "council": work.council_id,
        "door": work.door,
        "kind": subject.kind,
        "id": subject.id,
        "account": subject.account_id,
        "outcome": happened.outcome,
        "detail": plain(dict(happened.detail)),
    }


def plain(value: Any) -> Any:
    """Bring details to what the canonical form knows: text, whole numbers, true, false, null, lists and tables."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)


def _row(chain: int, body: dict[str, Any], text: bytes, before: str) -> dict[str, Any]:
    return {
        "chain": chain,
        "seq": body["seq"],
        "prev_hash": before,
        "hash": digest(text),
        "body": text.decode(),
        "at": body["at"],
        "act": body["act"],
        "actor_id": body["actor"],
        "account_id": body["account"],
    }
