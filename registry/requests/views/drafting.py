"""Asking for an account: begin, answer part by part, check, submit, take back, ask again."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from registry.core.errors import Conflict, NotFound
from registry.requests import actions
from registry.requests.forms import PartForm, part_form
from registry.requests.lifecycle import REQUEST
from registry.requests.models import AccountRequest
from registry.requests.noticing import notices, proposed_editors
from registry.requests.parts import PARTS, find_part, missing
from registry.requests.questions import Part
from registry.requests.views.room import names_in, options_of, own, room
from registry.requests.wording import rows_of, title_of
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.arguments import whole
from registry.web.forms import UNPROCESSABLE
from registry.web.guard import needs
from registry.web.pages import accepted, show

P = Permission


@room.route("/requests/new", methods=["GET", "POST"])
@needs(P.REQUEST_MAKE)
def start() -> ResponseReturnValue:
    """What will be asked and who will decide; the button begins a draft."""
    if request.method == "GET":
        return show("requests/start.html", parts=PARTS, chain=context.council().chain_roles)
    with context.work() as work:
        request_id = actions.start(work).id
    return redirect(url_for("requests.request_page", request_id=request_id))


@room.route("/requests/<int:request_id>/parts/<key>", methods=["GET", "POST"])
@needs(P.REQUEST_MAKE)
def part(request_id: int, key: str) -> ResponseReturnValue:
    """One part of the form; saved as done, or kept with its gaps for later."""
    asked, wanted = _changeable(request_id), find_part(key)
    if wanted is None:
        raise NotFound
    is_later = "later" in request.form
    form = part_form(wanted, asked.answers, options_of(), may_have_gaps=is_later)

    def save() -> None:
        with context.work() as work:
            actions.save_part(work, request_id, key, form.given())

    if accepted(form, save):
        flash("Your answers are kept." if is_later else f"“{wanted.title}” is saved.", "success")
        back = "requests.check" if request.args.get("from") == "check" else "requests.request_page"
        return redirect(url_for(back, request_id=request_id))
    return show(
        "requests/part.html",
        form,
        part=wanted,
        asked=asked,
        title=title_of(asked.answers),
        fields=_drawn(wanted, form),
        number=PARTS.index(wanted) + 1,
        count=len(PARTS),
        editors=_editors(asked, wanted),
        from_check=request.args.get("from") == "check",
    )


def _editors(asked: AccountRequest, wanted: Part) -> list[object]:
    if wanted.key != "who":
        return []
    return list(proposed_editors(context.db(), context.council().id, asked.answers, context.today()))


def _drawn(wanted: Part, form: PartForm) -> list[Markup]:
    """The fields of a part; what an answer brings up is drawn under that answer."""
    drawn = []
    for question in wanted.questions:
        if question.only_if:
            continue
        under = {value: Markup("").join(form[q.name]() for q in qs) for value, qs in wanted.under(question).items()}
        drawn.append(form[question.name](conditional=under) if under else form[question.name]())
    return drawn


@room.route("/requests/<int:request_id>/check", methods=["GET", "POST"])
@needs(P.REQUEST_MAKE)
def check(request_id: int) -> ResponseReturnValue:
    """Check the answers, then submit them; what is missing is listed with the way to it."""
    asked = _changeable(request_id)
    gaps = missing(asked.answers)
    if request.method == "POST" and not gaps:
        with context.work() as work:
            actions.submit(work, request_id, whole(request.form.get("version")) or 0)
        flash("Your request is submitted.", "success")
        return redirect(url_for("requests.request_page", request_id=request_id))
    names, council, on = names_in(asked), context.council(), context.today()
    return show(
        "requests/check.html",
        status_code=UNPROCESSABLE if request.method == "POST" else None,
        asked=asked,
        title=title_of(asked.answers),
        sections=[(part, rows_of(part, asked.answers, names)) for part in PARTS],
        gaps=gaps,
        errors=gaps if request.method == "POST" else [],
        editors=proposed_editors(context.db(), council.id, asked.answers, on),
        noticed=notices(context.db(), council, asked, 0, on),
    )


def _changeable(request_id: int) -> AccountRequest:
    asked = own(request_id)
    if not REQUEST.allows(asked.state, "be_changed") and request.method == "GET":  # the act asks, and loses nothing
        raise Conflict("This request is on its way or decided, so its answers cannot be changed now.")
    return asked


@room.route("/requests/<int:request_id>/withdraw", methods=["GET", "POST"])
@needs(P.REQUEST_MAKE)
def withdraw(request_id: int) -> ResponseReturnValue:
    """Take a request back for good, after saying what that means."""
    asked = own(request_id)
    if request.method == "POST":
        with context.work() as work:
            actions.withdraw(work, request_id)
        flash("The request is withdrawn. You can ask again with the same answers.", "success")
        return redirect(url_for("requests.request_page", request_id=request_id))
    return show("requests/withdraw.html", asked=asked, title=title_of(asked.answers))


@room.post("/requests/<int:request_id>/again")
@needs(P.REQUEST_MAKE)
def ask_again(request_id: int) -> ResponseReturnValue:
    """Begin a new draft with the answers of a refused or withdrawn request."""
    own(request_id)
    with context.work() as work:
        again_id = actions.ask_again(work, request_id).id
    flash("A new draft holds the same answers. Go through each part before you submit it.", "success")
    return redirect(url_for("requests.request_page", request_id=again_id))
