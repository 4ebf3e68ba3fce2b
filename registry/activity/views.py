"""An account's activity: how it stands against what was agreed, a year of it, and the records themselves."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.accounts.spreadsheet import Unreadable, read_table
from registry.activity import actions as acts
from registry.activity.cadence import EXPECTED, cadence_of, counted_from
from registry.activity.day_file import Days, as_csv, read_days
from registry.activity.forms import CarriedDaysForm, DayForm, FileForm
from registry.activity.models import Observation
from registry.activity.queries import days_known, posts_between, records, telling_of
from registry.activity.rules import MAY_TELL, MAY_WITHDRAW, TakingBack, Telling
from registry.activity.year import first_day_of_year, picture_of, weeks_of_year
from registry.core.wording import long_day
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.filters import plural
from registry.web.forms import UNPROCESSABLE
from registry.web.guard import needs
from registry.web.pages import accepted, show
from registry.web.paging import Order, page

room = Blueprint("activity", __name__, url_prefix="/c/<council>")
P = Permission
NEWEST_FIRST = (
    Order(Observation.posted_on, "posted_on", descending=True),
    Order(Observation.id, "observation_id", descending=True),
)
SHOWN = 100
"""Days of a file that its preview lists; the rest are counted."""


@dataclass(frozen=True)
class Pace:
    """How an account stands against the cadence it is held to."""

    cadence: int
    is_expected: bool
    days_since: int
    days_late: int


def pace_of(account: Account) -> Pace:
    """Measure an account's silence on this day."""
    cadence = cadence_of(account, context.council())
    since = (context.today() - counted_from(account, context.council())).days
    return Pace(cadence, account.state in EXPECTED, since, max(since - cadence, 0))


@room.get("/accounts/<int:account_id>/activity")
@needs(P.ACTIVITY_READ)
def account(account_id: int) -> ResponseReturnValue:
    """The account's Activity tab."""
    found, session, on = _account(account_id), context.db(), context.today()
    weeks = weeks_of_year(posts_between(session, found, first_day_of_year(on), on), on)
    telling = telling_of(session, found, context.person_id(), on)
    return show(
        "activity/account.html",
        account=found,
        tab="activity.account",
        pace=pace_of(found),
        verdict=MAY_TELL.judge(telling, on),
        said_today=found.last_posted_on == on,
        page=page(session, records(found), NEWEST_FIRST, request.args.to_dict(), size=20),
        may_withdraw=lambda by_id: _may_withdraw(telling, by_id),
        weeks=weeks,
        picture=picture_of(weeks, found.name),
    )


@room.post("/accounts/<int:account_id>/activity/today")
@needs(P.ACTIVITY_RECORD)
def posted_today(account_id: int) -> ResponseReturnValue:
    """Record in one click that the account posted today; from the home page it leads back there."""
    with context.work() as work:
        acts.observe(work, account_id, work.today)
    flash(f"Recorded: {_account(account_id).name} posted today.", "success")
    home = request.form.get("back") == "home"
    return redirect(url_for("home.index") if home else url_for("activity.account", account_id=account_id))


@room.route("/accounts/<int:account_id>/activity/new", methods=["GET", "POST"])
@needs(P.ACTIVITY_RECORD)
def record(account_id: int) -> ResponseReturnValue:
    """Record a post of another day."""
    found, form = _account_to_tell_of(account_id), DayForm(posts=1)

    def act() -> None:
        with context.work() as work:
            acts.observe(work, account_id, form.posted_on.data, form.posts.data)

    if accepted(form, act):
        flash(f"Recorded: {found.name} posted on {long_day(form.posted_on.data)}.", "success")
        return redirect(url_for("activity.account", account_id=account_id))
    return show("activity/record.html", form, account=found)


@room.post("/activity/<int:observation_id>/withdraw")
@needs(P.ACTIVITY_RECORD)
def withdraw(observation_id: int) -> ResponseReturnValue:
    """Take a wrong record back."""
    with context.work() as work:
        found = acts.withdraw(work, observation_id)
    flash("The record is withdrawn. If that was a mistake, record the day again.", "success")
    return redirect(url_for("activity.account", account_id=found.id))


@room.route("/accounts/<int:account_id>/activity/import", methods=["GET", "POST"])
@needs(P.ACTIVITY_RECORD)
def import_file(account_id: int) -> ResponseReturnValue:
    """Take a file of days, and show what it would record before anything is kept."""
    found, form = _account_to_tell_of(account_id), FileForm()
    if form.validate_on_submit():
        try:
            table = read_table(form.file.data.read(), form.file.data.filename)
        except Unreadable as fault:
            form.refuse("file", str(fault))
        else:
            days = read_days(table, found, context.today())
            return _preview(found, days, form.file.data.filename)
    return show("activity/import.html", form, account=found)


@room.post("/accounts/<int:account_id>/activity/import/apply")
@needs(P.ACTIVITY_RECORD)
def apply_import(account_id: int) -> ResponseReturnValue:
    """Record the days that the preview showed, read and judged once more."""
    found, form = _account(account_id), CarriedDaysForm()
    filename = (form.filename.data or "")[:200]
    try:
        days = read_days(read_table((form.days.data or "").encode(), "days.csv"), found, context.today())
    except Unreadable:
        return redirect(url_for("activity.import_file", account_id=account_id))
    if not days.is_good:
        return _preview(found, days, filename)
    with context.work() as work:
        new = acts.import_days(work, account_id, days.found, filename)
    flash(
        f"{plural(new, 'day')} recorded from {filename}." if new else "Every day of the file was on record already.",
        "success",
    )
    return redirect(url_for("activity.account", account_id=account_id))


def _preview(found: Account, days: Days, filename: str) -> ResponseReturnValue:
    known = days_known(context.db(), found, days.found)
    return show(
        "activity/preview.html",
        status_code=None if days.is_good else UNPROCESSABLE,
        account=found,
        days=days,
        known=known,
        shown=list(days.found.items())[:SHOWN],
        carried={"days": as_csv(days.found), "filename": filename},
        filename=filename,
    )


def _account(account_id: int) -> Account:
    return get_account(context.db(), context.council().id, account_id)


def _account_to_tell_of(account_id: int) -> Account:
    """The account. Whoever may not record activity there is shown the reasons and no form.

    What is sent is judged by the act, so that its refusal stands in the trail.
    """
    found, on = _account(account_id), context.today()
    if request.method in context.READ_METHODS:
        MAY_TELL.judge(telling_of(context.db(), found, context.person_id(), on), on).or_refuse()
    return found


def _may_withdraw(telling: Telling, by_id: int) -> bool:
    back = TakingBack(telling.is_employed, by_id == context.person_id(), telling.acts_by_role)
    return bool(MAY_WITHDRAW.judge(back, context.today()))
