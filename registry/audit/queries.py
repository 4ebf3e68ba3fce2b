"""Looking into the trail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.audit.models import Checkpoint, Entry
from registry.core.database import Rows, get_one
from registry.core.errors import NotFound
from registry.vocabulary.events import Event


@dataclass(frozen=True)
class Sought:
    """What to look for in a chain; None asks nothing."""

    actor_id: int | None = None
    account_id: int | None = None
    act: str | None = None
    since: datetime | None = None
    before: datetime | None = None


def entries(chain: int, sought: Sought = Sought()) -> Rows:
    """The entries of a chain that match: seq, at, body."""
    query = select(Entry.seq, Entry.at, Entry.body).where(Entry.chain == chain)
    if sought.actor_id is not None:
        query = query.where(Entry.actor_id == sought.actor_id)
    if sought.account_id is not None:
        query = query.where(Entry.account_id == sought.account_id)
    if sought.act:
        query = query.where(Entry.act == sought.act)
    if sought.since:
        query = query.where(Entry.at >= sought.since)
    if sought.before:
        query = query.where(Entry.at < sought.before)
    return query


def get_entry(session: Session, chain: int, seq: int) -> Entry:
    """One entry of a chain."""
    entry = session.get(Entry, (chain, seq))
    if entry is None:
        raise NotFound
    return entry


def find_last(session: Session, chain: int, act: Event) -> Entry | None:
    """The latest entry of this act in a chain, if there is one."""
    return session.scalar(
        select(Entry).where(Entry.chain == chain, Entry.act == act.value).order_by(Entry.seq.desc()).limit(1)
    )


def find_newest_checkpoint(session: Session, chain: int) -> Checkpoint | None:
    """The newest checkpoint of a chain."""
    newest = select(Checkpoint).where(Checkpoint.chain == chain).order_by(Checkpoint.size.desc())
    return session.scalar(newest.limit(1))


def checkpoints(chain: int) -> Rows:
    """The checkpoints of a chain: size, signed_at."""
    return select(Checkpoint.size, Checkpoint.signed_at).where(Checkpoint.chain == chain)


def get_checkpoint(session: Session, chain: int, size: int) -> Checkpoint:
    """The checkpoint of a chain at this size."""
    return get_one(session, select(Checkpoint).where(Checkpoint.chain == chain, Checkpoint.size == size))
