"""Ending a review, and ending what it left to do."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.editors.standing import standing_of
from registry.identity.queries import name_of
from registry.reviews import actions as acts
from registry.reviews.answers import FAILING, WORDS, Answer
from registry.reviews.checklists import checklist_for
from registry.reviews.forms import PlanForm, ProofForm
from registry.reviews.items import Item
from registry.reviews.models import ReviewState
from registry.reviews.plans import default_plan
from registry.reviews.queries import answers_of, get_action, possible_owners, reviewing_of, unanswered
from registry.reviews.rules import MAY_COMPLETE, MAY_FINISH, Finishing
from registry.reviews.views.room import assert_form_is_for, room, the_account, the_review
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.fields import choice
from registry.web.filters import plural
from registry.web.forms import Form, Sheet
from registry.web.guard import needs
from registry.web.pages import accepted, show

P = Permission


@room.route("/reviews/<int:review_id>/complete", methods=["GET", "POST"])
@needs(P.REVIEW_MAKE)
def complete(review_id: int) -> ResponseReturnValue:
    """Say who puts each failing item right and by when, and complete the review."""
    found = the_review(review_id)
    if found.state is not ReviewState.OPEN and request.method == "GET":
        return redirect(url_for("reviews.review", review_id=review_id))
    account, answers, on = the_account(found.account_id), answers_of(context.db(), found), context.today()
    missing = unanswered(account.platform, answers)
    failing = [item for item in checklist_for(account.platform) if _fails(answers.get(item.key))]
    forms = _plan_forms(account, failing, answers)

    def act() -> None:
        with context.work() as work:
            acts.complete(work, review_id, {key: form.plan for key, form in forms.items()})

    sheet = Sheet(forms.values())
    if accepted(sheet, act):
        left = plural(len(failing), "action") if failing else "nothing to do"
        flash(f"The review is complete. It left {left}.", "success")
        return redirect(url_for("reviews.review", review_id=review_id))
    reviewing = reviewing_of(context.db(), account, context.person_id(), on, len(missing))
    return show(
        "reviews/complete.html",
        sheet,
        review=found,
        account=account,
        missing=missing,
        failing=failing,
        answers=answers,
        words=WORDS,
        forms=forms,
        verdict=MAY_COMPLETE.judge(reviewing, on),
        every=context.council().review_every(account.risk),
    )


def _fails(answer: Answer | None) -> bool:
    return answer is not None and answer.finding in FAILING


def _plan_forms(account: Account, failing: list[Item], answers: dict[str, Answer]) -> dict[str, PlanForm]:
    owners = possible_owners(context.db(), account.council_id, context.today())
    options = [choice(str(person_id), name) for person_id, name in owners.items()]
    forms = {}
    for item in failing:
        plan = default_plan(item.key, answers[item.key], account, context.person_id(), owners, context.today())
        forms[item.key] = PlanForm(prefix=item.key, data=vars(plan))
        forms[item.key].owner_id.choices = options
    return forms


@room.route("/reviews/<int:review_id>/abandon", methods=["GET", "POST"])
@needs(P.REVIEW_MAKE)
def abandon(review_id: int) -> ResponseReturnValue:
    """Give a review up, after saying what that means."""
    found = the_review(review_id)
    if found.state is not ReviewState.OPEN and request.method == "GET":
        return redirect(url_for("reviews.review", review_id=review_id))
    account, form = the_account(found.account_id), Form()

    def act() -> None:
        with context.work() as work:
            acts.abandon(work, review_id)

    if accepted(form, act):
        flash("The review is abandoned. Nothing changed for the account.", "success")
        return redirect(url_for("reviews.account", account_id=account.id))
    answered = len(answers_of(context.db(), found))
    return show("reviews/abandon.html", form, review=found, account=account, answered=answered)


@room.route("/reviews/actions/<int:action_id>/done", methods=["GET", "POST"])
@needs(get=P.REVIEW_READ, post=P.REVIEW_ACTION_DONE)
def finish(action_id: int) -> ResponseReturnValue:
    """Mark an action done, with its proof."""
    action = get_action(context.db(), context.council().id, action_id)
    if action.done_on is not None and request.method == "GET":
        return redirect(url_for("reviews.review", review_id=action.review_id))
    account, form = the_account(action.account_id), ProofForm()
    standing = standing_of(context.db(), account, context.person_id(), context.today())
    finishing = Finishing(standing.is_employed, action.owner_id == context.person_id(), standing.acts_by_role)
    assert_form_is_for(MAY_FINISH.judge(finishing, context.today()))

    def act() -> None:
        with context.work() as work:
            acts.finish(work, action_id, form.proof.data)

    if accepted(form, act):
        flash("The action is marked done.", "success")
        return redirect(url_for("reviews.account", account_id=account.id))
    return show(
        "reviews/finish.html",
        form,
        action=action,
        account=account,
        owner=name_of(context.db(), action.owner_id),
    )
