"""Pages of the room."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("editors", __name__, url_prefix="/c/<council>")


@room.get("/standing")
@needs(Permission.OWN_STANDING)
def mine() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="editors.mine")


@room.get("/standing/team")
@needs(Permission.TEAM_STANDING)
def team() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="editors.team")


@room.get("/accounts/<int:account_id>/people")
@needs(Permission.REGISTER_READ)
def account_people(account_id: int) -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="editors.account_people")


@room.get("/editors/who-names")
@needs(Permission.OWN_STANDING)
def who_names() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="editors.who_names")


@room.get("/service-areas/<int:area_id>/editors")
@needs(Permission.REGISTER_READ)
def area_editors(area_id: int) -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="editors.area_editors")
