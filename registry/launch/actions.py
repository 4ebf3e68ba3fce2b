"""From authorised to live: ticking what was done outside the register, and going live."""

from enum import StrEnum

from registry.accounts.lifecycle import ACCOUNT
from registry.accounts.models import IN_USE, Account
from registry.accounts.queries import get_account
from registry.core.work import Work
from registry.launch.queries import readiness_of
from registry.launch.rules import FULLY_STAFFED, MAY_BE_TICKED, READY, Ticking
from registry.vocabulary.events import Event


class Tick(StrEnum):
    """What is done outside the register and only said here: the columns of the account that hold it."""

    LINKED = "linked_from_website"
    TWO_STEP = "two_step_on"


def tick(work: Work, account_id: int, what: Tick, done: bool) -> Account:
    """Say that a step outside the register is done, or take that back (002 §19.1; 004 §6.5)."""
    account = get_account(work.session, work.council, account_id)
    MAY_BE_TICKED.judge(Ticking(account.state in IN_USE), work.today).or_refuse()
    if getattr(account, what.value) != done:
        setattr(account, what.value, done)
        work.record(Event.ACCOUNT_CHANGED, account, fields=[what.value])
    return account


def go_live(work: Work, account_id: int) -> Account:
    """Record an account as live once everything on its checklist is done (002 §19.1, §19.2; 004 §6.5).

    Fewer editors than the council wants is no obstacle ("ideally two"), but stands in the trail.
    """
    account = get_account(work.session, work.council, account_id)
    ready = readiness_of(work.session, work.council, account_id, work.today)
    ACCOUNT.move(account, "go_live")
    READY.judge(ready, work.today).or_refuse()
    account.live_on = work.today
    shortfall = FULLY_STAFFED.judge(ready, work.today)
    work.record(Event.ACCOUNT_WENT_LIVE, account, name=account.name, warnings=[str(reason) for reason in shortfall])
    return account
