"""Lists: which reviews are due, what reviews left to do, and the reviews of one account."""

from flask import request
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.reviews.models import ReviewAction, SecurityReview
from registry.reviews.queries import (
    DUE,
    SOON,
    accounts_to_review,
    due_reviews,
    find_open_review,
    history,
    open_actions,
    reviewing_of,
)
from registry.reviews.rules import MAY_REVIEW
from registry.reviews.views.room import may_finish, room, the_account
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import show
from registry.web.paging import Order, page

P = Permission
MOST_URGENT_FIRST = (Order(ReviewAction.due_on, "due_on"), Order(ReviewAction.id, "action_id"))
NEWEST_FIRST = (
    Order(SecurityReview.completed_at, "completed_at", descending=True),
    Order(SecurityReview.id, "review_id", descending=True),
)


@room.get("/reviews")
@needs(P.REVIEW_READ)
def due() -> ResponseReturnValue:
    """The accounts whose review is due, never made, or all in use; the most overdue first."""
    council_id, shown = context.council().id, request.args.get("show", "")
    query = {
        "never": accounts_to_review(council_id).where(Account.last_reviewed_on.is_(None)),
        "all": accounts_to_review(council_id),
    }.get(shown, due_reviews(council_id, context.today()))
    orders = (Order(DUE, "due_on"), Order(Account.id, "account_id"))
    found = page(context.db(), query, orders, request.args.to_dict())
    return show("reviews/due.html", page=found, shown=shown, soon=context.today() + SOON)


@room.get("/reviews/actions")
@needs(P.REVIEW_READ)
def actions() -> ResponseReturnValue:
    """What reviews left to do: mine, or everybody's."""
    query, everybody = open_actions(context.council().id), request.args.get("show") == "all"
    if not everybody:
        query = query.where(ReviewAction.owner_id == context.person_id())
    found = page(context.db(), query, MOST_URGENT_FIRST, request.args.to_dict())
    return show("reviews/actions.html", page=found, everybody=everybody, may_finish=may_finish)


@room.get("/accounts/<int:account_id>/reviews")
@needs(P.REVIEW_READ)
def account(account_id: int) -> ResponseReturnValue:
    """The account's Reviews tab: when the next is due, what is left to do, and the reviews there were."""
    found, session, council_id = the_account(account_id), context.db(), context.council().id
    left = open_actions(council_id).where(ReviewAction.account_id == account_id)
    return show(
        "reviews/account.html",
        account=found,
        tab="reviews.account",
        is_open=find_open_review(session, council_id, account_id),
        verdict=MAY_REVIEW.judge(reviewing_of(session, found, context.person_id(), context.today()), context.today()),
        soon=context.today() + SOON,
        left=list(session.execute(left.order_by(ReviewAction.due_on, ReviewAction.id))),
        page=page(session, history(council_id, account_id), NEWEST_FIRST, request.args.to_dict(), size=20),
        may_finish=may_finish,
    )
