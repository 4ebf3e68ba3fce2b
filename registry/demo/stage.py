"""The stage: a clock that goes back a year, and the acts of the story put in the order of their days."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from registry.accounts.models import Account, ServiceArea
from registry.core.clock import FixedClock, day_in
from registry.core.house import House
from registry.core.work import Work
from registry.councils.models import Council
from registry.identity.models import Person
from registry.identity.passwords import Passwords

Act = Callable[[], None]

BEGINNING = 440
"""Days ago when the demonstration's register was set up."""


@dataclass
class Stage:
    """What the story's scenes share: the house of the past, who and what is on stage, and the acts to come."""

    house: House
    passwords: Passwords
    now: datetime
    people: dict[str, Person] = field(default_factory=dict)
    councils: dict[str, Council] = field(default_factory=dict)
    areas: dict[tuple[str, str], ServiceArea] = field(default_factory=dict)
    accounts: dict[tuple[str, str, str], Account] = field(default_factory=dict)
    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)

    @classmethod
    def of(cls, house: House, passwords: Passwords) -> "Stage":
        """A stage whose clock stands wherever an act needs it."""
        now = house.clock.now()
        return cls(replace(house, clock=FixedClock(now)), passwords, now)

    @property
    def today(self) -> date:
        """The day on which the demonstration is loaded."""
        return day_in("Europe/London", self.now)

    def day(self, ago: int) -> date:
        """The day so many days ago (negative: to come)."""
        return self.today - timedelta(days=ago)

    def plan(self, ago: int, act: Act, hour: int = 10, minute: int = 0) -> None:
        """Plan an act for a day so many days ago; nothing is planned for the future."""
        moment = (self.now - timedelta(days=ago)).replace(hour=hour, minute=minute, second=0, microsecond=0)
        self._acts.append((min(moment, self.now), len(self._acts), act))

    def play(self) -> None:
        """Do every planned act on its day, the oldest first; acts may plan later ones."""
        while self._acts:
            self._acts.sort(key=lambda act: act[:2], reverse=True)
            moment, _, act = self._acts.pop()
            self.set_clock(moment)
            act()

    def set_clock(self, moment: datetime) -> None:
        """Put the clock of the past."""
        self.house = replace(self.house, clock=FixedClock(moment))

    def work(self, council: str, who: str | None) -> Work:
        """A piece of somebody's work in a council, at the moment the clock shows."""
        actor = self.people[who].id if who else None
        return self.house.work(actor, self.councils[council], "demo")
