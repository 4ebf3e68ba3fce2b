"""A small council for tests, made through the register's own acts wherever there is one.

world = World(house, clock)
clerk = world.person("Clerk", Role.CLERK)
area = world.area("Waste", manager=...)
account = world.account(area, "x", "ExampleWaste")
world.editor(area, person)         named only
world.cleared(area, "Ann Example") named, trained and signed
with world.work(clerk) as work: some_action(work, …)
world.sign_in(client, clerk); client.get(world.path("accounts"))
"""

import hashlib
import os
from datetime import date, timedelta
from typing import Any

from argon2 import PasswordHasher, profiles
from flask.testing import FlaskClient

from registry.accounts.models import Account, AccountState, ServiceArea
from registry.core.clock import FixedClock, day_in
from registry.core.house import House
from registry.core.work import Work
from registry.councils import actions as councils
from registry.councils.models import Council
from registry.councils.queries import find_installation
from registry.custody.actions.keys import set_up_custody
from registry.editors.models import Editorship
from registry.identity.actions import offers, people, sign_in
from registry.identity.actions.links import set_password
from registry.identity.actions.proving import place_of
from registry.identity.factors import Factor, Step
from registry.identity.models import Person
from registry.identity.passwords import Passwords
from registry.identity.totp import code_of, period_of
from registry.policies.models import Policy, PolicyVersion, SignOff, VersionState
from registry.training.models import Course, CourseKind, RecordState, TrainingRecord
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.hearing import remember
from tests.laid_out import laid_out

PASSWORD = "a long enough password"
PASSWORDS = Passwords(PasswordHasher.from_parameters(profiles.CHEAPEST))


def seed_of(email: str) -> bytes:
    """The seed of somebody's authenticator app in tests."""
    return hashlib.sha1(email.encode()).digest()


def code_now(email: str, clock: FixedClock) -> str:
    """What somebody's authenticator app shows now; each code is good once."""
    return code_of(seed_of(email), period_of(clock.now()))


@laid_out
def founded(world: "World", slug: str, **settings: Any) -> Council:
    """A new council, and the installation with the first."""
    with world.house.work(None, None, "test") as work:
        if find_installation(work.session) is None:
            councils.set_up(work, is_demo=False)
            set_up_custody(work, world.house.settings)
        return councils.add_council(work, slug, f"{slug.title()} Council", **settings)


