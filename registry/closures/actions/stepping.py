"""The steps of a closure are done, found not needed, taken up again, and handed on."""

from datetime import date

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.closures.actions.saying import follow, proposed
from registry.closures.models import Closure
from registry.closures.queries import Step, get_step, lock_closure, worker_of
from registry.closures.rules import MAY_BE_DROPPED, MAY_WORK, PROOF, STEP_DAY, Dropping, Finish, NewDay
from registry.core.clock import year_after
from registry.core.errors import Conflict, Invalid
from registry.core.stale import refuse_stale
from registry.core.work import Work
from registry.identity.queries import works_here
from registry.vocabulary.events import Event


def finish_step(work: Work, closure_id: int, key: str, proof: str) -> Step:
    """Record that a step is done, and what shows it. A step that must be done needs its proof (002 §12.12)."""
    closure, account, step = _step_to_work_on(work, closure_id, key)
    _assert_open(step)
    for reason in PROOF.judge(Finish(step.task.must, bool(proof)), work.today):
        raise Invalid("proof", reason.text)
    before = proposed(work, account, closure)
    _settle(work, step, proof)
    follow(work, account, closure, before, "proof")
    work.record(Event.CLOSURE_STEP_DONE, closure, step=step.task.title, key=key, account=account.name)
    return step


def drop_step(work: Work, closure_id: int, key: str, why: str) -> Step:
    """Record that a step is not needed, and why; never one that must be done (002 §12.12)."""
    closure, account, step = _step_to_work_on(work, closure_id, key)
    _assert_open(step)
    MAY_BE_DROPPED.judge(Dropping(step.task.must), work.today).or_refuse()
    _settle(work, step, why)
    step.record.not_needed = True
    said = {"step": step.task.title, "key": key, "account": account.name}
    work.record(Event.CLOSURE_STEP_DONE, closure, **said, not_needed=True)
    return step


def reopen_step(work: Work, closure_id: int, key: str) -> Step:
    """Take a step up again that was called done or not needed; what was written of it stays to be put right."""
    closure, account, step = _step_to_work_on(work, closure_id, key)
    if not step.is_settled:
        raise Conflict("This step is open already. Somebody else may have just reopened it.")
    step.record.done_on, step.record.done_by, step.record.not_needed = None, None, False
    work.record(Event.CLOSURE_STEP_REOPENED, closure, step=step.task.title, key=key, account=account.name)
    return step


def hand_on_step(work: Work, closure_id: int, key: str, seen_lock: int, owner_id: int, due_on: date) -> Step:
    """Change whose a step is, or by when, unless somebody changed that since it was read; what must be done before
    the end stays due by then."""
    closure, account, step = _step_to_work_on(work, closure_id, key)
    refuse_stale("step", step.record, seen_lock, {"owner_id": owner_id, "due_on": due_on})
    _assert_open(step)
    if due_on != step.record.due_on:
        end = max(closure.last_day_on, work.today)
        latest = end if step.task.must else year_after(end)
        for reason in STEP_DAY.judge(NewDay(due_on, latest), work.today):
            raise Invalid("due_on", reason.text)
    if owner_id != step.record.owner_id:
        _refuse_stranger(work, owner_id)
    if (owner_id, due_on) != (step.record.owner_id, step.record.due_on):
        step.record.owner_id, step.record.due_on = owner_id, due_on
        work.record(Event.CLOSURE_STEP_CHANGED, closure, step=step.task.title, key=key, account=account.name)
    return step


def _step_to_work_on(work: Work, closure_id: int, key: str) -> tuple[Closure, Account, Step]:
    closure = lock_closure(work.session, work.council, closure_id)
    step = get_step(work.session, closure, key)
    MAY_WORK.judge(worker_of(work.session, closure, step, work.actor, work.today), work.today).or_refuse()
    return closure, get_account(work.session, work.council, closure.account_id), step


def _assert_open(step: Step) -> None:
    if step.is_settled:
        raise Conflict("This step is settled already. Reopen it to change what was recorded.")


def _settle(work: Work, step: Step, proof: str) -> None:
    step.record.done_on, step.record.done_by, step.record.proof = work.today, work.actor, proof


def _refuse_stranger(work: Work, owner_id: int) -> None:
    if not works_here(work.session, work.council, owner_id, work.today):
        raise Invalid("owner_id", "The owner must be somebody who works for the council today")
