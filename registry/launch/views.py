"""The doors of the checklist to live; the list itself stands on the account's page."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.core.errors import NotFound
from registry.launch import actions
from registry.launch.actions import Tick
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs

room = Blueprint("launch", __name__, url_prefix="/c/<council>")

SAID = {
    (Tick.LINKED, True): "Recorded: the council’s website links to the account.",
    (Tick.LINKED, False): "Recorded: the council’s website does not link to the account.",
    (Tick.TWO_STEP, True): "Recorded: two-step sign-in is on.",
    (Tick.TWO_STEP, False): "Recorded: two-step sign-in is off.",
}


@room.post("/accounts/<int:account_id>/go-live")
@needs(Permission.ACCOUNT_GO_LIVE)
def go_live(account_id: int) -> ResponseReturnValue:
    """Record an account as live; from now on the public register vouches for it."""
    with context.work() as work:
        account = actions.go_live(work, account_id)
    flash(f"{account.name} is live. The public register says so from now on.", "success")
    return redirect(url_for("register.account", account_id=account_id))


@room.post("/accounts/<int:account_id>/checklist")
@needs(Permission.ACCOUNT_EDIT)
def tick(account_id: int) -> ResponseReturnValue:
    """Tick a step that is done outside the register, or take the tick back."""
    try:
        what = Tick(request.form.get("what", ""))
    except ValueError as error:
        raise NotFound from error
    done = request.form.get("done") == "yes"
    with context.work() as work:
        actions.tick(work, account_id, what, done)
    flash(SAID[what, done], "success")
    return redirect(url_for("register.account", account_id=account_id))
