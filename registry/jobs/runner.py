"""The APScheduler adapter: it only says when to look; what is due, and who runs it, the claims decide.

Any number of processes may run it at once. The schedule is in the code and in UTC, the job store in memory.
"""

from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from registry.core.house import House
from registry.jobs.runs import reap, run_if_due
from registry.jobs.schedule import SCHEDULE, Job
from registry.outbox.sending import send_waiting

KEEPING, MAIL = "keeping", "mail"
SOON = 15
"""Seconds after which whoever waits for a message is not kept waiting by us."""


def start_scheduler(house: House, schedule: tuple[Job, ...] = SCHEDULE) -> BackgroundScheduler:
    """Start the jobs in this process: each at its time, and at start and every hour whatever was missed."""
    scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
    for job in schedule:
        scheduler.add_job(
            partial(run_if_due, house, job),
            CronTrigger(hour=job.hour, minute=job.minute, timezone="UTC"),
            id=job.name,
            misfire_grace_time=int(job.grace.total_seconds()),
        )
    if house.settings.mail:
        scheduler.add_job(partial(send_waiting, house), IntervalTrigger(seconds=SOON), id=MAIL)
    keep = partial(keep_up, house, schedule)
    scheduler.add_job(keep, CronTrigger(minute=5, timezone="UTC"), id=KEEPING, misfire_grace_time=600)
    scheduler.add_job(keep, id=f"{KEEPING}-at-start", misfire_grace_time=None)
    scheduler.start()
    return scheduler


def keep_up(house: House, schedule: tuple[Job, ...] = SCHEDULE) -> None:
    """Find runs that were lost, and run what has not run since it was due."""
    reap(house)
    for job in schedule:
        run_if_due(house, job)
