"""The blueprint these pages hang on, and what several of them look up."""

from flask import Blueprint, request
from flask_login import current_user

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.core.rule import Verdict
from registry.editors.standing import ROLES_THAT_ACT
from registry.reviews.models import SecurityReview
from registry.reviews.queries import get_review
from registry.reviews.rules import MAY_FINISH, Finishing
from registry.web import context

room = Blueprint("reviews", __name__, url_prefix="/c/<council>")


def the_account(account_id: int) -> Account:
    """The account whose reviews these are."""
    return get_account(context.db(), context.council().id, account_id)


def the_review(review_id: int) -> SecurityReview:
    """The review of this address."""
    return get_review(context.db(), context.council().id, review_id)


def may_finish(owner_id: int) -> bool:
    """Whether whoever looks may mark an action of this owner done; the act itself asks again."""
    acts_by_role = any(current_user.wears(role) for role in ROLES_THAT_ACT)
    finishing = Finishing(True, owner_id == context.person_id(), acts_by_role)
    return bool(MAY_FINISH.judge(finishing, context.today()))


def assert_form_is_for(verdict: Verdict) -> None:
    """Show whoever may not send a form the reasons instead. What is sent the act judges, for the trail's sake."""
    if request.method in context.READ_METHODS:
        verdict.or_refuse()
