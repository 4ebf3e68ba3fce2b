"""Whatever happens to somebody in whatever order, custody opens to them exactly when a plain model says so.

The model knows five things of one person: until when they are trained, which versions of the policy they signed,
and whether they are named, suspended, gone. On SQLite alone: what is asked of both databases is asked by the other
tests of the gate, and here it is the order of things that is looked for.
"""

import itertools
from datetime import date, timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from registry.core.errors import Refused
from registry.custody.models import Credential
from registry.editors.actions import name_editor, stand_down
from registry.editors.rules import GATE
from registry.editors.standing import standing_of
from registry.identity.actions import absence
from registry.identity.models import Person
from registry.leavers.actions import leave_now
from registry.policies.actions import Approval, Draft, publish, sign, start_draft
from registry.policies.models import Policy, PolicyVersion
from registry.training.actions import Completed, confirm_training, record_training
from registry.training.models import Course
from registry.vocabulary.permissions import Role
from tests.custody.hall import VALUE, Hall

FEWEST = 8
"""Steps before somebody leaves for good. Which steps there may be depends on this person alone, not on the scene."""


class Scene:
    """What every run of the machine shares; its people are new each time, its days go on."""

    def __init__(self, hall: Hall) -> None:
        self.hall, self.world = hall, hall.world
        hall.settle(daily_reveals=1_000_000, ideal_editors=1_000)
        self.credential: Credential = hall.deposit()
        self.clerk: Person = self.world.person("Cleo Clerk", Role.CLERK)
        self.course: Course = self.world.course(name="A short course", valid_months=2)
        with self.world.house.reading() as session:
            self.policy: Policy = session.query(Policy).one()
            self.versions = session.query(PolicyVersion).all()
        self.numbers = itertools.count(2)

    def publish(self, days: int) -> None:
        """A new version of the policy, in force so many days after the last that was published, or after today."""
        last = max(version.effective_on for version in self.versions)
        day, label = max(last, self.world.today) + timedelta(days=days), str(next(self.numbers))
        with self.world.work(self.clerk) as work:
            draft = start_draft(work, self.policy.id, Draft(label, f"Version {label}."))
            approval = Approval("Full council", "2026/1", day, day + timedelta(days=365))
            self.versions.append(publish(work, draft.id, draft.lock, approval))

    @property
    def in_force(self) -> PolicyVersion:
        """The version that must be signed today."""
        begun = [version for version in self.versions if version.effective_on <= self.world.today]
        return max(begun, key=lambda version: version.effective_on)


class OnePerson(RuleBasedStateMachine):
    """Somebody to whom things happen."""

    scene: ClassVar[Scene]

    @initialize()
    def begins(self) -> None:
        self.person = self.scene.world.person(f"Pat {next(self.scene.numbers)}")
        self.session_id = self.scene.hall.session_of(self.person)
        self.editorship_id: int | None = None
        self.trained: dict[date, date] = {}
        self.signed: dict[int, date] = {}
        self.is_suspended, self.is_gone, self.steps = False, False, 0
        self.is_named()
        self.is_trained(ago=0)
        self.signs(is_early=False)

    def may_look(self) -> bool:
        """The model."""
        today, required = self.scene.world.today, self.scene.in_force
        is_trained = any(until >= today for until in self.trained.values())
        latest = max(self.signed.values(), default=date.min)
        is_in_grace = bool(self.signed) and required.sign_by_on is not None and today <= required.sign_by_on
        is_signed = latest >= required.effective_on or is_in_grace
        return is_trained and is_signed and self.editorship_id is not None and not (self.is_suspended or self.is_gone)

    @invariant()
    def the_gate_agrees(self) -> None:
        hall, self.steps = self.scene.hall, self.steps + 1
        with hall.world.house.reading() as session:
            standing = standing_of(session, hall.account, self.person.id, hall.world.today)
            assert bool(GATE.judge(standing, hall.world.today)) is self.may_look()

    @rule()
    def tries_to_look(self) -> None:
        hall, credential = self.scene.hall, self.scene.credential
        if self.may_look():
            token = hall.ask(credential, self.session_id, self.person)
            assert hall.open(hall.redeem(credential, token, self.session_id, self.person)) == VALUE
        else:
            with pytest.raises(Refused):
                hall.ask(credential, self.session_id, self.person)

    @rule(days=st.sampled_from([1, 2, 14, 15, 62]))
    def time_goes_by(self, days: int) -> None:
        self.scene.world.clock.advance(days=days)

    @rule(days=st.integers(1, 20))
    def a_version_is_published(self, days: int) -> None:
        if self.scene.versions[-1] is self.scene.in_force:
            self.scene.publish(days)

    @precondition(lambda self: not self.is_gone)
    @rule(ago=st.integers(0, 40))
    def is_trained(self, ago: int) -> None:
        day = self.scene.world.day(-ago)
        if day in self.trained:
            return
        with self.scene.world.work(self.scene.clerk) as work:
            record = record_training(work, Completed(self.person.id, self.scene.course.id, day, evidence="Seen"))
            self.trained[day] = confirm_training(work, record.id).expires_on

    @precondition(lambda self: not (self.is_gone or self.is_suspended))
    @rule(is_early=st.booleans())
    def signs(self, is_early: bool) -> None:
        version = self.scene.versions[-1] if is_early else self.scene.in_force
        if version.id in self.signed:
            return
        with self.scene.world.work(self.person) as work:
            sign(work, version.id, version.text_hash)
        self.signed[version.id] = version.effective_on

    @precondition(lambda self: self.editorship_id is None and not self.is_gone)
    @rule()
    def is_named(self) -> None:
        with self.scene.world.work(self.scene.clerk) as work:
            named = name_editor(work, self.scene.hall.area.id, self.person.id)
            work.flush()
            self.editorship_id = named.id

    @precondition(lambda self: self.editorship_id is not None)
    @rule()
    def is_stood_down(self) -> None:
        with self.scene.world.work(self.scene.clerk) as work:
            stand_down(work, self.editorship_id, "No longer")
        self.editorship_id = None

    @precondition(lambda self: not (self.is_suspended or self.is_gone))
    @rule()
    def is_suspended_from_work(self) -> None:
        with self.scene.world.work(self.scene.clerk) as work:
            absence.suspend(work, self.person.id, "An inquiry")
        self.is_suspended = True

    @precondition(lambda self: self.is_suspended)
    @rule()
    def works_again(self) -> None:
        with self.scene.world.work(self.scene.clerk) as work:
            absence.lift_suspension(work, self.person.id)
        self.is_suspended = False

    @precondition(lambda self: self.steps > FEWEST and not self.is_gone)
    @rule()
    def leaves(self) -> None:
        with self.scene.world.work(self.scene.clerk) as work:
            leave_now(work, self.person.id, "https://register.example/leaver")
        self.editorship_id, self.is_gone = None, True


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_custody_opens_exactly_when_the_model_says_so(hall: Hall) -> None:
    OnePerson.scene = Scene(hall)
    few = settings(max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(OnePerson, settings=few)
