"""A value becomes due when somebody who knows it is not eligible any more, and stays due until it is another."""

from datetime import date, timedelta
from itertools import product
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from registry.accounts.models import AccountState
from registry.core.work import Work
from registry.custody.actions.holding import check_in, set_one_holder
from registry.custody.models import Credential, Exposure, ExposureKind, Kind
from registry.editors.actions import stand_down
from registry.editors.models import Editorship
from registry.flags.sweep import sweep
from registry.identity.actions import absence, people
from registry.identity.models import Person, RoleGrant
from registry.rotations.actions import notice
from registry.rotations.models import Cause, Rotation
from registry.rotations.queries import reasons, unnoticed
from registry.rotations.rules import CAUSES, SAFE_WITH, TIME_TO_RENEW
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.custody.hall import SEED, Hall, build, with_password
from tests.flags.looking import change

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
SAFE = SimpleNamespace(
    is_here=True,
    ends_on=None,
    is_at_work=True,
    suspended_on=None,
    is_named=True,
    acts_by_role=False,
    named_until=None,
    trained_until=TODAY - TIME_TO_RENEW,
    signed_until=TODAY,
    keeps_devices=True,
    lost_on=None,
    is_lasting=True,
    last_on=TODAY,
)
FAULTS = (
    ({"is_here": False, "ends_on": TODAY - DAY}, Cause.LEFT, "left on 19 November 2026", TODAY),
    (
        {"is_at_work": False, "suspended_on": TODAY},
        Cause.SUSPENDED,
        "is kept from the accounts since 20",
        TODAY,
    ),
    ({"is_named": False, "named_until": TODAY - 3 * DAY}, Cause.NOT_NAMED, "is no longer an editor", TODAY - 2 * DAY),
    ({"trained_until": TODAY - TIME_TO_RENEW - DAY}, Cause.UNTRAINED, "has not renewed the editor training", TODAY),
    ({"signed_until": TODAY - DAY}, Cause.UNSIGNED, "has not signed the policy in force", TODAY),
    ({"keeps_devices": False, "lost_on": TODAY}, Cause.DEVICE_LOST, "lost a device, as reported on", TODAY),
    ({"is_lasting": False}, Cause.USED_UP, "was given it for one occasion", TODAY),
)


@pytest.mark.parametrize("present", list(product((False, True), repeat=len(FAULTS))))
def test_every_reason_is_told_with_its_first_day_and_no_other(present: tuple[bool, ...]) -> None:
    faults = [fault for fault, is_there in zip(FAULTS, present, strict=True) if is_there]
    known = SimpleNamespace(**{**vars(SAFE), **{name: value for fault in faults for name, value in fault[0].items()}})
    verdict = SAFE_WITH.judge(known, TODAY)
    assert bool(verdict) == (not faults)
    told = [CAUSES[condition] for condition in SAFE_WITH.conditions if not condition.test(known, TODAY)]
    assert [(cause, since(known, TODAY)) for cause, since in told] == [(fault[1], fault[3]) for fault in faults]
    for reason, (_, _, text, _) in zip(verdict, faults, strict=True):
        assert reason.text.startswith(text)
        assert reason.clause


def test_what_has_no_day_of_its_own_is_so_from_today() -> None:
    nobody = SimpleNamespace(**{**vars(SAFE), "is_named": False, "trained_until": date.min, "signed_until": date.min})
    told = {CAUSES[c][0]: CAUSES[c][1](nobody, TODAY) for c in SAFE_WITH.conditions if not c.test(nobody, TODAY)}
    assert told == {Cause.NOT_NAMED: TODAY, Cause.UNTRAINED: TODAY, Cause.UNSIGNED: TODAY}
    assert "has no confirmed editor training any more" in [r.text for r in SAFE_WITH.judge(nobody, TODAY)]


def rotations(hall: Hall) -> list[Rotation]:
    with hall.world.house.reading() as session:
        return list(session.scalars(sa.select(Rotation).order_by(Rotation.id)))


