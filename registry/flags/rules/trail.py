"""What the night finds wrong with the trail, or with rows that it tells of; and a trail that nobody signs."""

from datetime import date
from typing import Any

from sqlalchemy import Date, Select, and_, func, literal, select

from registry.activity.cadence import DaysAfter
from registry.audit.checkpoints import CHECKPOINT_OVERDUE
from registry.audit.models import INSTALLATION_CHAIN, ChainHead, Checkpoint, Entry, Finding
from registry.core.clock import start_of
from registry.flags.rule import Severity, Tell, finding, flag


@flag(
    Severity.BREACH,
    clause="002 §17.5",
    message="The trail and the register do not agree: {place} is {how}.",
    tell=(Tell.CLERK, Tell.AUDITOR),
    mend=("audit.trail", "Look at the trail"),
)
def trail_disagrees(_on: date) -> Select[Any]:
    """The nightly verification found an entry that is not what was written, or a row changed past the register.

    Somebody with access to the database itself has been at work. Keep the database as it is, and tell the auditor.
    """
    return finding("Finding", Finding.council_id, Finding.id, place=Finding.place, how=Finding.kind)


@flag(
    Severity.WARNING,
    clause="002 §17.5",
    message="No checkpoint was signed of what the trail tells since {first_on}.",
    tell=(Tell.CLERK, Tell.AUDITOR),
    mend=("audit.checkpoints", "Sign one, and find out why the night does not"),
)
def checkpoint_missing(on: date) -> Select[Any]:
    """The trail has entries more than two days old that no checkpoint covers.

    Every night signs what was entered until then, unless the trail is broken, a key is missing or the jobs stand
    still. Until one is signed, those entries could be rewritten and nobody outside would hold anything against it.
    """
    covered = select(func.coalesce(func.max(Checkpoint.size), 0)).where(Checkpoint.chain == ChainHead.chain)
    first = and_(Entry.chain == ChainHead.chain, Entry.seq == covered.correlate(ChainHead).scalar_subquery() + 1)
    first_on = func.date(Entry.at, type_=Date)
    return (
        finding(
            "Council",
            ChainHead.chain,
            ChainHead.chain,
            DaysAfter(first_on, literal(CHECKPOINT_OVERDUE.days + 1)),
            first_on=first_on,
        )
        .join(Entry, first)
        .where(
            ChainHead.chain != INSTALLATION_CHAIN,
            Entry.at < start_of(on - CHECKPOINT_OVERDUE),
        )
    )
