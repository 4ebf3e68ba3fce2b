"""Giving hats and taking them back."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.identity.actions import people as acts
from registry.identity.actions import roles as confirming
from registry.identity.forms import RoleForm, role_choices
from registry.identity.models import RoleGrant
from registry.identity.queries import get_employment
from registry.identity.views.room import IN_COUNCIL, room
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import accepted, show


@room.route(f"{IN_COUNCIL}/people/<int:person_id>/roles/new", methods=["GET", "POST"])
@needs(Permission.ROLES_GRANT, fresh=True)
def grant_role(person_id: int) -> ResponseReturnValue:
    """Give somebody a role."""
    employment = get_employment(context.db(), context.council().id, person_id)
    form = RoleForm(starts_on=context.today()) if request.method == "GET" else RoleForm()
    form.role.choices = role_choices(context.council().title)

    def grant() -> RoleGrant:
        with context.work() as work:
            facts = (form.role.data, form.starts_on.data, form.ends_on.data, form.reason.data)
            return acts.grant_role(work, person_id, *facts)

    if given := accepted(form, grant):
        waits = given.came.confirmed_at is None
        return _back(given.came, "The role waits until somebody else confirms it." if waits else "The role is given.")
    cancel_url = url_for("identity.person", person_id=person_id)
    return show("identity/role_form.html", form, employment=employment, cancel_url=cancel_url)


@room.post(f"{IN_COUNCIL}/roles/<int:grant_id>/end")
@needs(Permission.ROLES_GRANT, fresh=True)
def end_role(grant_id: int) -> ResponseReturnValue:
    """Take a role back as from today."""
    with context.work() as work:
        grant = acts.end_role(work, grant_id)
    return _back(grant, "The role is ended.")


@room.post(f"{IN_COUNCIL}/roles/<int:grant_id>/confirm")
@needs(Permission.ROLES_GRANT, fresh=True)
def confirm_role(grant_id: int) -> ResponseReturnValue:
    """Confirm a role that somebody else gave."""
    with context.work() as work:
        grant = confirming.confirm_role(work, grant_id)
    return _back(grant, "The role is confirmed and counts now.")


@room.post(f"{IN_COUNCIL}/roles/<int:grant_id>/decline")
@needs(Permission.ROLES_GRANT, fresh=True)
def decline_role(grant_id: int) -> ResponseReturnValue:
    """Say no to a role that waits."""
    with context.work() as work:
        grant = confirming.decline_role(work, grant_id)
    return _back(grant, "The role is not given.")


def _back(grant: RoleGrant, said: str) -> ResponseReturnValue:
    flash(said, "success")
    return redirect(url_for("identity.person", person_id=grant.person_id))