def told(hall: Hall, on: date | None = None) -> list[tuple[int, Cause]]:
    """(person, cause) of everything that is due by the data of a day."""
    with hall.world.house.reading() as session:
        return [(r.person_id, r.cause) for r in reasons(session, hall.world.council.id, on or hall.world.today)]


def left(work: Work, person: Person) -> None:
    people.leave(work, person.id, work.today - timedelta(days=1))


def suspended(work: Work, person: Person) -> None:
    absence.suspend(work, person.id, "An enquiry")


def robbed(work: Work, person: Person) -> None:
    absence.lose_device(work, person.id, "Work phone")


def stood_down(work: Work, person: Person) -> None:
    named = work.session.scalars(sa.select(Editorship).where(Editorship.person_id == person.id)).one()
    stand_down(work, named.id, "Moved to another team")


@pytest.mark.parametrize(
    ("act", "cause"),
    [
        (left, Cause.LEFT),
        (suspended, Cause.SUSPENDED),
        (robbed, Cause.DEVICE_LOST),
        (stood_down, Cause.NOT_NAMED),
    ],
)
def test_the_act_that_ends_a_standing_opens_the_task_in_its_own_transaction(
    hall: Hall, seen: Credential, colleague: Person, act, cause: Cause
) -> None:
    assert not told(hall)
    clerk = hall.world.person("Clara Clerk", Role.CLERK)
    with hall.world.work(clerk) as work:
        act(work, colleague)
    (rotation,) = rotations(hall)
    assert (rotation.credential_id, rotation.person_id, rotation.cause) == (seen.id, colleague.id, cause)
    assert rotation.since_on == hall.world.today
    assert told(hall)[0] == (colleague.id, cause)


def test_a_failed_act_leaves_no_task(hall: Hall, seen: Credential, colleague: Person) -> None:
    def act() -> None:
        with hall.world.work(hall.ann) as work:
            left(work, colleague)
            assert notice(work, work.today)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert not rotations(hall)


def test_ended_roles_make_due_what_the_clerk_really_saw_and_nothing_else(hall: Hall) -> None:
    """test_clerk_leaver_rotation_list: a Clerk may see everything, and has seen one thing."""
    world, clerk = hall.world, with_password(hall.world, hall.world.person("Clara Clerk", Role.CLERK))
    world.trained(clerk)
    world.signed(clerk)
    looked_at, never = hall.deposit(), hall.deposit(Kind.API_TOKEN, "a token of the platform")
    hall.look(looked_at, clerk)
    with world.work(world.person("Cleo Clerk", Role.CLERK)) as work:
        grant = work.session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == clerk.id)).one()
        people.end_role(work, grant.id)
    assert [(r.credential_id, r.cause) for r in rotations(hall)] == [(looked_at.id, Cause.NOT_NAMED)]
    assert never.id not in {r.credential_id for r in rotations(hall)}


def test_codes_given_are_no_exposure_so_nothing_is_due_when_their_reader_leaves(hall: Hall, colleague: Person) -> None:
    seed = hall.deposit(Kind.TOTP, SEED)
    session_id = hall.session_of(colleague)
    hall.redeem(seed, hall.ask(seed, session_id, colleague), session_id, colleague)
    with hall.world.work(hall.ann) as work:
        left(work, colleague)
    assert not rotations(hall)


def test_lapsed_training_makes_due_only_when_it_is_not_renewed_in_time(hall: Hall, seen: Credential) -> None:
    lapses = hall.world.day(200)
    assert not told(hall, lapses + TIME_TO_RENEW)
    assert {cause for _, cause in told(hall, lapses + TIME_TO_RENEW + DAY)} == {Cause.UNTRAINED}


