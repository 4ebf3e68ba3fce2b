"""What ran and when, as a council may see it: the nightly runs, and those its own people asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from registry.jobs.models import JobRun, RunState


def list_runs(session: Session, council_id: int, limit: int = 30) -> Sequence[Any]:
    """The latest runs, newest first."""
    query = select(
        JobRun.job, JobRun.due_at, JobRun.state, JobRun.started_at, JobRun.finished_at, JobRun.asked_by,
        JobRun.error, JobRun.summary,
    )  # fmt: skip
    return session.execute(query.where(_theirs(council_id)).order_by(JobRun.started_at.desc()).limit(limit)).all()


def is_running(session: Session, council_id: int, job: str) -> bool:
    """Whether a run of this job that works for the council is under way."""
    query = select(JobRun.job).where(JobRun.job == job, JobRun.state == RunState.RUNNING, _theirs(council_id))
    return session.scalar(query.limit(1)) is not None


def last_well(session: Session) -> dict[str, datetime]:
    """When each job last ended well, whoever asked for it."""
    query = select(JobRun.job, func.max(JobRun.finished_at)).where(JobRun.state == RunState.FINISHED)
    return {job: moment for job, moment in session.execute(query.group_by(JobRun.job)) if moment}


def _theirs(council_id: int) -> ColumnElement[bool]:
    return or_(JobRun.asked_by.is_(None), JobRun.summary["only"].as_integer() == council_id)
