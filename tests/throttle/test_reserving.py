"""Places in lanes: never more than a lane holds, however many try at once; in all lanes or in none."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.audit.models import Entry
from registry.core.errors import Busy, Throttled
from registry.core.house import House
from registry.throttle.lanes import Lane
from registry.throttle.models import Attempt
from registry.throttle.place import Place, reserve
from registry.vocabulary.events import Event
from tests.world import World

MINUTES = timedelta(minutes=5)


def lane(number: int, most: int = 10) -> Lane:
    return Lane(f"lane {number}", f"{number:064x}"[::-1], most, MINUTES)


def tries(house: House, *lanes: Lane) -> bool:
    try:
        reserve(house, "a test", lanes)
    except Throttled:
        return False
    return True


def taken(house: House) -> int:
    with house.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Attempt)) or 0


def test_of_twenty_who_try_at_once_ten_are_compared(world: World) -> None:
    with ThreadPoolExecutor(20) as crowd:
        assert sum(crowd.map(lambda _: tries(world.house, lane(1), lane(2, 100)), range(20))) == 10
    assert taken(world.house) == 20


def test_crowds_that_need_the_same_lanes_in_another_order_do_not_wait_for_one_another(world: World) -> None:
    orders = [(lane(1), lane(2)), (lane(2), lane(1))] * 6
    with ThreadPoolExecutor(12) as crowd:
        assert sum(crowd.map(lambda order: tries(world.house, *order), orders)) == 10


def test_a_full_lane_takes_no_place_in_the_others(world: World) -> None:
    assert tries(world.house, lane(1, 1), lane(2))
    assert not tries(world.house, lane(1, 1), lane(2))
    assert taken(world.house) == 2


def test_the_wait_is_told_to_the_second_and_is_enough(world: World) -> None:
    for _ in range(10):
        assert tries(world.house, lane(1))
        world.clock.advance(seconds=10)
    with pytest.raises(Throttled) as late:
        reserve(world.house, "a test", [lane(1)])
    assert late.value.seconds == 200
    assert late.value.when == "in 4 minutes"
    world.clock.advance(seconds=199)
    assert not tries(world.house, lane(1))
    world.clock.advance(seconds=1)
    assert tries(world.house, lane(1))
    assert not tries(world.house, lane(1))


def test_a_place_given_back_is_free_for_the_next(world: World) -> None:
    place = reserve(world.house, "a test", [lane(1, 1), lane(2)])
    place.free()
    assert taken(world.house) == 0
    assert tries(world.house, lane(1, 1))


@pytest.mark.parametrize(("trouble", "left"), [(Busy, 0), (ValueError, 1), (None, 1)])
def test_only_what_could_not_be_compared_is_given_back_by_itself(
    world: World, trouble: type[Exception] | None, left: int
) -> None:
    def attempt(_place: Place) -> None:
        if trouble:
            raise trouble

    try:
        with reserve(world.house, "a test", [lane(1)]) as place:
            attempt(place)
    except (Busy, ValueError):
        pass
    assert taken(world.house) == left


def test_a_lane_that_fills_is_entered_in_the_trail_once(world: World) -> None:
    for _ in range(14):
        tries(world.house, lane(1))
    with world.house.reading() as session:
        entries = session.scalars(sa.select(Entry).where(Entry.act == Event.LANE_FULL.value)).all()
    detail: dict[str, Any] = json.loads(entries[0].body)["detail"]
    assert len(entries) == 1
    assert detail == {"what": "a test", "lane": "lane 1", "most": 10, "minutes": 5}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pauses=st.lists(st.integers(0, 120), min_size=1, max_size=30))
def test_in_no_five_minutes_are_there_more_than_ten(world: World, pauses: list[int]) -> None:
    """However somebody spreads their guesses: the window slides, no moment lets in twice as many."""
    world.clock.advance(minutes=10)
    compared = []
    for pause in pauses:
        world.clock.advance(seconds=pause)
        if tries(world.house, lane(7)):
            compared.append(world.clock.now())
    assert all(sum(start <= at < start + MINUTES for at in compared) <= 10 for start in compared)
