"""An account's end begins, and its plan changes while it is worked through."""

from datetime import date

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.closures.actions.saying import fitting, follow, proposed
from registry.closures.lifecycle import CLOSURE
from registry.closures.models import Closure, ClosureStep
from registry.closures.plan import Plan
from registry.closures.queries import lock_closure, open_closure, steps_in
from registry.closures.rules import LAST_DAY, MAY_BEGIN, REVIEW_DAY, Beginning, Days
from registry.closures.tasks import Ending, tasks_for
from registry.closures.wording import proposed_sentence, words_of
from registry.core.errors import Conflict, Invalid
from registry.core.rule import Rule
from registry.core.work import Work
from registry.councils.queries import get_council_by_id
from registry.identity.queries import works_here
from registry.vocabulary.events import Event

_VERBS = {Ending.CLOSE: "close", Ending.MOTHBALL: "mothball", Ending.HAND_OVER: "hand over"}


def start(work: Work, account_id: int, plan: Plan) -> Closure:
    """Begin to end an account: its steps stand from now on, each with its day and its owner (002 §12.5, §12.12)."""
    account = get_account(work.session, work.council, account_id)
    MAY_BEGIN.judge(Beginning(account.state, plan.ending), work.today).or_refuse()
    if account.under_closure or open_closure(work.session, work.council, account_id, work.today):
        raise Conflict("This account is being ended already. See how far that is, or abandon it first.")
    refuse_unfit(plan, work.today)
    closure = _begun(work, account, plan)
    work.session.add(closure)
    account.under_closure = True
    work.flush()
    work.session.add_all(_steps(work, account, closure, plan))
    work.record(Event.CLOSURE_STARTED, closure, ending=_VERBS[plan.ending], account=account.name)
    return closure


def change(
    work: Work,
    closure_id: int,
    *,
    last_day_on: date,
    public_message: str,
    review_on: date | None = None,
    successor: str = "",
) -> Closure:
    """Change a closure's days, successor or public sentence; with the last day the days of open steps move along.

    A public sentence that was the proposed one, and is not reworded, follows the other changes.
    """
    closure = lock_closure(work.session, work.council, closure_id)
    CLOSURE.move(closure, "change")
    account = get_account(work.session, work.council, closure.account_id)
    plan = Plan(closure.ending, last_day_on, closure.reason, "", review_on, successor, public_message=public_message)
    refuse_unfit(plan, work.today)
    before = proposed(work, account, closure)
    changed = _put(closure, plan)
    if "last_day_on" in changed:
        _move_steps(work, closure)
    if changed:
        follow(work, account, closure, before, "public_message")
        work.record(Event.CLOSURE_CHANGED, closure, account=account.name, fields=changed)
    return closure


def refuse_unfit(plan: Plan, on: date) -> None:
    """Refuse days that the policy does not allow, and what an ending cannot do without, beside the field."""
    _refuse("last_day_on", LAST_DAY, Days(plan.last_day_on, date.max), on)
    if plan.ending is Ending.MOTHBALL:
        if plan.review_on is None:
            raise Invalid("review_on", "Enter the day to look at the account again, within 12 months of its last day")
        _refuse("review_on", REVIEW_DAY, Days(plan.last_day_on, plan.review_on), on)
    if plan.ending is Ending.HAND_OVER and not plan.successor:
        raise Invalid("successor", "Enter to whom the account is handed over")


def _refuse(field: str, rule: Rule, days: Days, on: date) -> None:
    for reason in rule.judge(days, on):
        raise Invalid(field, reason.text)


def _begun(work: Work, account: Account, plan: Plan) -> Closure:
    council = get_council_by_id(work.session, work.council)
    words = words_of(council, account, plan.last_day_on, plan.successor, plan.instead)
    return Closure(
        council_id=work.council,
        account_id=account.id,
        ending=plan.ending,
        reason=plan.reason,
        minute_ref=plan.minute_ref,
        decided_by=work.actor,
        last_day_on=plan.last_day_on,
        review_on=plan.review_on if plan.ending is Ending.MOTHBALL else None,
        successor=plan.successor if plan.ending is Ending.HAND_OVER else "",
        public_message=fitting(plan.public_message or proposed_sentence(plan.ending, words), "public_message"),
        started_at=work.now,
    )


def _steps(work: Work, account: Account, closure: Closure, plan: Plan) -> list[ClosureStep]:
    known = {"decision": plan.minute_ref, "instead": plan.instead}
    owner_id = _owner(work, account)
    return [
        ClosureStep(
            council_id=work.council,
            closure_id=closure.id,
            key=task.key,
            owner_id=owner_id,
            due_on=max(task.due_on(plan.last_day_on), work.today),
            proof=known.get(task.key, ""),
        )
        for task in tasks_for(plan.ending)
    ]


def _owner(work: Work, account: Account) -> int:
    """Whoever is responsible for the account, if they still work here; else whoever begins its end."""
    responsible = account.responsible_id
    is_here = works_here(work.session, work.council, responsible, work.today)
    return responsible if responsible is not None and is_here else work.actor


def _put(closure: Closure, plan: Plan) -> list[str]:
    wanted: dict[str, date | str | None] = {
        "last_day_on": plan.last_day_on,
        "review_on": plan.review_on if plan.ending is Ending.MOTHBALL else None,
        "successor": plan.successor if plan.ending is Ending.HAND_OVER else "",
        "public_message": plan.public_message,
    }
    changed = sorted(name for name, value in wanted.items() if getattr(closure, name) != value)
    for name in changed:
        setattr(closure, name, wanted[name])
    return changed


def _move_steps(work: Work, closure: Closure) -> None:
    for step in steps_in(work.session, closure):
        if not step.is_settled:
            step.record.due_on = max(step.task.due_on(closure.last_day_on), work.today)
