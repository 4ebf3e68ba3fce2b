"""What the jobs add to the doctor and to the invariants."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from sqlalchemy import func, select

from registry.core.house import House
from registry.core.tenants import Beyond
from registry.jobs.models import JobRun, RunState
from registry.jobs.queries import last_well
from registry.jobs.schedule import SCHEDULE
from registry.upkeep.check import Finding, check, warning, well
from registry.upkeep.invariant import Look, Wrong, invariant

LATE = timedelta(hours=26)
FORGOTTEN = timedelta(hours=3)
"""A run is given up after an hour, when somebody next looks: at the latest an hour later."""


@invariant("I8", "A job is run by one process at a time for a moment at which it was due, and ends.")
def runs_once(look: Look) -> Iterable[Wrong]:
    """Runs that are doubled, or that nobody has ended or given up."""
    query = select(JobRun.job).group_by(JobRun.job, JobRun.due_at).having(func.count() > 1)
    for (job,) in look.session.execute(query):
        yield Wrong("job", job, "ran twice for one moment at which it was due")
    lost = select(JobRun.job).where(JobRun.state == RunState.RUNNING, JobRun.started_at < look.now - FORGOTTEN)
    for (job,) in look.session.execute(lost):
        yield Wrong("job", job, "has a run that neither ended nor was given up")


@check("scheduler", decides=True)
def scheduler(house: House) -> Iterator[Finding]:
    """Whether each job has run well since it was last due; a night's run may take its time."""
    now = house.clock.now()
    with house.reading(Beyond.INSTALLATION) as session:
        last = last_well(session)
    for job in SCHEDULE:
        ran = last.get(job.name)
        if ran is None:
            yield warning(f"{job.title} has never run to its end.", "Is a scheduler running? serve, or scheduler.")
        elif now - ran > LATE:
            yield warning(f"{job.title} last ended well on {ran:%Y-%m-%d %H:%M} UTC.", "See the page of the jobs.")
        else:
            yield well(f"{job.title} ended well on {ran:%Y-%m-%d %H:%M} UTC.")
