"""The list of requests: one's own, what waits for one's decision, and all there were."""

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.core.clock import day_in
from registry.core.database import Rows
from registry.requests.desk import waiting_for
from registry.requests.models import AccountRequest, RequestState
from registry.requests.queries import asked_by, ever_submitted, requests_listed
from registry.requests.rules import SEE_ALL
from registry.requests.views.room import room
from registry.requests.wording import STATES
from registry.vocabulary.permissions import Permission, Role
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show
from registry.web.paging import Order, page

NEWEST_FIRST = (Order(AccountRequest.id, "id", descending=True),)


@room.get("/requests")
@needs(Permission.REQUEST_READ)
def index() -> ResponseReturnValue:
    """Requests: mine, waiting for me, and all of them for those who decide or audit."""
    waiting = [waiting.request_id for waiting in _waiting()]
    views = _views(len(waiting))
    arguments = request.args.to_dict()
    shown = arguments.get("show") if arguments.get("show") in views else _first(views, waiting)
    query = _shown(str(shown), waiting)
    state = arguments.get("state", "")
    if state in list(RequestState):
        query = query.where(AccountRequest.state == RequestState(state))
    return show(
        "requests/index.html",
        page=page(context.db(), query, NEWEST_FIRST, arguments),
        shown=shown,
        state=state if state in list(RequestState) else "",
        views=[
            {"text": text, "href": url_for("requests.index", show=key), "current": key == shown}
            for key, text in views.items()
        ],
        states=STATES,
        office_of=lambda row: context.council().title(Role(row.chain[row.step])),
        day_of=lambda row: day_in(context.council().time_zone, row.waiting_since or row.submitted_at or row.started_at),
    )


def _waiting() -> list[Any]:
    return waiting_for(context.db(), context.council(), context.person_id(), current_user.roles, context.today())


def _views(waiting: int) -> dict[str, str]:
    views = {"mine": "Mine"}
    if current_user.may(Permission.REQUEST_DECIDE):
        views = {"waiting": f"Waiting for me ({waiting})", **views}
    if not SEE_ALL.isdisjoint(current_user.roles):
        views["all"] = "All"
    return views


def _first(views: dict[str, str], waiting: list[int]) -> str:
    """Where the page opens: on what waits for me, else on all of them, else on my own."""
    return "waiting" if waiting else "all" if "all" in views else "mine"


def _shown(which: str, waiting: list[int]) -> Rows:
    query = requests_listed(context.council().id)
    if which == "waiting":
        return query.where(AccountRequest.id.in_(waiting))
    return ever_submitted(query) if which == "all" else asked_by(query, context.person_id())
