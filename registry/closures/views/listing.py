"""The council's closures: open ones, accounts that rest mothballed, and those of the past."""

from flask import request
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.closures.models import Closure, ClosureState
from registry.closures.queries import closures_listed, mothballed
from registry.closures.views.room import room
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show
from registry.web.paging import Order, Page, page

SHOWN = ("open", "mothballed", "past")


@room.get("/closures")
@needs(Permission.CLOSURE_READ)
def index() -> ResponseReturnValue:
    """What is being ended and how far it is; what rests; what has ended."""
    wanted = request.args.get("show", "open")
    shown = wanted if wanted in SHOWN else "open"
    found = _resting() if shown == "mothballed" else _closures(past=shown == "past")
    return show("closures/index.html", page=found, shown=shown)


def _closures(*, past: bool) -> Page:
    state = Closure.state != ClosureState.OPEN if past else Closure.state == ClosureState.OPEN
    orders = (
        Order(Closure.last_day_on, "last_day_on", descending=past),
        Order(Closure.id, "closure_id", descending=past),
    )
    query = closures_listed(context.council().id, context.today(), state)
    return page(context.db(), query, orders, request.args.to_dict())


def _resting() -> Page:
    query = mothballed(context.council().id)
    review_on = query.selected_columns["review_on"].element
    orders = (Order(review_on, "review_on"), Order(Account.id, "account_id"))
    return page(context.db(), query, orders, request.args.to_dict())
