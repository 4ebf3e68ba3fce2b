"""Reading closures: their lists, their steps, and who stands how toward them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, and_, case, func, or_, select
from sqlalchemy.orm import Session

from registry.accounts.models import Account, AccountState
from registry.accounts.queries import get_account
from registry.closures.models import Closure, ClosureState, ClosureStep
from registry.closures.rules import Completion, Worker
from registry.closures.tasks import Ending, Task, find_task, tasks_for
from registry.closures.wording import GAP
from registry.core.database import Rows, get_one
from registry.core.errors import NotFound
from registry.editors.standing import standing_of

PATIENCE = timedelta(days=7)
"""How late a step that must be done may be before its closure counts as stalled."""


@dataclass(frozen=True)
class Step:
    """A step of a closure: its record, and what the task list says of it."""

    record: ClosureStep
    task: Task

    @property
    def is_settled(self) -> bool:
        """Whether it was done, or found not to be needed."""
        return self.record.done_on is not None

    @property
    def is_open_must(self) -> bool:
        """Whether the account cannot end yet because of it."""
        return self.task.must and not self.is_settled


@dataclass(frozen=True)
class Awaiting:
    """A step that waits for its owner; its page is closures.step with `closure_id` and `key`."""

    closure_id: int
    key: str
    title: str
    due_on: date
    account_id: int
    account: str


def get_closure(session: Session, council_id: int, closure_id: int) -> Closure:
    """The council's closure with this number."""
    return get_one(session, select(Closure).where(Closure.council_id == council_id, Closure.id == closure_id))


def lock_closure(session: Session, council_id: int, closure_id: int) -> Closure:
    """The closure, kept from others until this work is done: nobody reopens a step while it is completed."""
    query = select(Closure).where(Closure.council_id == council_id, Closure.id == closure_id)
    return get_one(session, query.with_for_update(of=Closure))


def steps_in(session: Session, closure: Closure) -> list[Step]:
    """The steps of a closure in the order they are worked through."""
    query = select(ClosureStep).where(
        ClosureStep.council_id == closure.council_id, ClosureStep.closure_id == closure.id
    )
    records = {record.key: record for record in session.scalars(query)}
    return [Step(records[task.key], task) for task in tasks_for(closure.ending) if task.key in records]


def get_step(session: Session, closure: Closure, key: str) -> Step:
    """One step of a closure by its key."""
    task = find_task(closure.ending, key)
    record = session.scalar(
        select(ClosureStep).where(
            ClosureStep.council_id == closure.council_id,
            ClosureStep.closure_id == closure.id,
            ClosureStep.key == key,
        )
    )
    if task is None or record is None:
        raise NotFound
    return Step(record, task)


def instead_of(steps: list[Step]) -> str:
    """Where people should go instead: what the step that settles it says."""
    said = next((step.record.proof for step in steps if step.task.key == "instead"), "")
    return " ".join(said.split()).rstrip(".").rstrip(".")


def completion_of(closure: Closure, steps: list[Step]) -> Completion:
    """How far a closure is."""
    return Completion(
        open_musts=tuple(step.task.title for step in steps if step.is_open_must),
        last_day_on=closure.last_day_on,
        review_on=closure.review_on or date.max,
        has_gap=GAP in closure.public_message,
    )


def worker_of(session: Session, closure: Closure, step: Step, person_id: int, on: date) -> Worker:
    """How somebody stands toward a step they would work on."""
    account = get_account(session, closure.council_id, closure.account_id)
    standing = standing_of(session, account, person_id, on)
    follows = closure.state is ClosureState.COMPLETE and step.task.follows
    return Worker(
        is_employed=standing.is_employed,
        is_owner=step.record.owner_id == person_id,
        acts_by_role=standing.acts_by_role,
        is_named=standing.is_named,
        manages_area=account.service_area.manager_id == person_id,
        is_workable=closure.state is ClosureState.OPEN or follows,
    )


