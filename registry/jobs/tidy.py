"""Clearing away what has served its time. Nothing of the register or its trail: only the leavings of sign-ins,
links, reveals, uploads, messages and runs. What is personal is not kept longer than it is of use."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, delete, exists, or_, select, update

from registry.accounts.models import ImportBatch
from registry.core.database import Base
from registry.core.house import House
from registry.core.tenants import Beyond
from registry.core.work import Work
from registry.councils.queries import list_councils
from registry.custody.models import RevealGrant
from registry.identity.factors import HalfSignIn
from registry.identity.models import KnownDevice, OutsideAnswer, PasswordLink, SignInSession
from registry.jobs.models import JobRun
from registry.outbox.models import Message
from registry.throttle.models import Attempt
from registry.vocabulary.events import Event
from registry.web.models import FormSent

DAY, WEEK, MONTH = timedelta(days=1), timedelta(days=7), timedelta(days=30)
LONGEST = timedelta(days=400)
"""A year and a month: what is looked back at once a year, and no longer."""

Spent = dict[type[Base], ColumnElement[bool]]
"""What may go, by its table."""


def tidy(house: House) -> dict[str, int]:
    """Remove what is spent, council by council and then what belongs to none; tell how many rows of each kind.

    Reveals go before the sign-ins they belong to.
    """
    with house.reading(Beyond.INSTALLATION) as session:
        councils = list_councils(session)
    removed: dict[str, int] = {}
    for council in councils:
        with house.work(None, council, "tidy") as work:
            _remove(work, _spent_of_council(work.now), removed)
    with house.work(None, None, "tidy") as work:
        _remove(work, _spent(work.now), removed)
        _forget_links(work, removed)
    return removed


def _remove(work: Work, spent: Spent, told: dict[str, int]) -> None:
    removed: dict[str, int] = {}
    for kind, condition in spent.items():
        if not work.session.scalar(select(exists().where(condition))):
            continue  # a grant is an audited row: even deleting none of them would want an entry
        gone: CursorResult[Any] = work.session.execute(delete(kind).where(condition))  # type: ignore[assignment]
        removed[kind.__tablename__] = gone.rowcount
    if removed:
        work.record(Event.TIDIED, rows=sum(removed.values()), removed=removed)
    for name, rows in removed.items():
        told[name] = told.get(name, 0) + rows


def _forget_links(work: Work, told: dict[str, int]) -> None:
    """Messages stay for longer; the links in them go as soon as they have run out."""
    run_out = update(Message).where(Message.link_until < work.now).values(sealed_link=None, link_until=None)
    gone: CursorResult[Any] = work.session.execute(run_out)  # type: ignore[assignment]
    if gone.rowcount:
        told["links in messages"] = gone.rowcount


def _spent_of_council(now: datetime) -> Spent:
    batch = ImportBatch
    return {
        RevealGrant: RevealGrant.expires_at < now - DAY,
        batch: and_(batch.applied_at.is_(None), batch.uploaded_at < now - WEEK),
    }


def _spent(now: datetime) -> Spent:
    link, session, half = PasswordLink, SignInSession, HalfSignIn
    return {
        Attempt: Attempt.at < now - DAY,
        OutsideAnswer: OutsideAnswer.at < now - DAY,
        KnownDevice: KnownDevice.seen_at < now - LONGEST,
        half: or_(and_(half.begun_at < now - DAY, half.wrong == 0), half.begun_at < now - MONTH),  # its owner sees it
        SignInSession: or_(session.ended_at < now - MONTH, session.seen_at < now - MONTH),
        PasswordLink: or_(link.used_at < now - DAY, link.expires_at < now - DAY),
        Message: Message.written_at < now - LONGEST,
        FormSent: FormSent.sent_at < now - DAY,
        JobRun: JobRun.started_at < now - LONGEST,
    }
