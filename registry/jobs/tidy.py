"""Clearing away what has served its time. Nothing of the register or its trail: only the leavings of sign-ins,
links, reveals, uploads and runs. What is personal is not kept longer than it is of use."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, delete, exists, or_, select

from registry.accounts.models import ImportBatch
from registry.core.database import Base
from registry.core.house import House
from registry.custody.models import RevealGrant
from registry.identity.models import KnownDevice, OutsideAnswer, PasswordLink, SignInSession
from registry.jobs.models import JobRun
from registry.throttle.models import Attempt
from registry.vocabulary.events import Event
from registry.web.models import FormSent

DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)
RUNS_KEPT = timedelta(days=400)


def tidy(house: House) -> dict[str, int]:
    """Remove what is spent, and tell how many rows of each kind."""
    with house.work(None, None, "tidy") as work:
        removed = {}
        for kind, spent in _spent(work.now).items():
            if not work.session.scalar(select(exists().where(spent))):
                continue  # a grant is an audited row: even deleting none of them would want an entry
            gone: CursorResult[Any] = work.session.execute(delete(kind).where(spent))  # type: ignore[assignment]
            removed[kind.__tablename__] = gone.rowcount
        if removed:
            work.record(Event.TIDIED, rows=sum(removed.values()), removed=removed)
        return removed


def _spent(now: datetime) -> dict[type[Base], ColumnElement[bool]]:
    """What may go, grants before the sessions they belong to."""
    link, session, batch = PasswordLink, SignInSession, ImportBatch
    return {
        RevealGrant: RevealGrant.expires_at < now - DAY,
        Attempt: Attempt.at < now - DAY,
        OutsideAnswer: OutsideAnswer.at < now - DAY,
        KnownDevice: KnownDevice.seen_at < now - RUNS_KEPT,
        SignInSession: or_(session.ended_at < now - MONTH, session.seen_at < now - MONTH),
        PasswordLink: or_(link.used_at < now - DAY, link.expires_at < now - DAY),
        ImportBatch: and_(batch.applied_at.is_(None), batch.uploaded_at < now - WEEK),
        FormSent: FormSent.sent_at < now - DAY,
        JobRun: JobRun.started_at < now - RUNS_KEPT,
    }