def closures_listed(council_id: int, on: date, state: ColumnElement[bool]) -> Rows:
    """Closures with how far they are, for paging by `last_day_on` and `closure_id`.

    `steps`, `settled`, `overdue` and `musts_late` count; `next_due_on` is the day of the next open step.
    """
    open_due = case((ClosureStep.done_on.is_(None), ClosureStep.due_on))
    progress = (
        select(
            ClosureStep.closure_id,
            func.count().label("steps"),
            func.count(ClosureStep.done_on).label("settled"),
            func.count(case((and_(ClosureStep.done_on.is_(None), ClosureStep.due_on < on), 1))).label("overdue"),
            func.count(case((_is_late_must(on), 1))).label("musts_late"),
            func.min(open_due).label("next_due_on"),
        )
        .join(Closure, and_(Closure.council_id == ClosureStep.council_id, Closure.id == ClosureStep.closure_id))
        .where(ClosureStep.council_id == council_id, state)
        .group_by(ClosureStep.closure_id)
        .subquery("progress")
    )
    return (
        select(
            Closure.id.label("closure_id"), Closure.account_id, Closure.ending, Closure.state, Closure.last_day_on,
            Closure.review_on, Closure.completed_at, Account.name, Account.handle, Account.platform,
            progress.c.steps, progress.c.settled, progress.c.overdue, progress.c.musts_late, progress.c.next_due_on,
        )
        .join(progress, progress.c.closure_id == Closure.id)
        .join(Account, and_(Account.council_id == Closure.council_id, Account.id == Closure.account_id))
        .where(Closure.council_id == council_id, state)
    )  # fmt: skip


def open_closure(session: Session, council_id: int, account_id: int, on: date) -> Row[Any] | None:
    """The closure that an account is going through and how far it is: a row of `closures_listed`; one statement."""
    going = and_(Closure.state == ClosureState.OPEN, Closure.account_id == account_id)
    return session.execute(closures_listed(council_id, on, going)).one_or_none()


def steps_of(session: Session, council_id: int, person_id: int, on: date) -> list[Awaiting]:
    """The open steps that are somebody's to do, the first due first; one statement.

    Those of open closures, and of completed ones those that follow the last day, from a week before they are due.
    """
    still = and_(
        Closure.state == ClosureState.COMPLETE,
        ClosureStep.due_on <= on + PATIENCE,
        ClosureStep.key.in_(_AFTER),
        or_(Closure.ending != Ending.MOTHBALL, Account.state == AccountState.MOTHBALLED),
        Account.under_closure.is_(False),
    )
    query = (
        select(
            Closure.id.label("closure_id"), Closure.ending, ClosureStep.key, ClosureStep.due_on,
            Closure.account_id, Account.name.label("account"),
        )
        .join(Closure, and_(Closure.council_id == ClosureStep.council_id, Closure.id == ClosureStep.closure_id))
        .join(Account, and_(Account.council_id == Closure.council_id, Account.id == Closure.account_id))
        .where(
            ClosureStep.council_id == council_id,
            ClosureStep.owner_id == person_id,
            ClosureStep.done_on.is_(None),
            or_(Closure.state == ClosureState.OPEN, still),
        )
        .order_by(ClosureStep.due_on, ClosureStep.id)
    )  # fmt: skip
    return [
        Awaiting(row.closure_id, row.key, task.title, row.due_on, row.account_id, row.account)
        for row in session.execute(query)
        if (task := find_task(row.ending, row.key))
    ]


def mothballed(council_id: int) -> Rows:
    """The mothballed accounts, for paging by `review_on` and `account_id`."""
    review_on = func.coalesce(
        Account.mothball_review_on, Account.live_on, func.date(Account.added_at, type_=Date), type_=Date
    )
    return select(
        Account.id.label("account_id"), Account.name, Account.handle, Account.platform, Account.under_closure,
        review_on.label("review_on"),
    ).where(Account.council_id == council_id, Account.state == AccountState.MOTHBALLED)  # fmt: skip


def find_decision_to_come(session: Session, account: Account) -> ClosureStep | None:
    """The step by which a mothballed account is decided on again, if it is open."""
    query = (
        select(ClosureStep)
        .join(Closure, and_(Closure.council_id == ClosureStep.council_id, Closure.id == ClosureStep.closure_id))
        .where(
            ClosureStep.council_id == account.council_id,
            Closure.account_id == account.id,
            Closure.state == ClosureState.COMPLETE,
            ClosureStep.key == "decide_again",
            ClosureStep.done_on.is_(None),
        )
        .order_by(Closure.id.desc())
        .limit(1)
    )
    return session.scalar(query)


_AFTER = tuple({task.key for ending in Ending for task in tasks_for(ending) if task.follows})


def _is_late_must(on: date) -> ColumnElement[bool]:
    late = or_(
        ClosureStep.due_on < on - PATIENCE,
        and_(Closure.last_day_on < on, ClosureStep.due_on <= Closure.last_day_on),
    )
    return and_(Closure.state == ClosureState.OPEN, ClosureStep.done_on.is_(None), late, _must())


def _must() -> ColumnElement[bool]:
    keys = {ending: [task.key for task in tasks_for(ending) if task.must] for ending in Ending}
    return or_(*(and_(Closure.ending == ending, ClosureStep.key.in_(must)) for ending, must in keys.items()))
