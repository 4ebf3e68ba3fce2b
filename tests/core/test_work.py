"""One act, one transaction, one entry: what work promises, on both databases."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from registry.accounts.models import ServiceArea
from registry.core.clock import FixedClock, SystemClock, day_in
from registry.core.database import UtcDateTime
from registry.core.errors import Conflict
from registry.core.work import NOTHING, Subject, as_subject
from registry.councils.models import Council
from registry.policies.models import Policy
from registry.vocabulary.events import Event
from tests.world import World


def test_a_day_is_a_day_in_the_councils_time_zone() -> None:
    midnight_in_summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert day_in("Europe/London", midnight_in_summer) == date(2026, 7, 2)
    assert day_in("UTC", midnight_in_summer) == date(2026, 7, 1)


def test_the_machines_clock_tells_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
    clock = FixedClock(datetime(2026, 7, 1, tzinfo=UTC))
    clock.advance(days=2)
    assert clock.now() == datetime(2026, 7, 3, tzinfo=UTC)


def test_a_moment_without_a_zone_is_refused_and_none_stays_none() -> None:
    kind = UtcDateTime()
    with pytest.raises(ValueError, match="time zone"):
        kind.process_bind_param(datetime(2026, 7, 1), None)  # type: ignore[arg-type]  # noqa: DTZ001
    assert kind.process_bind_param(None, None) is None  # type: ignore[arg-type]
    assert kind.process_result_value(None, None) is None  # type: ignore[arg-type]


def test_work_outside_any_council_or_by_nobody_says_so(world: World) -> None:
    with world.house.work(None, None, "test") as work:
        with pytest.raises(LookupError, match="no council"):
            _ = work.council
        with pytest.raises(LookupError, match="nobody's"):
            _ = work.actor


def test_two_people_changing_one_row_at_once_one_wins_and_the_other_is_told(world: World) -> None:
    with world.work() as first:
        council = first.session.get_one(Council, world.council.id)
        council.grace_days = 3
        first.record(Event.COUNCIL_SETTINGS_CHANGED, Subject("Council", council.id), fields=["grace_days"])
        stale = sa.update(Council).where(Council.id == council.id).values(version=council.version)
    assert stale is not None

    def second() -> None:
        with world.work() as work:
            council = work.session.get_one(Council, world.council.id)
            work.session.execute(sa.text("UPDATE councils SET version = version + 1"))
            council.grace_days = 4
            work.record(Event.COUNCIL_SETTINGS_CHANGED, Subject("Council", council.id), fields=["grace_days"])

    with pytest.raises(Conflict, match="Somebody else changed this"):
        second()


def test_entering_the_same_thing_twice_is_a_conflict_and_a_fault_stays_a_fault(world: World) -> None:
    world.area("Waste")
    with pytest.raises(Conflict, match="just entered the same thing"):
        world.area("Waste")
    with pytest.raises(IntegrityError):
        world.add(ServiceArea(council_id=world.council.id, name="Nowhere", manager_id=999))


def test_another_councils_parent_is_refused_by_the_database_itself(world: World) -> None:
    other = world.another()
    area = world.area("Waste")
    with pytest.raises(IntegrityError):
        other.account(area)


def test_the_subject_of_an_act_names_the_account_concerned(world: World) -> None:
    account = world.account(world.area())
    policy = Policy(id=7, council_id=1, title="x")
    assert as_subject(account) == Subject("Account", account.id, account.id)
    assert as_subject(policy) == Subject("Policy", 7, None)
    assert as_subject(NOTHING) is NOTHING
