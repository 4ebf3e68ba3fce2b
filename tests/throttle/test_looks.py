"""Looking at public pages: generous, by network, forgotten within a minute."""

from datetime import UTC, datetime, timedelta

import pytest

from registry.core.errors import Throttled
from registry.throttle.looks import Looks

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def test_a_network_that_looks_too_often_waits_out_the_minute_and_no_other_does() -> None:
    looks = Looks(most=3)
    for _ in range(3):
        looks.look("192.0.2.1", NOW)
    with pytest.raises(Throttled) as late:
        looks.look("192.0.2.1", NOW + timedelta(seconds=20))
    assert late.value.seconds == 40
    looks.look("192.0.2.2", NOW)
    looks.look("192.0.2.1", NOW + timedelta(seconds=60))


def test_it_remembers_no_more_networks_than_it_has_room_for() -> None:
    looks = Looks(most=1, networks=2)
    for network in ("a", "b", "c", "a"):
        looks.look(network, NOW)
    with pytest.raises(Throttled):
        looks.look("c", NOW)
