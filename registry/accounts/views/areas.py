"""Service areas: who answers for which accounts."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func

from registry.accounts import actions
from registry.accounts.forms import AreaForm, EndAreaForm
from registry.accounts.models import Account, ServiceArea
from registry.accounts.queries import accounts_listed, areas_with_counts, count_answered_for, get_area
from registry.accounts.rules import AREA_MAY_END, AreaEnding
from registry.accounts.views.room import room
from registry.identity.queries import list_people, names_of
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.fields import choice
from registry.web.guard import needs
from registry.web.pages import accepted, show
from registry.web.paging import Order, page

BY_NAME = (Order(Account.sort_name, "sort_name"), Order(Account.id, "id"))
AREAS_BY_NAME = (Order(func.lower(ServiceArea.name), "sort_name"), Order(ServiceArea.id, "id"))


@room.get("/service-areas")
@needs(Permission.REGISTER_READ)
def service_areas() -> ResponseReturnValue:
    """The teams that answer for accounts, their managers, and how many accounts each has."""
    arguments = request.args.to_dict()
    found = page(context.db(), areas_with_counts(context.council().id), AREAS_BY_NAME, arguments)
    names = names_of(context.db(), (row.manager_id for row in found.rows))
    return show("accounts/service_areas.html", page=found, names=names)


@room.get("/service-areas/<int:area_id>")
@needs(Permission.REGISTER_READ)
def service_area(area_id: int) -> ResponseReturnValue:
    """One team: its manager, and every account it answers for or answered for."""
    area = get_area(context.db(), context.council().id, area_id)
    query = accounts_listed(context.council().id).where(Account.service_area_id == area_id)
    found = page(context.db(), query, BY_NAME, request.args.to_dict())
    names = names_of(context.db(), [area.manager_id])
    return show("accounts/service_area.html", area=area, page=found, manager=names.get(area.manager_id or 0, ""))


@room.route("/service-areas/new", methods=["GET", "POST"])
@needs(Permission.SERVICE_AREAS_MANAGE)
def add_service_area() -> ResponseReturnValue:
    """Add a team that answers for accounts."""
    form = _with_managers(AreaForm())

    def add() -> ServiceArea:
        with context.work() as work:
            return actions.add_area(work, form.name.data, form.description.data, form.manager_id.data)

    if added := accepted(form, add):
        flash(f"{added.came.name} is added.", "success")
        return redirect(url_for("accounts.service_area", area_id=added.came.id))
    return show(
        "accounts/area_form.html",
        form,
        heading="Add a service area",
        submit="Add it",
        cancel_url=url_for("accounts.service_areas"),
    )


@room.route("/service-areas/<int:area_id>/change", methods=["GET", "POST"])
@needs(Permission.SERVICE_AREAS_MANAGE)
def change_service_area(area_id: int) -> ResponseReturnValue:
    """Change a team's name, what it does, or who manages it."""
    area = get_area(context.db(), context.council().id, area_id)
    form = _with_managers(AreaForm(obj=area))

    def change() -> None:
        with context.work() as work:
            actions.change_area(work, area_id, form.lock.data, form.facts)

    here = url_for("accounts.service_area", area_id=area_id)
    if accepted(form, change):
        flash("The service area is changed.", "success")
        return redirect(here)
    return show("accounts/area_form.html", form, heading=f"Change {area.name}", submit="Save", cancel_url=here)


@room.route("/service-areas/<int:area_id>/end", methods=["GET", "POST"])
@needs(Permission.SERVICE_AREAS_MANAGE)
def end_service_area(area_id: int) -> ResponseReturnValue:
    """End a team that answers for no account any more."""
    area = get_area(context.db(), context.council().id, area_id)
    form = EndAreaForm() if request.method == "POST" else EndAreaForm(last_day=area.ended_on or context.today())

    def end() -> None:
        with context.work() as work:
            actions.end_area(work, area_id, form.last_day.data)

    here = url_for("accounts.service_area", area_id=area_id)
    if accepted(form, end):
        flash(f"{area.name} is ended.", "success")
        return redirect(here)
    verdict = AREA_MAY_END.judge(AreaEnding(count_answered_for(context.db(), area)), context.today())
    if not verdict:
        return show("accounts/area_stays.html", form, area=area, verdict=verdict, cancel_url=here)
    return show("accounts/area_end.html", form, area=area, cancel_url=here)


@room.post("/service-areas/<int:area_id>/reopen")
@needs(Permission.SERVICE_AREAS_MANAGE)
def reopen_service_area(area_id: int) -> ResponseReturnValue:
    """Bring back a team that was ended."""
    with context.work() as work:
        area = actions.reopen_area(work, area_id)
    flash(f"{area.name} answers for accounts again.", "success")
    return redirect(url_for("accounts.service_area", area_id=area_id))


def _with_managers(form: AreaForm) -> AreaForm:
    people = list_people(context.db(), context.council().id, context.today())
    form.manager_id.choices = [choice(str(employed.person_id), employed.person.name) for employed in people]
    return form
