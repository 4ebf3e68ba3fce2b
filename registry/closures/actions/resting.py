"""A mothballed account is decided on again, and rests on."""

from datetime import date

from registry.accounts.models import Account, AccountState
from registry.accounts.queries import get_account
from registry.closures.queries import find_decision_to_come
from registry.closures.rules import MAY_REST, REST_DAY, Rest
from registry.core.errors import Invalid
from registry.core.stale import refuse_stale
from registry.core.wording import long_day
from registry.core.work import Work
from registry.vocabulary.events import Event


def keep_mothballed(work: Work, account_id: int, until: date, minute_ref: str, seen_version: int) -> Account:
    """Let a mothballed account rest on until a new day, at most 12 months away (002 §12.12).

    The step that asked for this decision counts as done.
    """
    account = get_account(work.session, work.council, account_id)
    refuse_stale("account", account, seen_version, {})
    rest = Rest(account.state is AccountState.MOTHBALLED, account.under_closure, until)
    MAY_REST.judge(rest, work.today).or_refuse()
    for reason in REST_DAY.judge(rest, work.today):
        raise Invalid("until", reason.text)
    account.mothball_review_on = until
    step = find_decision_to_come(work.session, account)
    if step is not None:
        step.done_on, step.done_by = work.today, work.actor
        step.proof = f"Kept mothballed until {long_day(until)}. {minute_ref}".strip()
    work.record(Event.MOTHBALL_EXTENDED, account, account=account.name, until=until, minute_ref=minute_ref)
    return account
