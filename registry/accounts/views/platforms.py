"""The platforms a council may speak on, as the catalogue knows them."""

from flask import request
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.accounts.platforms import PLATFORMS
from registry.accounts.queries import accounts_listed, count_by_platform
from registry.accounts.views.areas import BY_NAME
from registry.accounts.views.room import room
from registry.core.errors import NotFound
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show
from registry.web.paging import page


@room.get("/platforms")
@needs(Permission.REGISTER_READ)
def platforms() -> ResponseReturnValue:
    """Every platform, how people get in, and how many accounts in use the council has there."""
    counts = count_by_platform(context.db(), context.council().id)
    return show("accounts/platforms.html", platforms=PLATFORMS, counts=counts)


@room.get("/platforms/<key>")
@needs(Permission.REGISTER_READ)
def platform(key: str) -> ResponseReturnValue:
    """One platform: its exact hosts, its rules, how to report a post, and the council's accounts there."""
    found = next((each for each in PLATFORMS if each.key == key), None)
    if found is None:
        raise NotFound
    query = accounts_listed(context.council().id).where(Account.platform == key)
    here = page(context.db(), query, BY_NAME, request.args.to_dict())
    return show("accounts/platform.html", platform=found, page=here)
