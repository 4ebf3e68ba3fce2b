"""The page of the jobs: what each does, when it runs next, how it went, and running one now."""

from threading import Thread
from typing import Any

from flask import Blueprint, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from registry.councils.queries import kept_here
from registry.identity.queries import names_of
from registry.jobs import actions as acts
from registry.jobs.models import RunState
from registry.jobs.queries import list_runs
from registry.jobs.runs import claim, perform
from registry.jobs.schedule import BY_NAME, SCHEDULE
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("jobs", __name__, url_prefix="/c/<council>")

STATES = {
    RunState.RUNNING: ("Running", "blue"),
    RunState.FINISHED: ("Finished", "green"),
    RunState.FAILED: ("Failed", "red"),
}


@room.get("/jobs")
@needs(Permission.JOBS_READ)
def index() -> ResponseReturnValue:
    """Every job with its runs, as far as they concern this council."""
    council_id = context.council().id
    runs = list_runs(context.db(), council_id)
    return show(
        "jobs/index.html",
        jobs=SCHEDULE,
        next_due={job.name: job.next_due(context.now()) for job in SCHEDULE},
        last={job.name: next((run for run in runs if run.job == job.name), None) for job in SCHEDULE},
        runs=runs,
        kept=kept_here(context.db(), council_id, context.today()),
        titles={name: job.title for name, job in BY_NAME.items()},
        names=names_of(context.db(), (run.asked_by for run in runs)),
        states=STATES,
        result=_result,
        duration=_duration,
    )


def _result(run: Any) -> str:
    """How a run went for this council alone; what it did for others is not told."""
    if run.state is not RunState.FINISHED:
        return str(run.error)
    if run.job != "sweep":
        return "Done"
    figures = run.summary.get("councils", {}).get(str(context.council().id))
    if figures is None:
        return "Nothing had changed"
    return f"{figures['raised']} raised, {figures['changed']} changed, {figures['cleared']} cleared"


def _duration(run: Any) -> str:
    if run.finished_at is None:
        return ""
    seconds = (run.finished_at - run.started_at).total_seconds()
    return "under a second" if seconds < 1 else f"{seconds:,.0f} s"


@room.post("/jobs/<name>/run")
@needs(Permission.JOBS_RUN, fresh=True)
def run_now(name: str) -> ResponseReturnValue:
    """Run a job for this council now, behind the reader's back; the page shows how it goes."""
    council, house = context.council(), context.house()
    with context.work() as work:
        job, due_at = acts.ask(work, name)
    if claim(house, job, due_at, context.person_id(), council):
        if current_app.testing:
            perform(house, job, due_at, council)
        else:
            Thread(target=perform, args=(house, job, due_at, council), name=f"job-{name}", daemon=True).start()
    flash(f"“{job.title}” has been started. It usually takes a few seconds.", "success")
    return redirect(url_for("jobs.index"))
