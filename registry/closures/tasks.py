"""The guided task list of each ending, in the order it is worked through.

What has to be done lies in `task_lists`; what the endings mean, in `endings`.
"""

from registry.closures import task_lists
from registry.closures.endings import (
    CONSEQUENCES,
    PUBLIC_SENTENCES,
    Consequence,
    Ending,
    Phase,
    Task,
    worded,
)

__all__ = [
    "CONSEQUENCES",
    "PUBLIC_SENTENCES",
    "Consequence",
    "Ending",
    "Phase",
    "Task",
    "find_task",
    "tasks_for",
    "worded",
]


def _in_order(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    phases = list(Phase)
    return tuple(sorted(tasks, key=lambda task: (phases.index(task.phase), -task.days_before_last)))


_TASKS = {
    Ending.CLOSE: _in_order(task_lists.CLOSE),
    Ending.MOTHBALL: _in_order(task_lists.MOTHBALL),
    Ending.HAND_OVER: _in_order(task_lists.HAND_OVER),
}


def tasks_for(ending: Ending) -> tuple[Task, ...]:
    """List what an ending asks for, phase by phase and by date within each."""
    return _TASKS[ending]


def find_task(ending: Ending, key: str) -> Task | None:
    """Find a step by the key its record keeps; None if this version no longer asks for it."""
    return next((task for task in _TASKS[ending] if task.key == key), None)
