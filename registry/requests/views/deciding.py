"""Deciding on a request: all of it on one page, what the register notices first, and what comes of each answer."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from registry.requests import actions
from registry.requests.actions import Ruling
from registry.requests.chain import course_of
from registry.requests.desk import turn_of
from registry.requests.forms import DecideForm
from registry.requests.models import AccountRequest, Answer, Decision
from registry.requests.noticing import notices, proposed_editors
from registry.requests.parts import PARTS
from registry.requests.rules import MAY_DECIDE, exception_used
from registry.requests.seen import Seen
from registry.requests.views.room import names_in, room, visible
from registry.requests.wording import OUTCOMES, rows_of, title_of
from registry.vocabulary.permissions import Permission, Role
from registry.web import context
from registry.web.fields import choice
from registry.web.guard import needs
from registry.web.pages import accepted, show


@room.route("/requests/<int:request_id>/decide", methods=["GET", "POST"])
@needs(Permission.REQUEST_DECIDE, fresh=True)
def decide(request_id: int) -> ResponseReturnValue:
    """Decide on the version that this page shows."""
    request = visible(request_id)
    form = DecideForm(seen=Seen.of(request).token, decided_on=context.today())
    form.answer.choices = _choices(request)

    def go() -> Decision:
        seen, answer = Seen.read(form.seen.data or ""), form.answer.data
        ruling = Ruling(seen, answer, form.decided_on.data, minute_ref=form.minute_ref.data or "", **form.words())
        with context.work() as work:
            return actions.decide(work, request_id, ruling)

    if made := accepted(form, go):
        flash(f"Recorded: {OUTCOMES[made.came.answer].lower()}.", "success")
        return redirect(url_for("requests.request_page", request_id=request_id))
    return show("requests/decide.html", form, **_shown(request))


def _shown(request: AccountRequest) -> dict[str, Any]:
    session, council, on, names = context.db(), context.council(), context.today(), names_in(request)
    turn = turn_of(session, council, request, context.person_id(), on)
    return {
        "asked": request,
        "title": title_of(request.answers),
        "asker": names.people[request.asker_id],
        "sections": [(part, rows_of(part, request.answers, names)) for part in PARTS],
        "course": course_of(session, council, request, on),
        "editors": proposed_editors(session, council.id, request.answers, on),
        "noticed": notices(session, council, request, context.person_id(), on),
        "verdict": MAY_DECIDE.judge(turn, on),
        "turn": turn,
        "exception": exception_used(turn, council.exception_minute),
    }


def _choices(request: AccountRequest) -> list[Any]:
    """The answers, each with what happens next."""
    after = _after(request)
    return [
        choice(Answer.AGREE.value, "Agree", hint=after),
        choice(Answer.AGREE_WITH_CONDITIONS.value, "Agree with conditions", hint=f"{after} The conditions go with it."),
        choice(
            Answer.RETURN.value,
            "Return with comments",
            hint="It goes back to the person who asked. Once changed, it starts again at the first step.",
        ),
        choice(
            Answer.REFUSE.value,
            "Refuse",
            hint="This is final. The person who asked is told why and may make a new request.",
        ),
    ]


def _after(request: AccountRequest) -> str:
    if request.step + 1 < len(request.chain):
        office = context.council().title(Role(request.chain[request.step + 1]))
        return f"It goes on to {office}."
    return "This is the last step: the account is entered in the register as authorised, with its checklist to live."
