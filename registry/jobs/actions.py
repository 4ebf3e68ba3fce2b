"""Asking for a job to run now."""

from datetime import datetime

from registry.core.errors import Conflict, NotFound
from registry.core.work import Work
from registry.councils.actions import refuse_elsewhere
from registry.jobs.queries import is_running
from registry.jobs.schedule import BY_NAME, Job
from registry.vocabulary.events import Event


def ask(work: Work, name: str) -> tuple[Job, datetime]:
    """Enter that somebody asks for a job to run for their council; gives the job and the moment to claim it under.

    What works for every council here only the council asks for that keeps the installation.
    """
    job = BY_NAME.get(name)
    if job is None:
        raise NotFound
    if job.reaches_all:
        refuse_elsewhere(work)
    if is_running(work.session, work.council, name):
        raise Conflict("This job is running already. Look again in a moment.")
    work.record(Event.JOB_ASKED, job=job.title)
    return job, work.now
