"""Putting a finding aside: who may, how long, and the way back."""

from datetime import timedelta
from itertools import product

import pytest

from registry.core.errors import Invalid, NotFound, Refused
from registry.flags.acknowledging import MAY_ACKNOWLEDGE, Reach
from registry.flags.actions import acknowledge, end_acknowledgement
from registry.flags.models import Flag
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.flags.looking import found
from tests.flags.test_sweep import acts
from tests.world import World


@pytest.mark.parametrize(("keeps", "manages"), list(product((True, False), repeat=2)))
def test_only_who_keeps_the_register_or_manages_the_area_may_acknowledge(keeps: bool, manages: bool) -> None:
    verdict = MAY_ACKNOWLEDGE.judge(Reach(keeps, manages), None)  # type: ignore[arg-type]
    assert bool(verdict) == (keeps or manages)


def _neglected(world: World, cadence: int = 20) -> Flag:
    manager = world.person("Max Manager", Role.MANAGER)
    world.account(world.area(manager=manager), last_posted_on=world.day(-50), cadence_days=cadence)
    (flag,) = found(world, "neglected")
    return flag


@pytest.mark.parametrize(("cadence", "longest"), [(20, 90), (10, 14)])
def test_a_flag_can_wait_ninety_days_and_a_breach_fourteen(world: World, cadence: int, longest: int) -> None:
    clerk, flag = world.person("Cleo Clerk", Role.CLERK), _neglected(world, cadence)
    with world.work(clerk) as work:
        assert acknowledge(work, flag.id, world.day(longest), "Waiting").acknowledged_by == clerk.id
    for day in (longest + 1, -1):
        with pytest.raises(Invalid), world.work(clerk) as work:
            acknowledge(work, flag.id, world.day(day), "Waiting")
    (entry,) = acts(world, Event.FLAG_ACKNOWLEDGED)
    assert entry["detail"]["until"] == world.day(longest).isoformat()


def test_a_manager_acknowledges_for_their_own_area_only(world: World) -> None:
    flag = _neglected(world)
    other = world.person("Mia Manager", Role.MANAGER)
    world.area("Parks", manager=other)
    with pytest.raises(Refused, match="service areas you manage"), world.work(other) as work:
        acknowledge(work, flag.id, world.day(3), "Waiting")
    with world.house.reading() as session:
        from registry.identity.queries import find_person_by_email

        own = find_person_by_email(session, f"max.manager@{world.council.slug}.example")
    with world.work(own) as work:
        acknowledge(work, flag.id, world.day(3), "Waiting")


def test_a_manager_acknowledges_what_is_about_people_named_for_their_area(world: World) -> None:
    manager, person = world.person("Max Manager", Role.MANAGER), world.person("Ann Example")
    world.editor(world.area(manager=manager), person)
    (flag,) = found(world, "never_trained")
    with world.work(manager) as work:
        acknowledge(work, flag.id, world.day(3), "The course is on Monday")
    stranger = world.person("Mia Manager", Role.MANAGER)
    with pytest.raises(Refused), world.work(stranger) as work:
        end_acknowledgement(work, flag.id)


def test_an_acknowledgement_ends_once_and_is_entered_once(world: World) -> None:
    clerk, flag = world.person("Cleo Clerk", Role.COMMS), _neglected(world)
    with world.work(clerk) as work:
        acknowledge(work, flag.id, world.day(3), "Waiting")
    for _ in range(2):
        with world.work(clerk) as work:
            end_acknowledgement(work, flag.id)
    assert len(acts(world, Event.FLAG_ACKNOWLEDGEMENT_ENDED)) == 1


def test_a_flag_that_healed_or_is_another_councils_is_not_there(world: World) -> None:
    clerk, other = world.person("Cleo Clerk", Role.CLERK), world.another()
    flag = _neglected(other)
    with pytest.raises(NotFound), world.work(clerk) as work:
        acknowledge(work, flag.id, world.day(1), "Mine?")
    mine = _neglected(world)
    world.clock.moment -= timedelta(days=40)
    found(world, "neglected")
    with pytest.raises(NotFound), world.work(clerk) as work:
        acknowledge(work, mine.id, world.today, "Too late")
