"""Forging and checking the links of a chain.

Appending takes the chain's head row for itself first (PostgreSQL `FOR UPDATE`; SQLite writers already stand
in line behind BEGIN IMMEDIATE) and is the last thing a piece of work does, so chains never fork and the
head is held for a moment only.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.audit.canonical import canonical, digest
from registry.audit.models import INSTALLATION_CHAIN, ChainHead, Entry
from registry.core.database import Rows
from registry.core.work import Occurrence, Work

GENESIS = "0" * 64
FORMAT = 1


def trail(work: Work, occurrences: list[Occurrence]) -> None:
    """The sink that enters everything that happened in a piece of work."""
    append(work.session, work.council_id or INSTALLATION_CHAIN, [_body(work, o) for o in occurrences])


def append(session: Session, chain: int, bodies: Iterable[dict[str, Any]]) -> None:
    """Link these bodies to the chain, in order, and move its head."""
    rows = list(bodies)
    if not rows:
        return
    head = _locked_head(session, chain)
    entries = []
    for body in rows:
        linked = body | {"v": FORMAT, "seq": head.seq + 1, "prev": head.hash}
        text = canonical(linked)
        entries.append(_row(chain, linked, text, before=head.hash))
        head.seq, head.hash = head.seq + 1, digest(text)
    session.execute(insert(Entry), entries)
    session.flush()


def _locked_head(session: Session, chain: int) -> ChainHead:
    ours = select(ChainHead).where(ChainHead.chain == chain).with_for_update()
    head = session.scalar(ours)
    if head is None:
        with suppress(IntegrityError), session.begin_nested():  # another may begin the same chain this instant
            session.add(ChainHead(chain=chain, seq=0, hash=GENESIS))
        head = session.scalars(ours).one()
    return head


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


@dataclass(frozen=True)
class Break:
    """The first place where a chain is not what was written, and how."""

    chain: int
    seq: int
    kind: str


@dataclass(frozen=True)
class Proof:
    """What verifying a chain found: its length and last hash, and its first break if there is one."""

    chain: int
    length: int
    hash: str
    broken: Break | None


def verify(session: Session, chain: int) -> Proof:
    """Walk a chain from its first link and compare every link with what it claims."""
    seq, previous = 0, GENESIS
    with session.execute(_links(chain)) as links:  # closed even where a break ends the walk early
        for entry in links:
            found = _fault(entry, seq + 1, previous)
            if found:
                return Proof(chain, seq, previous, Break(chain, seq + 1 if found == "missing" else entry.seq, found))
            seq, previous = entry.seq, entry.hash
    head = session.get(ChainHead, chain)
    if (head.seq if head else 0) != seq or (head is not None and seq and head.hash != previous):
        return Proof(chain, seq, previous, Break(chain, seq + 1, "missing last"))
    return Proof(chain, seq, previous, None)


def _links(chain: int) -> Rows:
    columns = select(
        Entry.seq, Entry.prev_hash, Entry.hash, Entry.body, Entry.at, Entry.act, Entry.actor_id, Entry.account_id
    )
    return columns.where(Entry.chain == chain).order_by(Entry.seq).execution_options(yield_per=1000)


def _fault(entry: Any, expected: int, previous: str) -> str:
    if entry.seq != expected:
        return "missing"
    if digest(entry.body.encode()) != entry.hash:
        return "altered"
    body = json.loads(entry.body)
    if entry.prev_hash != previous or body["prev"] != previous or body["seq"] != entry.seq:
        return "unlinked"
    shown = (body["at"], body["act"], body["actor"], body["account"])
    if shown != (entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), entry.act, entry.actor_id, entry.account_id):
        return "altered"
    return ""


def list_chains(session: Session) -> list[int]:
    """Every chain there is, the installation's first."""
    return sorted(set(session.scalars(select(ChainHead.chain))) | set(session.scalars(select(Entry.chain).distinct())))
