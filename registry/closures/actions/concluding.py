"""A closure comes to its end: the account's state moves, or everything stays as it was."""

from registry.accounts.lifecycle import ACCOUNT
from registry.accounts.models import Account, AccountState
from registry.accounts.queries import get_account
from registry.closures.lifecycle import CLOSURE
from registry.closures.models import Closure
from registry.closures.queries import Step, completion_of, lock_closure, steps_in
from registry.closures.rules import MAY_BE_COMPLETED
from registry.core.work import Work
from registry.vocabulary.events import Event

UNBRANDING = frozenset({"closed_profile", "resting_profile", "council_name"})
"""The steps after which nobody takes the profile for a live account of the council."""
UNLINKING = frozenset({"links"})


def complete(work: Work, closure_id: int) -> Account:
    """End the account: its state moves once every step that must be done is done, not before its last day.

    The public answer follows from the state and the public sentence. Who is named for the service area stays
    named: it may answer for other accounts (002 §12.5, §12.12).
    """
    closure = lock_closure(work.session, work.council, closure_id)
    steps = steps_in(work.session, closure)
    CLOSURE.move(closure, "complete")
    MAY_BE_COMPLETED.judge(completion_of(closure, steps), work.today).or_refuse()
    closure.completed_at = work.now
    account = get_account(work.session, work.council, closure.account_id)
    ACCOUNT.move(account, closure.ending.value)
    _settle(account, closure, steps)
    state = account.state.value.replace("_", " ")
    work.record(Event.CLOSURE_COMPLETED, closure, account=account.name, state=state)
    return account


def abandon(work: Work, closure_id: int, why: str) -> Account:
    """Take the beginning of an account's end back: it goes on as it was; what was done for its end stays on record."""
    closure = lock_closure(work.session, work.council, closure_id)
    CLOSURE.move(closure, "abandon")
    closure.abandoned_why = why
    account = get_account(work.session, work.council, closure.account_id)
    account.under_closure = False
    work.record(Event.CLOSURE_ABANDONED, closure, account=account.name)
    return account


def _settle(account: Account, closure: Closure, steps: list[Step]) -> None:
    done = {step.task.key for step in steps if step.is_settled and not step.record.not_needed}
    account.public_note = closure.public_message
    account.under_closure = False
    account.branded = account.branded and not done & UNBRANDING
    account.linked_from_website = account.linked_from_website and not done & UNLINKING
    if account.state is AccountState.MOTHBALLED:
        account.mothball_review_on = closure.review_on
    else:
        account.ended_on, account.mothball_review_on = closure.last_day_on, None