def test_what_time_makes_due_the_sweep_notices_and_training_again_does_not_undo(
    hall: Hall, seen: Credential, colleague: Person
) -> None:
    world = hall.world
    world.clock.advance(days=200 + TIME_TO_RENEW.days + 1)
    with world.house.reading() as session:
        assert session.execute(unnoticed(world.today, lambda column: column == world.council.id)).all()
    assert not sweep(world.house).failed
    (rotation,) = rotations(hall)
    assert (rotation.cause, rotation.since_on) == (Cause.UNTRAINED, world.today)
    for person in (hall.ann, colleague):
        world.trained(person, world.day(300))
    assert not told(hall)
    sweep(world.house)
    assert [r.id for r in rotations(hall)] == [rotation.id]
    assert rotations(hall)[0].closed_at is None


def test_an_occasion_that_is_over_makes_due_whoever_it_was(hall: Hall, seen: Credential) -> None:
    with hall.world.house.reading() as session:
        version_id = session.scalars(sa.select(Exposure.secret_version_id)).first()
    hall.world.add(
        Exposure(
            council_id=hall.world.council.id,
            secret_version_id=version_id,
            person_id=hall.ann.id,
            kind=ExposureKind.BREAK_GLASS,
            first_at=hall.world.clock.now(),
            last_at=hall.world.clock.now(),
        )
    )
    assert told(hall) == [(hall.ann.id, Cause.USED_UP)]


def test_a_look_past_the_broken_glass_and_a_giving_back_open_the_task_at_once(hall: Hall) -> None:
    codes, password = hall.deposit(Kind.RECOVERY_CODES, "wryneck-one\ncode-two"), hall.deposit()
    hall.look(codes, cannot_wait=True)
    assert [(r.credential_id, r.cause) for r in rotations(hall)] == [(codes.id, Cause.USED_UP)]
    with hall.world.work(with_password(hall.world, hall.world.person("Clara Clerk", Role.CLERK))) as work:
        set_one_holder(work, password.id, on=True)
    hall.look(password, hours=1)
    assert len(rotations(hall)) == 1
    with hall.world.work(hall.ann) as work:
        check_in(work, password.id)
    assert {(r.credential_id, r.cause) for r in rotations(hall)} == {
        (codes.id, Cause.USED_UP),
        (password.id, Cause.USED_UP),
    }


def test_a_device_lost_before_the_value_was_seen_does_not_matter(hall: Hall, colleague: Person) -> None:
    with hall.world.work(hall.ann) as work:
        absence.lose_device(work, hall.ann.id, "Phone")
    hall.world.clock.advance(minutes=1)
    hall.deposit()
    assert not told(hall)


def test_an_account_that_ended_or_moved_to_other_editors(hall: Hall, seen: Credential, colleague: Person) -> None:
    parks = hall.world.area("Parks")
    change(hall.world, hall.account, service_area_id=parks.id)
    assert set(told(hall)) == {(hall.ann.id, Cause.NOT_NAMED), (colleague.id, Cause.NOT_NAMED)}
    change(hall.world, hall.account, state=AccountState.CLOSED, ended_on=hall.world.today)
    assert not told(hall)


def test_an_old_value_is_nobodys_concern(hall: Hall, seen: Credential, colleague: Person) -> None:
    hall.replace(seen, "quite another value 81")
    with hall.world.work(hall.ann) as work:
        left(work, colleague)
    assert not rotations(hall)


def test_other_councils_are_left_alone(hall: Hall, seen: Credential, colleague: Person) -> None:
    other = build(hall.world.another(), "ExampleElse", "Olu Example")
    other.deposit()
    with hall.world.work(hall.ann) as work:
        left(work, colleague)
    assert {r.council_id for r in rotations(hall)} == {hall.world.council.id}
    assert not told(other)


def test_asking_costs_one_statement_however_many_know_how_much(hall: Hall, seen: Credential, colleague: Person) -> None:
    def count() -> int:
        with hall.world.house.reading() as session, statements(hall.world.house) as sent:
            reasons(session, hall.world.council.id, hall.world.today)
        return len(sent)

    before = count()
    for index in range(4):
        hall.deposit(Kind.API_TOKEN, f"token number {index}", label=str(index))
    with hall.world.work(hall.ann) as work:
        left(work, colleague)
    assert count() == before
