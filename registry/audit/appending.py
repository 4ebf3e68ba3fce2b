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
from registry.audit.keys import TrailKeys
from registry.audit.merkle import leaf
from registry.audit.models import INSTALLATION_CHAIN, Entry
from registry.core.errors import Refused
from registry.core.work import Occurrence, Work

FORMAT = 1


class Trail:
    """The sink that enters everything that happened in a piece of work."""

    def __init__(self, keys: TrailKeys) -> None:
        self.keys = keys

    def __call__(self, work: Work, occurrences: list[Occurrence]) -> None:
        """Enter what happened, and sign a checkpoint whenever the chain has grown by a thousand."""
        chain = work.council_id or INSTALLATION_CHAIN
        before, size = append(work.session, chain, [_body(work, o) for o in occurrences])
        if size // EVERY > before // EVERY:
            with suppress(Refused):  # a chain that was tampered with is the night's to report, not this act's
                sign(work.session, self.keys, chain, work.now)


def append(session: Session, chain: int, bodies: list[dict[str, Any]]) -> tuple[int, int]:
    """Link these bodies to the chain, in order, and move its head; gives the chain's size before and after."""
    if not bodies:
        return 0, 0
    head = lock_head(session, chain)
    before, tree, entries = head.seq, tree_of(session, head), []
    for body in bodies:
        linked = body | {"v": FORMAT, "seq": head.seq + 1, "prev": head.hash}
        text = canonical(linked)
        entries.append(_row(chain, linked, text, before=head.hash))
        head.seq, head.hash = head.seq + 1, digest(text)
        tree.add(leaf(text))
    head.frontier = tree.text()
    session.execute(insert(Entry), entries)
    session.flush()
    return before, head.seq


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
