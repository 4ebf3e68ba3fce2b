"""What anyone may see."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from registry.web.guard import public
from registry.web.pages import show

room = Blueprint("public", __name__, url_prefix="/public/<council>")


@room.get("/")
@public
def register() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="public.register")


@room.get("/is-this-ours")
@public
def verify() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="public.verify")
