"""Pages of the room."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("audit", __name__, url_prefix="/c/<council>")


@room.get("/trail")
@needs(Permission.TRAIL_READ)
def trail() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="audit.trail")
