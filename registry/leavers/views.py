"""Recording that somebody goes, for good or for a while, and the one page that says what is left to do then."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.core.errors import Invalid, NotFound
from registry.councils.models import Council
from registry.custody.wording import HOW_KNOWN
from registry.identity.actions.absence import lift_suspension
from registry.identity.models import Employment
from registry.identity.queries import councils_of, get_employment
from registry.leavers import actions, page
from registry.leavers.forms import DeviceForm, LeaveForm, SuspendForm
from registry.leavers.queries import list_leavers
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import accepted, show

P = Permission
room = Blueprint("leavers", __name__, url_prefix="/c/<council>")


@room.get("/leavers")
@needs(P.LEAVERS_READ)
def index() -> ResponseReturnValue:
    """Who left, moved or lapsed and still knows values in force; and who left of late with nothing left to do."""
    return show("leavers/index.html", lines=list_leavers(context.db(), context.council().id, context.today()))


@room.get("/people/<int:person_id>/leaver")
@needs(P.LEAVERS_READ)
def leaver(person_id: int) -> ResponseReturnValue:
    """What ended, exactly what they saw and what of it has not changed since, and what they leave behind."""
    settings = context.house().settings
    asked = page.Asked(
        session=context.db(),
        council=context.council(),
        employment=_employment(person_id),
        today=context.today(),
        now=context.now(),
        idle=settings.sign_in_idle,
        longest=settings.sign_in_longest,
    )
    return show("leavers/leaver.html", how_known=HOW_KNOWN, **page.facts(asked))


@room.route("/people/<int:person_id>/leave", methods=["GET", "POST"])
@needs(P.PEOPLE_MANAGE)
def leave(person_id: int) -> ResponseReturnValue:
    """Record somebody's last day, or that they leave this minute."""
    employment = _employment(person_id)
    form = LeaveForm(last_day=employment.ends_on)  # nobody's work ends by a form that was sent as it came

    def go() -> Employment:
        if form.when.data == "day" and form.last_day.data is None:
            raise Invalid("last_day", "Enter their last day")
        with context.work() as work:
            if form.when.data == "now":
                return actions.leave_now(work, person_id, _address(person_id))
            return actions.leave(work, person_id, form.last_day.data, _address(person_id))

    if left := accepted(form, go):
        from_when = "after that day" if left.came.holds_on(context.today()) else "from now on"
        return _done(person_id, f"Recorded. {employment.person.name} can do nothing here {from_when}.")
    return show("leavers/leave.html", form, employment=employment)


@room.route("/people/<int:person_id>/suspend", methods=["GET", "POST"])
@needs(P.PEOPLE_MANAGE)
def suspend(person_id: int) -> ResponseReturnValue:
    """Suspend somebody's work: nothing opens to them until it is lifted."""
    employment, form = _employment(person_id), SuspendForm()

    def act() -> None:
        with context.work() as work:
            actions.suspend(work, person_id, form.why.data, _address(person_id))

    if accepted(form, act):
        return _done(person_id, f"Recorded. Nothing opens to {employment.person.name} here from now on.")
    return show("leavers/suspend.html", form, employment=employment)


@room.post("/people/<int:person_id>/lift-suspension")
@needs(P.PEOPLE_MANAGE, fresh=True)
def lift(person_id: int) -> ResponseReturnValue:
    """Let somebody work again."""
    with context.work() as work:
        employment = lift_suspension(work, person_id)
    flash(f"{employment.person.name} can work here again. What became due meanwhile stays due.", "success")
    return redirect(url_for("identity.person", person_id=person_id))


@room.route("/people/<int:person_id>/device-lost", methods=["GET", "POST"])
@needs(P.OWN_STANDING)
def device_lost(person_id: int) -> ResponseReturnValue:
    """Say that a device is lost: one's own, or for somebody else as one who manages people."""
    is_own = person_id == context.person_id()
    if not is_own and not current_user.may(P.PEOPLE_MANAGE):
        raise NotFound
    employment, form = _employment(person_id), DeviceForm()

    def act() -> None:
        for place in _places_concerned(person_id):
            with context.work(place) as work:
                actions.lose_device(work, person_id, form.device.data, _address(person_id, place.slug))

    if accepted(form, act):
        if is_own:
            flash("Recorded. You are signed out everywhere; sign in again from a device you trust.", "success")
            return redirect(url_for("identity.sign_in"))
        return _done(person_id, f"Recorded. {employment.person.name} is signed out everywhere.")
    return show("leavers/device_lost.html", form, employment=employment, is_own=is_own)


def _employment(person_id: int) -> Employment:
    return get_employment(context.db(), context.council().id, person_id)


def _places_concerned(person_id: int) -> list[Council]:
    """Where a lost device is noted: every council of whoever lost it and says so, else the one whose people it is."""
    if person_id != context.person_id():
        return [context.council()]
    return councils_of(context.db(), person_id, context.today())


def _address(person_id: int, slug: str | None = None) -> str:
    """Where the leaver page stands, for a message."""
    page_of = url_for("leavers.leaver", person_id=person_id, council=slug or context.council().slug)
    return context.house().settings.base_url + page_of


def _done(person_id: int, said: str) -> ResponseReturnValue:
    """Say it, and lead on to what is left to do, where the reader may see that."""
    flash(said, "success")
    page_after = "leavers.leaver" if current_user.may(P.LEAVERS_READ) else "identity.person"
    return redirect(url_for(page_after, person_id=person_id))
