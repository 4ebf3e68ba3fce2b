"""Pages of the room."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("outbox", __name__, url_prefix="/c/<council>")


@room.get("/messages")
@needs(Permission.MESSAGES_READ)
def index() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="outbox.index")
