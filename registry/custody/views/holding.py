"""One holder at a time, and codes that may be void: what is done to a credential at one press."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.custody.actions.codes import confirm_codes
from registry.custody.actions.holding import check_in, set_one_holder
from registry.custody.views.room import found, room
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs


@room.post("/custody/<int:credential_id>/give-back")
@needs(Permission.CUSTODY_REVEAL)
def give_back(credential_id: int) -> ResponseReturnValue:
    """End a check-out: one's own, or as the Clerk or Communications anybody's."""
    with context.work() as work:
        check_in(work, credential_id)
    return _back(credential_id, "It is back. Whoever had it still knows it, so change it on the platform now.")


@room.post("/custody/<int:credential_id>/one-holder")
@needs(Permission.CUSTODY_OVERSEE, fresh=True)
def one_holder(credential_id: int) -> ResponseReturnValue:
    """Have a credential seen by one holder at a time, or no longer."""
    on = request.form.get("on") == "yes"
    with context.work() as work:
        set_one_holder(work, credential_id, on=on)
    return _back(credential_id, f"Only one person has it at a time{'' if on else ' no longer'}.")


@room.post("/custody/<int:credential_id>/codes-hold")
@needs(Permission.CUSTODY_DEPOSIT)
def codes_hold(credential_id: int) -> ResponseReturnValue:
    """Say that the recovery codes still hold after the password was changed."""
    with context.work() as work:
        confirm_codes(work, credential_id)
    return _back(credential_id, "It is recorded that the codes still hold.")


def _back(credential_id: int, said: str) -> ResponseReturnValue:
    _, account = found(credential_id)
    flash(said, "success")
    return redirect(url_for("custody.account", account_id=account.id))
