"""When somebody lost phone, passkey and recovery codes: two people let them set up a second step anew."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from registry.identity.actions import resets as acts
from registry.identity.factors import FactorReset
from registry.identity.forms import ResetFactorsForm
from registry.identity.queries import find_open_reset, get_employment, names_of
from registry.identity.views.room import IN_COUNCIL, room
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import accepted, show


@room.route(f"{IN_COUNCIL}/people/<int:person_id>/two-step", methods=["GET", "POST"])
@needs(Permission.PEOPLE_MANAGE, fresh=True)
def reset_factors(person_id: int) -> ResponseReturnValue:
    """Ask that somebody may set up a second step anew, or see what was asked."""
    session, council = context.db(), context.council()
    employment = get_employment(session, council.id, person_id)
    reset = find_open_reset(session, council.id, person_id)
    form = ResetFactorsForm()

    def ask() -> None:
        with context.work() as work:
            acts.ask_reset(work, person_id, form.evidence.data)

    here = url_for("identity.reset_factors", person_id=person_id)
    if accepted(form, ask):
        flash("Asked. Another person who manages people must now agree.", "success")
        return redirect(here)
    names = names_of(session, [reset.asked_by, reset.agreed_by]) if reset else {}
    return show("identity/reset_factors.html", form, employment=employment, reset=reset, names=names)


@room.post(f"{IN_COUNCIL}/resets/<int:reset_id>/agree")
@needs(Permission.PEOPLE_MANAGE, fresh=True)
def agree_reset(reset_id: int) -> ResponseReturnValue:
    """Agree, as the second person."""
    with context.work() as work:
        reset = acts.agree(work, reset_id)
    done = "They set up a new second step at their next sign-in."
    flash(
        done if reset.done_at else f"Agreed. It takes effect in {acts.HOURS} hours, unless somebody stops it.",
        "success",
    )
    return _back(reset)


@room.post(f"{IN_COUNCIL}/resets/<int:reset_id>/stop")
@needs(Permission.PEOPLE_MANAGE, fresh=True)
def stop_reset(reset_id: int) -> ResponseReturnValue:
    """Stop it."""
    with context.work() as work:
        reset = acts.stop(work, reset_id)
    flash("It is stopped.", "success")
    return _back(reset)


def _back(reset: FactorReset) -> ResponseReturnValue:
    return redirect(url_for("identity.person", person_id=reset.person_id))