class World:
    """One council (`self.council`) and the means to fill it; `another()` gives a second council beside it."""

    def __init__(self, house: House, clock: FixedClock, slug: str = "exampleton", **settings: Any) -> None:
        self.house, self.clock = house, clock
        self.council: Council = founded(self, slug, **settings)

    def another(self, slug: str = "otherham", **settings: Any) -> "World":
        """A second council in the same installation."""
        return World(self.house, self.clock, slug, **settings)

    @property
    def today(self) -> date:
        """The day it is in the council."""
        return day_in(self.council.time_zone, self.clock.now())

    def day(self, days: int) -> date:
        """A day so many days from today."""
        return self.today + timedelta(days=days)

    def work(self, actor: Person | None = None) -> Work:
        """A piece of work of somebody in the council."""
        return self.house.work(actor.id if actor else None, self.council, "test")

    def path(self, rest: str = "") -> str:
        """An address in the council's pages."""
        return f"/c/{self.council.slug}/{rest}"

    def add(self, *rows: Any) -> Any:
        """Put rows in the council as they are, with an entry in the trail."""
        with self.work() as work:
            work.session.add_all(rows)
            work.record(Event.DEMO_MADE)
        return rows[0] if len(rows) == 1 else rows

    def person(self, name: str, *roles: Role, **employment: Any) -> Person:
        """Somebody employed here since last year, with these hats; `has_password` gives them `PASSWORD`."""
        email = f"{name.lower().replace(' ', '.')}@{self.council.slug}.example"
        joiner = people.Joiner(name, email, "Officer", **{"starts_on": self.day(-400), **employment})
        with self.work() as work:
            person = people.add_person(work, joiner).person
            for role in roles:
                people.grant_role(work, person.id, role, self.day(-300), None)
        return person

    def has_password(self, person: Person, password: str = PASSWORD) -> Person:
        """Give somebody a password, hashed as cheaply as can be."""
        with self.work() as work:
            set_password(work, work.session.get_one(Person, person.id), PASSWORDS.hash(password))
        return person

    def has_app(self, person: Person) -> Person:
        """Give somebody an authenticator app, whose codes `code_now` tells."""
        remember(seed_of(person.email))
        with self.work() as work:
            seed = self.house.auth_key.seal("two-step", place_of(person.id), seed_of(person.email))
            facts = {"kind": Step.APP, "name": "Phone", "seed": seed, "added_at": self.clock.now()}
            work.session.add(Factor(person_id=person.id, **facts))
            work.record(Event.DEMO_MADE)
        return person

    def joins(self, person: Person, *roles: Role) -> Person:
        """Let somebody of another council work here too: they are asked, and accept."""
        joiner = people.Joiner(person.name, person.email, "Joint officer", starts_on=self.day(-400))
        with self.work() as work:
            offer_id = offers.offer(work, joiner, "https://register.example/{token}").id
        with self.work(person) as work:
            offers.accept(work, offer_id, person.name)
        with self.work() as work:
            for role in roles:
                people.grant_role(work, person.id, role, self.day(-300), None)
        return person

    def leaves(self, person: Person, by: Person | None = None) -> None:
        """Let yesterday have been somebody's last day, as somebody who manages people says."""
        with self.work(by) as work:
            people.leave(work, person.id, self.day(-1))

    def area(self, name: str = "Waste", manager: Person | None = None) -> ServiceArea:
        """A service area."""
        area: ServiceArea = self.add(
            ServiceArea(council_id=self.council.id, name=name, manager_id=manager.id if manager else None)
        )
        return area

    def account(self, area: ServiceArea, platform: str = "x", handle: str = "ExampleWaste", **facts: Any) -> Account:
        """An account, live since last year unless told otherwise."""
        state = facts.setdefault("state", AccountState.LIVE)
        if state in (AccountState.CLOSED, AccountState.HANDED_OVER):
            facts.setdefault("ended_on", self.day(-30))
        if state is AccountState.LIVE:
            facts.setdefault("live_on", self.day(-365))
        name = facts.pop("name", handle)
        account: Account = self.add(
            Account(
                council_id=self.council.id,
                public_id=os.urandom(16),
                service_area_id=area.id,
                platform=platform,
                handle=handle,
                handle_key=handle.casefold(),
                url=facts.pop("url", f"https://x.com/{handle}"),
                name=name,
                sort_name=name.casefold(),
                authorised_on=facts.pop("authorised_on", self.day(-370)),
                added_at=self.clock.now(),
                **facts,
            )
        )
        return account

    def course(self, kind: CourseKind = CourseKind.EDITOR, **facts: Any) -> Course:
        """A course of the council."""
        course: Course = self.add(
            Course(
                council_id=self.council.id,
                name=facts.pop("name", f"{kind.value} course"),
                kind=kind,
                valid_months=facts.pop("valid_months", 12),
                **facts,
            )
        )
        return course

    def trained(self, person: Person, until: date | None = None, course: Course | None = None) -> TrainingRecord:
        """A confirmed training record, good until a day (next summer unless told otherwise)."""
        until = until or self.day(200)
        record: TrainingRecord = self.add(
            TrainingRecord(
                council_id=self.council.id,
                person_id=person.id,
                course_id=(course or self._course()).id,
                completed_on=until - timedelta(days=365),
                expires_on=until,
                state=RecordState.CONFIRMED,
                recorded_by=person.id,
                recorded_at=self.clock.now(),
            )
        )
        return record

    def policy(self, version: str = "1", effective_on: date | None = None, **facts: Any) -> PolicyVersion:
        """A published version of the policy that opens the gate."""
        effective_on = effective_on or self.day(-200)
        with self.house.reading() as session:
            found = session.query(Policy).filter_by(council_id=self.council.id, opens_gate=True).one_or_none()
        policy = found or self.add(Policy(council_id=self.council.id, title="Social media policy", opens_gate=True))
        text = facts.pop("text", f"# Social media policy\n\nVersion {version}.")
        made: PolicyVersion = self.add(
            PolicyVersion(
                council_id=self.council.id,
                policy_id=policy.id,
                version=version,
                text=text,
                text_hash=hashlib.sha256(text.encode()).hexdigest(),
                state=VersionState.PUBLISHED,
                published_on=effective_on,
                effective_on=effective_on,
                sign_by_on=facts.pop("sign_by_on", effective_on + timedelta(days=14)),
                review_due_on=facts.pop("review_due_on", effective_on + timedelta(days=365)),
                saved_at=self.clock.now(),
                **facts,
            )
        )
        return made

    def signed(self, person: Person, version: PolicyVersion | None = None) -> SignOff:
        """A signature under a version of the policy (the one in force, made if need be)."""
        version = version or self._version()
        signed: SignOff = self.add(
            SignOff(
                council_id=self.council.id,
                person_id=person.id,
                policy_version_id=version.id,
                text_hash=version.text_hash,
                signed_at=self.clock.now(),
            )
        )
        return signed

    def editor(self, area: ServiceArea, person: Person, **facts: Any) -> Editorship:
        """Somebody named for a service area since half a year ago; nothing more."""
        named_by = facts.pop("named_by", person.id)
        named: Editorship = self.add(
            Editorship(
                council_id=self.council.id,
                service_area_id=area.id,
                person_id=person.id,
                starts_on=facts.pop("starts_on", self.day(-180)),
                named_by=named_by,
                named_at=self.clock.now(),
                **facts,
            )
        )
        return named

    def cleared(self, area: ServiceArea, name: str = "Cleared Editor") -> Person:
        """Somebody named for a service area, trained and signed."""
        person = self.person(name)
        self.editor(area, person)
        self.trained(person)
        self.signed(person)
        return person

    def sign_in(self, client: FlaskClient, person: Person) -> None:
        """Sign somebody in to a client, freshly confirmed."""
        with self.house.work(None, None, "test") as work:
            admitted = sign_in.admit(work, work.session.get_one(Person, person.id), "test browser", confirmed=True)
        with client.session_transaction() as cookie:
            cookie.clear()
            cookie["_user_id"] = admitted.token
            cookie["_fresh"] = True

    def _course(self) -> Course:
        with self.house.reading() as session:
            found = session.query(Course).filter_by(council_id=self.council.id, kind=CourseKind.EDITOR).first()
        return found or self.course()

    def _version(self) -> PolicyVersion:
        with self.house.reading() as session:
            found = (
                session.query(PolicyVersion)
                .filter_by(council_id=self.council.id)
                .order_by(PolicyVersion.effective_on.desc())
                .first()
            )
        return found or self.policy()
