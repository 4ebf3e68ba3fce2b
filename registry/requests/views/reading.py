"""One request: the list of tasks while it is drafted, the whole of it once it is on its way."""

from flask.typing import ResponseReturnValue

from registry.requests.chain import course_of
from registry.requests.desk import turn_of
from registry.requests.lifecycle import REQUEST
from registry.requests.models import AccountRequest
from registry.requests.noticing import proposed_editors
from registry.requests.parts import PARTS
from registry.requests.rules import MAY_DECIDE
from registry.requests.views.room import names_in, room, visible
from registry.requests.wording import STATES, rows_of, title_of
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show


@room.get("/requests/<int:request_id>")
@needs(Permission.REQUEST_READ)
def request_page(request_id: int) -> ResponseReturnValue:
    """A request: to its asker the tasks that are left, to everybody else what was asked, and on whose desk it is."""
    request = visible(request_id)
    is_asker = request.asker_id == context.person_id()
    if is_asker and REQUEST.allows(request.state, "be_changed"):
        return _tasks(request)
    names, council, on = names_in(request), context.council(), context.today()
    turn = turn_of(context.db(), council, request, context.person_id(), on)
    return show(
        "requests/request.html",
        asked=request,
        title=title_of(request.answers),
        asker=names.people[request.asker_id],
        is_asker=is_asker,
        sections=[(part, rows_of(part, request.answers, names)) for part in PARTS],
        course=course_of(context.db(), council, request, on),
        editors=proposed_editors(context.db(), council.id, request.answers, on),
        verdict=MAY_DECIDE.judge(turn, on),
        allows=lambda verb: REQUEST.allows(request.state, verb),
        states=STATES,
    )


def _tasks(request: AccountRequest) -> ResponseReturnValue:
    council, on = context.council(), context.today()
    return show(
        "requests/tasks.html",
        asked=request,
        title=title_of(request.answers),
        parts=[_task(part.key, request) for part in PARTS],
        done=sum(not part.missing(request.answers) for part in PARTS),
        course=course_of(context.db(), council, request, on),
        states=STATES,
    )


def _task(key: str, request: AccountRequest) -> dict[str, str | None]:
    part = next(part for part in PARTS if part.key == key)
    if not part.missing(request.answers):
        status, colour = "Completed", None
    elif part.is_started(request.answers):
        status, colour = "In progress", "teal"
    else:
        status, colour = "Not started yet", "blue"
    return {"key": part.key, "title": part.title, "hint": part.intro, "status_text": status, "status_colour": colour}
