"""The editors of a service area: who they are, naming one, standing one down."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.accounts.models import ServiceArea
from registry.accounts.queries import get_area
from registry.editors import actions as acts
from registry.editors.forms import NameForm, StandDownForm
from registry.editors.queries import answers_for_area, facts_of, get_editorship, list_editors, list_past_and_coming
from registry.editors.rules import CLEARED
from registry.editors.ticks import line_of
from registry.editors.views.room import room
from registry.identity.queries import get_employment, list_people, names_of
from registry.vocabulary.permissions import Permission, Role
from registry.web import context
from registry.web.fields import choice
from registry.web.guard import needs
from registry.web.pages import accepted, show

P = Permission


@room.get("/service-areas/<int:area_id>/editors")
@needs(P.REGISTER_READ)
def area_editors(area_id: int) -> ResponseReturnValue:
    """The editors of a service area with their standing, those to come, and those who stood down."""
    session, council, today = context.db(), context.council(), context.today()
    area = get_area(session, council.id, area_id)
    others = list_past_and_coming(session, council.id, area_id, today)
    return show(
        "editors/area_editors.html",
        area=area,
        lines=[line_of(row, today) for row in list_editors(session, council.id, today, area_ids=[area_id])],
        coming=[row for row in others if row.starts_on > today],
        past=[row for row in others if row.starts_on <= today],
        names=names_of(session, [area.manager_id, *(row.ended_by for row in others)]),
        may_name=_may_name(area),
        clerk=council.title(Role.CLERK),
    )


def _may_name(area: ServiceArea) -> bool:
    """Whether to show the buttons; the act asks the rule itself."""
    asked = current_user.may(P.EDITOR_NAME)
    return bool(asked and answers_for_area(context.db(), area, context.person_id(), context.today()))


@room.route("/service-areas/<int:area_id>/editors/name", methods=["GET", "POST"])
@needs(P.EDITOR_NAME, fresh=True)
def name(area_id: int) -> ResponseReturnValue:
    """Name an editor."""
    session, council, today = context.db(), context.council(), context.today()
    area = get_area(session, council.id, area_id)
    form = NameForm(starts_on=today)
    named = {row.person_id for row in list_editors(session, council.id, today, area_ids=[area_id])}
    free = [each for each in list_people(session, council.id, today) if each.person_id not in named]
    form.person_id.choices = [
        choice(str(each.person_id), f"{each.person.name}, {each.job_title}" if each.job_title else each.person.name)
        for each in free
    ]
    form.reason.description = (
        f"Needed from the {_ordinal(council.ideal_editors + 1)} editor on: ideally a service area has"
        f" {council.ideal_editors} (002 §19.2). It has {len(named)} now."
    )

    def act() -> None:
        with context.work() as work:
            acts.name_editor(work, area_id, form.person_id.data, form.starts_on.data, form.reason.data)

    here = url_for("editors.area_editors", area_id=area_id)
    if accepted(form, act):
        flash(_told(form.person_id.data), "success")
        return redirect(here)
    return show("editors/name.html", form, area=area, cancel_url=here, may_name=_may_name(area))


def _told(person_id: int) -> str:
    """That somebody is named, and whether anything is still missing before an account opens to them."""
    session, council, today = context.db(), context.council(), context.today()
    who = get_employment(session, council.id, person_id).person.name
    cleared = CLEARED.judge(facts_of(session, council.id, person_id, today), today)
    return f"{who} is named." if cleared else f"{who} is named. Their page “My standing” says what is still missing."


def _ordinal(number: int) -> str:
    words = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
    return words.get(number, f"{number}th")


@room.route("/editorships/<int:editorship_id>/stand-down", methods=["GET", "POST"])
@needs(P.EDITOR_NAME)
def stand_down(editorship_id: int) -> ResponseReturnValue:
    """Stand an editor down, after saying what follows."""
    session, council = context.db(), context.council()
    editorship = get_editorship(session, council.id, editorship_id)
    area = get_area(session, council.id, editorship.service_area_id)
    person = get_employment(session, council.id, editorship.person_id).person
    form = StandDownForm(when="now") if request.method == "GET" else StandDownForm()

    def act() -> None:
        with context.work() as work:
            acts.stand_down(work, editorship_id, form.reason.data, at_once=form.when.data == "now")

    here = url_for("editors.area_editors", area_id=area.id)
    if accepted(form, act):
        flash(f"{person.name} is stood down as an editor for {area.name}.", "success")
        return redirect(here)
    return show("editors/stand_down.html", form, area=area, person=person, cancel_url=here)
