"""With no room left on the disk (F12), what matters most is refused whole: approving, seeing a value, sweeping."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from registry.accounts.models import Account
from registry.audit.chain import verify
from registry.audit.models import Entry
from registry.custody.models import RevealGrant
from registry.flags.models import Flag
from registry.flags.sweep import sweep
from registry.jobs.schedule import BY_NAME, Unfinished
from registry.requests.models import RequestState
from registry.vocabulary.events import Event
from tests.crash.test_faults import full
from tests.custody.hall import VALUE, build
from tests.requests.asking import Asking
from tests.upkeep.test_drill import ON_SQLITE
from tests.world import World

FULL = pytest.raises(sa.exc.OperationalError, match="full")


@contextmanager
def no_room(world: World) -> Iterator[None]:
    """A disk that is full to its last page: not one entry of the trail goes on it any more."""
    with full(world.house):
        with FULL:
            while True:
                with world.work() as work:
                    work.record(Event.DEMO_MADE)
        before = rows(world)
        yield
        assert rows(world) == before


def rows(world: World) -> dict[str, int]:
    """How many there are of whatever an act here would add; and the trail is whole."""
    with world.house.reading() as session:
        assert verify(session, world.council.id).broken is None
        return {kind.__name__: session.query(kind).count() for kind in (Entry, Account, Flag)}


@ON_SQLITE
def test_an_approval_is_taken_whole_or_not_at_all(world: World) -> None:
    asking = Asking(world)
    request = asking.submitted()
    for person in (asking.manager, asking.comms):
        asking.decide(person, request)
    with no_room(world), FULL:
        asking.decide(asking.team, request)
    assert asking.now(request).state is RequestState.SUBMITTED
    asking.decide(asking.team, request)
    assert asking.now(request).state is RequestState.APPROVED


@ON_SQLITE
def test_no_value_is_seen_that_nobody_can_be_told_of(world: World) -> None:
    hall = build(world)
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    token, known = hall.ask(credential, session_id), hall.exposures(credential)
    with no_room(world), FULL:
        hall.redeem(credential, token, session_id)
    assert hall.exposures(credential) == known
    with world.house.reading() as session:
        assert session.query(RevealGrant).one().used_at is None
    assert hall.open(hall.redeem(credential, token, session_id)) == VALUE


@ON_SQLITE
def test_a_sweep_raises_all_of_a_councils_flags_or_none_and_the_job_says_so(world: World) -> None:
    area = world.area("Waste")
    world.account(area)
    with no_room(world), pytest.raises(Unfinished):
        BY_NAME["sweep"].run(world.house, None)
    assert rows(world)["Flag"] == 0
    assert sweep(world.house).failed == []
    assert rows(world)["Flag"] > 0
