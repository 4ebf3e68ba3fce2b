"""Pages about training: one's own, the records to confirm, and the council's courses."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.identity.queries import get_employment, list_people, names_of
from registry.training import actions as acts
from registry.training.forms import KINDS, CourseForm, RecordForm, RefuseForm
from registry.training.lifecycle import RECORD
from registry.training.models import RecordState, TrainingRecord
from registry.training.queries import (
    count_to_confirm,
    get_course,
    get_record,
    holdings,
    list_courses,
    list_courses_in_use,
    list_records,
    records,
)
from registry.training.rules import MAY_CONFIRM, Confirming
from registry.vocabulary.permissions import Permission, Role
from registry.web import context
from registry.web.fields import choice
from registry.web.guard import needs
from registry.web.pages import accepted, show
from registry.web.paging import Order, page

room = Blueprint("training", __name__, url_prefix="/c/<council>")

P = Permission
STATES = {
    RecordState.RECORDED: ("To confirm", "yellow"),
    RecordState.CONFIRMED: ("Confirmed", "green"),
    RecordState.REJECTED: ("Not accepted", "red"),
}


@room.get("/training")
@needs(P.TRAINING_RECORD)
def mine() -> ResponseReturnValue:
    """My training: what I have and until when, and what is missing."""
    session, council_id = context.db(), context.council().id
    kept = list_records(session, council_id, context.person_id())
    return show(
        "training/mine.html",
        records=kept,
        holdings=holdings(kept),
        kinds=KINDS,
        states=STATES,
        courses=list_courses_in_use(session, council_id),
        acts_for_accounts=current_user.may(P.CUSTODY_REVEAL),
        waiting=count_to_confirm(session, council_id) if current_user.may(P.TRAINING_CONFIRM) else None,
    )


@room.route("/training/record", methods=["GET", "POST"])
@needs(P.TRAINING_RECORD)
def record() -> ResponseReturnValue:
    """Record that somebody completed a course: oneself, or somebody one answers for."""
    chosen = request.args.get("person", default=context.person_id(), type=int)
    form = RecordForm(person_id=chosen) if request.method == "GET" else RecordForm()
    _fill_choices(form)

    def act() -> TrainingRecord:
        with context.work() as work:
            completed = acts.Completed(
                form.person_id.data,
                form.course_id.data,
                form.completed_on.data,
                form.provider.data,
                form.evidence.data,
            )
            return acts.record_training(work, completed)

    if done := accepted(form, act):
        counts = done.came.state is RecordState.CONFIRMED
        flash("Recorded. It counts from now on." if counts else "Recorded. It counts once it is confirmed.", "success")
        own = done.came.person_id == context.person_id()
        return redirect(
            url_for("training.mine" if own or not current_user.may(P.TRAINING_CONFIRM) else "training.to_confirm")
        )
    council = context.council()
    confirmers = f"{council.title(Role.COMMS)} or the {council.title(Role.CLERK)}"
    return show("training/record.html", form, confirmers=confirmers if council.training_confirmed else "")


def _fill_choices(form: RecordForm) -> None:
    session, council_id, today = context.db(), context.council().id, context.today()
    me = context.person_id()
    everyone = list_people(session, council_id, today)
    if not current_user.may(P.TRAINING_CONFIRM):
        everyone = [each for each in everyone if me in (each.person_id, each.manager_id)]
    everyone.sort(key=lambda each: each.person_id != me)
    form.person_id.choices = [
        choice(str(each.person_id), each.person.name + (" (yourself)" if each.person_id == me else ""))
        for each in everyone
    ]
    form.course_id.choices = [choice(str(each.id), each.name) for each in list_courses_in_use(session, council_id)]


@room.get("/training/to-confirm")
@needs(P.TRAINING_CONFIRM)
def to_confirm() -> ResponseReturnValue:
    """The training records that wait to be confirmed, oldest first; those decided on when asked for."""
    arguments = request.args.to_dict()
    state = next((each for each in RecordState if each == arguments.get("show")), RecordState.RECORDED)
    waits = state is RecordState.RECORDED
    moment = TrainingRecord.completed_on if not waits else TrainingRecord.recorded_at
    label = "recorded_at" if waits else "completed_on"
    orders = (Order(moment, label, descending=not waits), Order(TrainingRecord.id, "id", descending=not waits))
    found = page(context.db(), records(context.council().id, [state], arguments.get("q", "")), orders, arguments)
    own = MAY_CONFIRM.judge(
        Confirming(is_anothers=False, has_exception=context.council().own_request_exception), context.today()
    )
    return show(
        "training/to_confirm.html",
        page=found,
        state=state,
        states=STATES,
        kinds=KINDS,
        q=arguments.get("q", ""),
        names=names_of(context.db(), [n for row in found.rows for n in (row.recorded_by, row.decided_by)]),
        own=own,
        me=context.person_id(),
        can_be_refused=RECORD.allows(state, "be_refused"),
    )


@room.post("/training/records/<int:record_id>/confirm")
@needs(P.TRAINING_CONFIRM, fresh=True)
def confirm(record_id: int) -> ResponseReturnValue:
    """Confirm a training record."""
    with context.work() as work:
        confirmed = acts.confirm_training(work, record_id)
    name = get_employment(context.db(), context.council().id, confirmed.person_id).person.name
    flash(f"The training of {name} is confirmed.", "success")
    return redirect(url_for("training.to_confirm"))


@room.route("/training/records/<int:record_id>/refuse", methods=["GET", "POST"])
@needs(P.TRAINING_CONFIRM)
def refuse(record_id: int) -> ResponseReturnValue:
    """Say why a training record is not accepted."""
    form = RefuseForm()
    shown = get_record(context.db(), context.council().id, record_id)
    employment = get_employment(context.db(), context.council().id, shown.person_id)

    def act() -> None:
        with context.work() as work:
            acts.refuse_training(work, record_id, form.reason.data)

    if accepted(form, act):
        flash(f"The record is not accepted. {employment.person.name} sees why.", "success")
        return redirect(url_for("training.to_confirm"))
    return show("training/refuse.html", form, record=shown, employment=employment)


@room.get("/training/courses")
@needs(P.TRAINING_RECORD)
def courses() -> ResponseReturnValue:
    """The courses the council recognises."""
    return show("training/courses.html", courses=list_courses(context.db(), context.council().id), kinds=KINDS)


@room.route("/training/courses/new", methods=["GET", "POST"])
@needs(P.COURSES_MANAGE)
def add_course() -> ResponseReturnValue:
    """Add a course."""
    form = CourseForm()

    def act() -> None:
        with context.work() as work:
            acts.add_course(work, **form.facts)

    if accepted(form, act):
        flash("The course is added.", "success")
        return redirect(url_for("training.courses"))
    return show("training/course_form.html", form, heading="Add a course", submit="Add the course", course=None)


@room.route("/training/courses/<int:course_id>/change", methods=["GET", "POST"])
@needs(P.COURSES_MANAGE)
def change_course(course_id: int) -> ResponseReturnValue:
    """Change a course."""
    course = get_course(context.db(), context.council().id, course_id)
    form = CourseForm(obj=course)

    def act() -> None:
        with context.work() as work:
            acts.change_course(work, course_id, form.lock.data, form.facts)

    if accepted(form, act):
        flash("The course is changed.", "success")
        return redirect(url_for("training.courses"))
    return show("training/course_form.html", form, heading=f"Change {course.name}", submit="Save", course=course)


@room.post("/training/courses/<int:course_id>/retire")
@needs(P.COURSES_MANAGE)
def retire_course(course_id: int) -> ResponseReturnValue:
    """Take a course out of use."""
    with context.work() as work:
        course = acts.retire_course(work, course_id)
    flash(f"{course.name} is out of use. Training completed in it goes on to count.", "success")
    return redirect(url_for("training.courses"))


@room.post("/training/courses/<int:course_id>/bring-back")
@needs(P.COURSES_MANAGE)
def bring_back_course(course_id: int) -> ResponseReturnValue:
    """Put a retired course to use again."""
    with context.work() as work:
        course = acts.bring_back_course(work, course_id)
    flash(f"{course.name} is in use again.", "success")
    return redirect(url_for("training.courses"))
