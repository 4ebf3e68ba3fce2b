"""The way to live as a list of tasks: what is done, what is not, and where each is done."""

from dataclasses import dataclass
from datetime import date

from registry.core.rule import Condition, Verdict
from registry.launch.actions import Tick
from registry.launch.rules import (
    AN_EDITOR,
    CUSTODY,
    FULLY_STAFFED,
    LINKED,
    READY,
    REVIEWED,
    TWO_STEP,
    Readiness,
)


@dataclass(frozen=True)
class Step:
    """One task: `door` is the account's page where it is done, `tick` what is said by hand instead."""

    key: str
    title: str
    is_done: bool
    said: str
    clause: str
    door: str = ""
    tick: Tick | None = None


@dataclass(frozen=True)
class Checklist:
    """All tasks, the answer whether the account may go live, and what would be recorded as short."""

    steps: tuple[Step, ...]
    verdict: Verdict
    shortfall: Verdict

    @property
    def done(self) -> int:
        """How many tasks are done."""
        return sum(step.is_done for step in self.steps)


STEPS: tuple[tuple[str, str, Condition, str, Tick | None], ...] = (
    ("custody", "Put the password in custody", CUSTODY, "custody.account", None),
    ("two-step", "Switch two-step sign-in on", TWO_STEP, "", Tick.TWO_STEP),
    ("review", "Complete the first security review", REVIEWED, "reviews.account", None),
    ("website", "Link to it from the council’s website", LINKED, "", Tick.LINKED),
    ("editors", "Have its editors cleared", AN_EDITOR, "editors.account_people", None),
)


def checklist(facts: Readiness, on: date) -> Checklist:
    """Set the tasks of one account out as they stand on a day."""
    steps = tuple(
        Step(key, title, bool(rule.test(facts, on)), _said(key, rule, facts, on), rule.clause, door, tick)
        for key, title, rule, door, tick in STEPS
    )
    return Checklist(steps, READY.judge(facts, on), FULLY_STAFFED.judge(facts, on))


def _said(key: str, rule: Condition, facts: Readiness, on: date) -> str:
    if key == "editors" and facts.cleared:
        return f"{facts.cleared} of {facts.named} cleared; the council wants {facts.ideal}."
    if not rule.test(facts, on):
        return rule.reason(facts, on).text
    if key == "custody" and facts.opens_by_roles and not facts.has_credential:
        return "People get in with their own logins here, so there is no password to keep."
    return ""
