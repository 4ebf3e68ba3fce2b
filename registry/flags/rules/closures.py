"""Endings that do not come to their end."""

from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select

from registry.activity.cadence import DaysAfter
from registry.closures.models import Closure, ClosureState, ClosureStep
from registry.closures.queries import PATIENCE
from registry.closures.tasks import Ending, tasks_for
from registry.flags.rule import Severity, Tell, finding, flag


@flag(
    Severity.WARNING,
    clause="002 §12.12",
    message="Its closure has stalled: steps late that must be done: {late}; its last day: {last_day}.",
    tell=(Tell.RESPONSIBLE, Tell.COMMS),
    mend=("closures.closure", "Finish the steps of the closure"),
)
def closure_stalled(on: date) -> Select[Any]:
    """A closure has stopped: a step that must be done is more than 7 days late, or the account’s last day has
    passed with a step undone that was due by then."""
    step = ClosureStep
    is_late = or_(step.due_on < on - PATIENCE, and_(Closure.last_day_on < on, step.due_on <= Closure.last_day_on))
    late = (
        select(Closure.id.label("closure_id"), func.count().label("steps"), func.min(step.due_on).label("first_due_on"))
        .join(step, and_(step.council_id == Closure.council_id, step.closure_id == Closure.id))
        .where(Closure.state == ClosureState.OPEN, step.done_on.is_(None), step.not_needed.is_(False), is_late, _must())
        .group_by(Closure.id)
        .subquery("late")
    )
    return finding(
        "Closure",
        Closure.council_id,
        Closure.id,
        DaysAfter(late.c.first_due_on, literal(1)),
        account_id=Closure.account_id,
        late=late.c.steps,
        last_day=Closure.last_day_on,
    ).join(late, late.c.closure_id == Closure.id)


def _must() -> Any:
    """The steps without which the account's state does not move, by the ending's task list."""
    keys = {ending: [task.key for task in tasks_for(ending) if task.must] for ending in Ending}
    return or_(*(and_(Closure.ending == ending, ClosureStep.key.in_(must)) for ending, must in keys.items()))
