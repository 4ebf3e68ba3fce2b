"""A register in which something of everything has happened, all of it by the register's own acts."""

from sqlalchemy import select

from registry.accounts.models import Account
from registry.custody.models import Credential
from registry.identity.actions.links import invite
from registry.identity.models import Person
from registry.jobs.runs import run_if_due
from registry.jobs.schedule import SCHEDULE
from tests.custody.hall import VALUE, Hall, with_password
from tests.requests.asking import Asking
from tests.world import World


class Town:
    """A district with an account that was asked for, its editor `ann`, and a password in custody that she has seen."""

    def __init__(self, world: World) -> None:
        self.world, self.asking = world, Asking(world)
        request = self.asking.submitted()
        for person in (self.asking.manager, self.asking.comms, self.asking.team):
            self.asking.decide(person, request)
        with world.house.reading() as session:
            self.account = session.scalars(select(Account)).one()
        self.ann: Person = with_password(world, world.cleared(self.asking.area, "Ann Example"))
        world.editor(self.asking.area, self.asking.other)  # neither trained nor signed: a flag
        self.hall = Hall(world, self.asking.area, self.account, self.ann)
        self.credential: Credential = self.hall.deposit()
        assert self.hall.look(self.credential) == VALUE
        with world.work(self.asking.clerk) as work:
            invite(work, work.session.get_one(Person, self.asking.other.id), "https://register.example/{token}")
        for job in SCHEDULE:
            run_if_due(world.house, job)
