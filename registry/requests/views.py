"""Pages of the room."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("requests", __name__, url_prefix="/c/<council>")


@room.get("/requests")
@needs(Permission.REQUEST_READ)
def index() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="requests.index")


@room.get("/requests/<int:request_id>")
@needs(Permission.REQUEST_READ)
def request_page(request_id: int) -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="requests.request_page")


@room.get("/requests/new")
@needs(Permission.REQUEST_MAKE)
def start() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="requests.start")
