"""Making a review: start it, answer it in sittings, and read it."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.core.errors import Conflict
from registry.identity.queries import name_of
from registry.reviews import actions as acts
from registry.reviews.answers import COLOURS, WORDS, Answer, mark_of
from registry.reviews.forms import AnswerForm
from registry.reviews.items import Item
from registry.reviews.models import ReviewState
from registry.reviews.queries import (
    actions_of_review,
    answers_of,
    find_last_completed,
    reviewing_of,
    unanswered,
)
from registry.reviews.rules import MAY_REVIEW
from registry.reviews.sections import Section, sections_for
from registry.reviews.views.room import assert_form_is_for, may_finish, room, the_account, the_review
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.forms import Sheet
from registry.web.guard import needs
from registry.web.pages import CONFLICT, accepted, show

P = Permission
LATER, FINISH = "later", "finish"


@room.post("/accounts/<int:account_id>/reviews/start")
@needs(P.REVIEW_MAKE)
def start(account_id: int) -> ResponseReturnValue:
    """Begin a review of an account."""
    with context.work() as work:
        review = acts.start(work, account_id)
    return redirect(url_for("reviews.answer", review_id=review.id))


@room.get("/reviews/<int:review_id>")
@needs(P.REVIEW_READ)
def review(review_id: int) -> ResponseReturnValue:
    """A review to read and to print: what was found, what it left to do, when the next is due."""
    found = the_review(review_id)
    account, answers = the_account(found.account_id), answers_of(context.db(), found)
    return show(
        "reviews/review.html",
        review=found,
        account=account,
        sections=_with_former(sections_for(account.platform), answers),
        answers=answers,
        words=WORDS,
        colours=COLOURS,
        reviewer=name_of(context.db(), found.reviewer_id),
        actions=actions_of_review(context.db(), found),
        missing=len(unanswered(account.platform, answers)),
        may_finish=may_finish,
    )


@room.route("/reviews/<int:review_id>/answers", methods=["GET", "POST"])
@needs(P.REVIEW_MAKE)
def answer(review_id: int) -> ResponseReturnValue:
    """Answer a review: every button saves all that is typed on the page, so nothing is lost on the way."""
    found = the_review(review_id)
    if found.state is not ReviewState.OPEN and request.method == "GET":
        return redirect(url_for("reviews.review", review_id=review_id))
    account, held = the_account(found.account_id), answers_of(context.db(), found)
    reviewing = reviewing_of(context.db(), account, context.person_id(), context.today())
    assert_form_is_for(MAY_REVIEW.judge(reviewing, context.today()))
    sections = sections_for(account.platform)
    forms = {item.key: _form(item, held.get(item.key)) for section in sections for item in section.items}
    sent = {key: form for key, form in forms.items() if _is_sent(form)}

    def act() -> None:
        given = {key: form.answer for key, form in sent.items() if form.answer is not None}
        with context.work() as work:
            acts.answer(work, review_id, given, seen={key: form.seen.data or "" for key, form in sent.items()})

    sheet = Sheet(sent.values())
    try:
        if accepted(sheet, act):
            return redirect(_onward(review_id, account.id, request.form.get("then", LATER)))
    except Conflict as late:
        theirs = dict(late.theirs)
        for item in (item for section in sections for item in section.items if item.question in theirs):
            _tell_late(forms[item.key], theirs[item.question], mark_of(held.get(item.key)))
        sheet.status = CONFLICT
    before = find_last_completed(context.db(), found.council_id, account.id)
    return show(
        "reviews/answer.html",
        sheet,
        review=found,
        account=account,
        sections=sections,
        forms=forms,
        held=held,
        saved=request.args.get("saved", ""),
        before=before,
        last=answers_of(context.db(), before),
        words=WORDS,
    )


def _form(item: Item, held: Answer | None) -> AnswerForm:
    """The form of one item: as typed if it was sent, else as it is kept."""
    stands = {"finding": held.finding, "note": held.note} if held else {}
    if f"{item.key}-note" in request.form:
        return AnswerForm(prefix=item.key, data=stands)
    return AnswerForm(formdata=None, prefix=item.key, data={**stands, "seen": mark_of(held)})


def _tell_late(form: AnswerForm, theirs: str, mark: str) -> None:
    """Say beside an answer what somebody else answered meanwhile; sent again, it takes the place of theirs."""
    form.refuse("finding", f"Somebody else answered this meanwhile: “{theirs}” Save again if yours should stand")
    form.seen.data = mark


def _is_sent(form: AnswerForm) -> bool:
    return form.note.name in request.form


def _onward(review_id: int, account_id: int, then: str) -> str:
    if then == LATER:
        return url_for("reviews.account", account_id=account_id)
    if then == FINISH:
        return url_for("reviews.complete", review_id=review_id)
    return url_for("reviews.answer", review_id=review_id, saved=then, _anchor=then)


def _with_former(sections: tuple[Section, ...], answers: dict[str, Answer]) -> tuple[Section, ...]:
    """The sections with what was answered under an earlier checklist and is no longer asked."""
    asked = {item.key for section in sections for item in section.items}
    former = tuple(Item(key, key.replace("_", " ").capitalize(), "", "") for key in answers if key not in asked)
    return (*sections, Section("part-former", "No longer asked", former)) if former else sections
