"""Pages of the room."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web import theme as colours
from registry.web.guard import needs, public
from registry.web.pages import show

room = Blueprint("councils", __name__, url_prefix="/c/<council>")


@room.get("/settings")
@needs(Permission.COUNCIL_SETTINGS)
def settings() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="councils.settings")


@room.get("/theme.css")
@public
def theme() -> Response:
    """The council's colours as a stylesheet; its address changes with the settings, so it may be kept."""
    council = context.council()
    answer = Response(colours.css(colours.Theme(council.brand_colour, council.link_colour)), mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
