"""Pages of the room."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("training", __name__, url_prefix="/c/<council>")


@room.get("/training")
@needs(Permission.TRAINING_RECORD)
def mine() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="training.mine")


@room.get("/training/to-confirm")
@needs(Permission.TRAINING_CONFIRM)
def to_confirm() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="training.to_confirm")


@room.get("/training/courses")
@needs(Permission.TRAINING_RECORD)
def courses() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="training.courses")
