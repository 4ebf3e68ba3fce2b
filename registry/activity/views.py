"""Pages of the room."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("activity", __name__, url_prefix="/c/<council>")


@room.get("/accounts/<int:account_id>/activity")
@needs(Permission.ACTIVITY_READ)
def account(account_id: int) -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="activity.account")
