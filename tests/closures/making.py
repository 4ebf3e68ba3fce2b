"""A council with an account to end, for the tests of this room."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from registry.accounts.models import Account, ServiceArea
from registry.audit.models import Entry
from registry.closures import actions
from registry.closures.models import Closure, ClosureStep
from registry.closures.plan import Plan
from registry.closures.queries import steps_in
from registry.closures.tasks import Ending
from registry.identity.models import Person
from registry.vocabulary.permissions import Role
from tests.laid_out import laid_out
from tests.world import World


@dataclass
class Scene:
    """Who and what most tests of closures need."""

    world: World
    comms: Person
    area: ServiceArea
    account: Account

    def plan(self, ending: Ending = Ending.CLOSE, **facts: Any) -> Plan:
        """A plan that will do, unless told otherwise."""
        if ending is Ending.MOTHBALL:
            facts.setdefault("review_on", self.world.day(300))
        if ending is Ending.HAND_OVER:
            facts.setdefault("successor", "Friends of the Bins")
        facts.setdefault("last_day_on", self.world.day(28))
        return Plan(ending, reason=facts.pop("reason", "Its work is done"), **facts)

    def begun(self, ending: Ending = Ending.CLOSE, **facts: Any) -> Closure:
        """A closure that has begun."""
        with self.world.work(self.comms) as work:
            return actions.start(work, self.account.id, self.plan(ending, **facts))

    def steps(self, closure: Closure) -> dict[str, ClosureStep]:
        """The steps of a closure by their keys."""
        with self.world.house.reading() as session:
            return {step.task.key: step.record for step in steps_in(session, closure)}

    def finished(self, closure: Closure, besides: tuple[str, ...] = ()) -> None:
        """Do every step that must be done, besides these."""
        with self.world.house.reading() as session:
            keys = [step.task.key for step in steps_in(session, closure) if step.is_open_must]
        with self.world.work(self.comms) as work:
            for key in keys:
                if key not in besides:
                    actions.finish_step(work, closure.id, key, "www.exampleton.example")

    def completed(self, ending: Ending = Ending.CLOSE, **facts: Any) -> Closure:
        """A closure that was begun today, is worked through and complete."""
        closure = self.begun(ending, last_day_on=self.world.today, **facts)
        self.finished(closure)
        with self.world.work(self.comms) as work:
            actions.complete(work, closure.id)
        ended: Closure = self.fresh(closure)
        return ended

    def fresh(self, row: Any) -> Any:
        """A row as the database has it now."""
        with self.world.house.reading() as session:
            return session.get_one(type(row), row.id)

    def said(self) -> list[str]:
        """The acts of the trail in their order."""
        with self.world.house.reading() as session:
            query = select(Entry.act).where(Entry.chain == self.world.council.id).order_by(Entry.seq)
            return list(session.scalars(query))


@laid_out
def scene(world: World, **facts: Any) -> Scene:
    """A council with Communications and one live account."""
    comms = world.person("Cora Comms", Role.COMMS)
    area = world.area("Waste")
    return Scene(world, comms, area, world.account(area, **facts))
