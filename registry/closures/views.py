"""Pages of the room."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("closures", __name__, url_prefix="/c/<council>")


@room.get("/closures")
@needs(Permission.CLOSURE_READ)
def index() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="closures.index")


@room.get("/closures/<int:closure_id>")
@needs(Permission.CLOSURE_READ)
def closure(closure_id: int) -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="closures.closure")


@room.get("/accounts/<int:account_id>/close")
@needs(Permission.CLOSURE_MANAGE)
def start(account_id: int) -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="closures.start")
