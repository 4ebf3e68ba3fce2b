"""Pages of the room."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("reviews", __name__, url_prefix="/c/<council>")


@room.get("/accounts/<int:account_id>/reviews")
@needs(Permission.REVIEW_READ)
def account(account_id: int) -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="reviews.account")
