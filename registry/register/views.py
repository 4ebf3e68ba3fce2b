"""Pages of the room."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("register", __name__, url_prefix="/c/<council>")


@room.get("/accounts")
@needs(Permission.REGISTER_READ)
def accounts() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="register.accounts")


@room.get("/accounts/<int:account_id>")
@needs(Permission.REGISTER_READ)
def account(account_id: int) -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="register.account")


@room.get("/accounts/<int:account_id>/history")
@needs(Permission.REGISTER_READ)
def history(account_id: int) -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="register.history")
