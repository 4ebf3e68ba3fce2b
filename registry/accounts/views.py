"""Pages of the room."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission
from registry.web.guard import needs
from registry.web.pages import show

room = Blueprint("accounts", __name__, url_prefix="/c/<council>")


@room.get("/service-areas")
@needs(Permission.REGISTER_READ)
def service_areas() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="accounts.service_areas")


@room.get("/service-areas/<int:area_id>")
@needs(Permission.REGISTER_READ)
def service_area(area_id: int) -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="accounts.service_area")


@room.get("/platforms")
@needs(Permission.REGISTER_READ)
def platforms() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="accounts.platforms")


@room.get("/accounts/<int:account_id>/change")
@needs(Permission.ACCOUNT_EDIT)
def change(account_id: int) -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="accounts.change")


@room.get("/accounts/import")
@needs(Permission.ACCOUNTS_IMPORT)
def import_file() -> ResponseReturnValue:
    """Not built yet."""
    return show("skeleton.html", heading="accounts.import_file")
