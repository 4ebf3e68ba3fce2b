"""One run of a job, from the claim to its end.

Whoever inserts the row of a job and its due moment runs it; the database lets only one. That needs no leader, no lock
that could be left behind, and is the same on both databases. It is at most once: a run that dies after its claim is
found by `reap`, shown as failed, and run again where that does no harm.
"""

import logging
import platform
import traceback
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update

from registry.core.errors import Conflict
from registry.core.house import House
from registry.core.house import Place as Council
from registry.core.tenants import Beyond
from registry.jobs.models import JobRun, RunState
from registry.jobs.schedule import Job, Summary, Unfinished
from registry.vocabulary.events import Event

log = logging.getLogger("registry.jobs")

TOO_LONG = timedelta(hours=1)


def claim(
    house: House, job: Job, due_at: datetime, asked_by: int | None = None, council: Council | None = None
) -> bool:
    """Take a run for this process, unless another has it."""
    try:
        with house.work(asked_by, None, f"job.{job.name}") as work:
            work.session.add(
                JobRun(
                    job=job.name,
                    due_at=due_at,
                    state=RunState.RUNNING,
                    host=platform.node()[:120],
                    started_at=work.now,
                    asked_by=asked_by,
                    summary={"only": council.id} if council else {},
                )
            )
    except Conflict:
        return False
    return True


def perform(house: House, job: Job, due_at: datetime, council: Council | None = None) -> None:
    """Run a claimed job to its end and write down how it went; a failure is an entry in the trail too."""
    only: Summary = {"only": council.id} if council else {}
    try:
        summary = job.run(house, council)
    except Exception as error:
        log.exception("the job %s failed", job.name)
        _end(house, job.name, due_at, RunState.FAILED, only, _told(error))
    else:
        _end(house, job.name, due_at, RunState.FINISHED, only | summary)


def _end(house: House, job: str, due_at: datetime, state: RunState, summary: Summary, error: str = "") -> bool:
    """Close a run that is still open; False when somebody else (the reaper) has closed it."""
    with house.work(None, None, f"job.{job}") as work:
        closed = work.session.execute(
            update(JobRun)
            .where(JobRun.job == job, JobRun.due_at == due_at, JobRun.state == RunState.RUNNING)
            .values(state=state, finished_at=work.now, summary=summary, error=error)
        ).rowcount  # type: ignore[attr-defined]
        if closed and state is RunState.FAILED:
            work.record(Event.JOB_FAILED, job=job, error=error)
        return bool(closed)


def _told(error: Exception) -> str:
    """What went wrong in words that carry no council's data: our own sentence, or the kind of fault and its place."""
    if isinstance(error, Unfinished):
        return str(error)
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/registry/" in frame.filename]
    place = f" in {ours[-1].name}, line {ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}. The installation’s log has the details."


def run_if_due(house: House, job: Job) -> bool:
    """Run a job if it has not run since it was last due, however long that is ago; whether it ran here.

    Called when the clock strikes, at start and every hour: so nothing is lost while no process was up, and a night's
    run that failed is tried again, at most once an hour among all processes.
    """
    due_at = _open_due(house, job)
    if due_at is None or not claim(house, job, due_at):
        return False
    perform(house, job, due_at)
    return True


def _open_due(house: House, job: Job) -> datetime | None:
    now = house.clock.now()
    last = job.last_due(now)
    with house.reading(Beyond.INSTALLATION) as session:
        states = set(session.scalars(_since(job, last)))
    if not states:
        return last
    if states == {RunState.FAILED} and job.may_rerun:
        return max(last, now.replace(minute=0, second=0, microsecond=0))
    return None


def _since(job: Job, moment: datetime) -> Select[RunState]:
    return select(JobRun.state).where(JobRun.job == job.name, JobRun.due_at >= moment, JobRun.asked_by.is_(None))


def reap(house: House) -> list[str]:
    """Mark runs that did not end within an hour as failed; gives their jobs' names. `run_if_due` then repeats them."""
    long_ago = house.clock.now() - TOO_LONG
    with house.reading(Beyond.INSTALLATION) as session:
        query = select(JobRun.job, JobRun.due_at, JobRun.summary)
        lost = session.execute(query.where(JobRun.state == RunState.RUNNING, JobRun.started_at < long_ago)).all()
    error = "It did not end within an hour: the process that ran it has probably been stopped."
    return [run.job for run in lost if _end(house, run.job, run.due_at, RunState.FAILED, run.summary, error)]
