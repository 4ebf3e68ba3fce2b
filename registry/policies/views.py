"""Pages of the room."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("policies", __name__, url_prefix="/c/<council>")


@room.get("/policies")
@needs(Permission.POLICY_READ)
def index() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="policies.index")


@room.get("/policies/<int:policy_id>")
@needs(Permission.POLICY_READ)
def policy(policy_id: int) -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="policies.policy")


@room.get("/policies/sign")
@needs(Permission.POLICY_SIGN)
def sign_current() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="policies.sign_current")
