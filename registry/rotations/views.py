"""What must be rotated in the council, and the task list of each rotation."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.queries import get_account
from registry.core.errors import NotFound
from registry.custody.models import Credential
from registry.custody.views.room import may_use, my_ticks
from registry.custody.wording import weak_points
from registry.identity.queries import names_of
from registry.rotations import actions
from registry.rotations.models import Item
from registry.rotations.queries import get_rotation, list_open, progress_of, reasons, ticks_of
from registry.rotations.rules import MAY_BE_CLOSED
from registry.rotations.wording import CAUSES, ITEMS
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("rotations", __name__, url_prefix="/c/<council>")


@room.app_context_processor
def words() -> dict[str, object]:
    """What custody's own pages show of rotations, asked for by those pages alone."""
    return {"rotations_of": _rotations_of, "weak_points": weak_points}


def _rotations_of(account_id: int) -> dict[int, object]:
    """The open task of each credential of an account."""
    return {row.credential_id: row for row in list_open(context.db(), context.council().id, account_id)}


@room.get("/rotations")
@needs(Permission.CUSTODY_READ)
def index() -> ResponseReturnValue:
    """Everything in custody that must be rotated or is half-way, with who and why, the longest due first."""
    return show("rotations/index.html", rows=list_open(context.db(), context.council().id), causes=CAUSES)


@room.get("/rotations/<int:rotation_id>")
@needs(Permission.CUSTODY_READ)
def rotation(rotation_id: int) -> ResponseReturnValue:
    """One rotation: why, what is done and what is left, and the way to its end."""
    session, council_id = context.db(), context.council().id
    found = get_rotation(session, council_id, rotation_id)
    account = get_account(session, council_id, found.account_id)
    progress, ticked = progress_of(session, found), ticks_of(session, found)
    now_due = reasons(session, council_id, context.today(), account_id=account.id)
    people = [found.person_id, found.closed_by, *(tick.ticked_by for tick in ticked.values())]
    return show(
        "rotations/rotation.html",
        rotation=found,
        account=account,
        credential=session.get_one(Credential, found.credential_id),
        progress=progress,
        items=ITEMS,
        ticked=ticked,
        others=[r for r in now_due if r.credential_id == found.credential_id and r.person_id != found.person_id],
        verdict=MAY_BE_CLOSED.judge(progress, context.today()),
        names=names_of(session, people),
        may_work=may_use(my_ticks(account), Permission.CUSTODY_DEPOSIT),
    )


@room.post("/rotations/<int:rotation_id>/tick")
@needs(Permission.CUSTODY_DEPOSIT)
def tick(rotation_id: int) -> ResponseReturnValue:
    """Say that an item of the checklist is done, or take that back."""
    try:
        item = Item(request.form.get("item", ""))
    except ValueError as error:
        raise NotFound from error
    done = request.form.get("done") == "yes"
    with context.work() as work:
        actions.tick(work, rotation_id, item, done=done)
    flash(f"{'Ticked' if done else 'Taken back'}: {ITEMS[item].title.lower()}.", "success")
    return redirect(url_for("rotations.rotation", rotation_id=rotation_id))


@room.post("/rotations/<int:rotation_id>/finish")
@needs(Permission.CUSTODY_DEPOSIT)
def finish(rotation_id: int) -> ResponseReturnValue:
    """Finish a rotation: another value is in force, and every item is ticked."""
    with context.work() as work:
        closed = actions.close(work, rotation_id)
    flash("The rotation is finished.", "success")
    return redirect(url_for("custody.account", account_id=closed.account_id))
