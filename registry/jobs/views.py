"""Pages of the room."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("jobs", __name__, url_prefix="/c/<council>")


@room.get("/jobs")
@needs(Permission.JOBS_READ)
def index() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="jobs.index")
