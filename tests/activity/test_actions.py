"""Recording activity: one day once, the last day kept right, wrong records withdrawn."""

from datetime import date

import pytest
from sqlalchemy import select

from registry.accounts.models import Account, AccountState
from registry.activity import actions
from registry.activity.models import Observation, Source
from registry.audit.models import Entry
from registry.core.errors import Invalid, NotFound, Refused
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.world import World


def last_posted(world: World, account: Account) -> date | None:
    with world.house.reading() as session:
        return session.get_one(Account, account.id).last_posted_on


def acts_in_trail(world: World, account: Account) -> list[str]:
    query = select(Entry.act).where(Entry.chain == world.council.id, Entry.account_id == account.id)
    with world.house.reading() as session:
        return [act for act in session.scalars(query.order_by(Entry.seq)) if act.startswith("activity")]


def test_an_untrained_named_editor_records_activity(world: World) -> None:
    area = world.area()
    account, editor = world.account(area), world.person("Ann Example")
    world.editor(area, editor)
    with world.work(editor) as work:
        observation = actions.observe(work, account.id, world.day(-1), 3)
    assert (observation.source, observation.posts, observation.recorded_by) == (Source.SAID, 3, editor.id)
    assert last_posted(world, account) == world.day(-1)
    assert acts_in_trail(world, account) == [Event.ACTIVITY_OBSERVED]


def test_the_areas_manager_records_activity_and_another_manager_does_not(world: World) -> None:
    manager, stranger = world.person("Mo Example", Role.MANAGER), world.person("Sam Example", Role.MANAGER)
    account = world.account(world.area(manager=manager))
    with world.work(manager) as work:
        actions.observe(work, account.id, world.today)
    with pytest.raises(Refused, match="named editors"), world.work(stranger) as work:
        actions.observe(work, account.id, world.day(-1))


def test_a_day_is_on_record_once_however_often_it_is_said(world: World) -> None:
    account, comms = world.account(world.area()), world.person("Comms", Role.COMMS)
    for posts in (2, 5):
        with world.work(comms) as work:
            assert actions.observe(work, account.id, world.today, posts).posts == 2
    assert acts_in_trail(world, account) == [Event.ACTIVITY_OBSERVED]


def test_an_earlier_day_leaves_the_last_day_alone(world: World) -> None:
    account, comms = world.account(world.area()), world.person("Comms", Role.COMMS)
    for days in (-2, -9):
        with world.work(comms) as work:
            actions.observe(work, account.id, world.day(days))
    assert last_posted(world, account) == world.day(-2)


@pytest.mark.parametrize("days", [1, -371])
def test_a_day_that_cannot_be_is_refused_at_its_field(world: World, days: int) -> None:
    account, comms = world.account(world.area()), world.person("Comms", Role.COMMS)
    with pytest.raises(Invalid) as fault, world.work(comms) as work:
        actions.observe(work, account.id, world.day(days))
    assert fault.value.field == "posted_on"
    assert last_posted(world, account) is None


def test_recording_does_not_get_in_the_way_of_changing_the_account(world: World) -> None:
    account, comms = world.account(world.area()), world.person("Comms", Role.COMMS)
    with world.work(comms) as work:
        actions.observe(work, account.id, world.today)
    with world.house.reading() as session:
        assert session.get_one(Account, account.id).version == account.version


def test_nothing_is_recorded_of_a_closed_account_or_one_of_another_council(world: World) -> None:
    comms = world.person("Comms", Role.COMMS)
    closed = world.account(world.area(), state=AccountState.CLOSED)
    with pytest.raises(Refused, match="not in use"), world.work(comms) as work:
        actions.observe(work, closed.id, world.today)
    other = world.another()
    foreign = other.account(other.area())
    with pytest.raises(NotFound), world.work(comms) as work:
        actions.observe(work, foreign.id, other.today)


def test_withdrawing_brings_back_the_day_before(world: World) -> None:
    area = world.area()
    account, editor = world.account(area), world.person("Ann Example")
    world.editor(area, editor)
    with world.work(editor) as work:
        first = actions.observe(work, account.id, world.day(-5))
        second = actions.observe(work, account.id, world.today)
    with world.work(editor) as work:
        actions.withdraw(work, second.id)
    assert last_posted(world, account) == world.day(-5)
    with world.work(world.person("Clerk", Role.CLERK)) as work:
        actions.withdraw(work, first.id)
    assert last_posted(world, account) is None
    assert acts_in_trail(world, account)[2:] == [Event.ACTIVITY_WITHDRAWN] * 2


def test_another_editor_does_not_withdraw_somebodys_record(world: World) -> None:
    area = world.area()
    account, ann, bob = world.account(area), world.person("Ann Example"), world.person("Bob Example")
    for person in (ann, bob):
        world.editor(area, person)
    with world.work(ann) as work:
        observation = actions.observe(work, account.id, world.today)
    with pytest.raises(Refused, match="whoever made this record"), world.work(bob) as work:
        actions.withdraw(work, observation.id)
    with pytest.raises(NotFound), world.work(bob) as work:
        actions.withdraw(work, observation.id + 1)


def test_a_file_is_taken_whole_and_known_days_stay_as_they_are(world: World) -> None:
    account, comms = world.account(world.area()), world.person("Comms", Role.COMMS)
    with world.work(comms) as work:
        actions.observe(work, account.id, world.day(-3), 9)
    days = {world.day(-3): 1, world.day(-2): 4, world.day(-40): 2}
    with world.work(comms) as work:
        assert actions.import_days(work, account.id, days, "posts.csv") == 2
    with world.work(comms) as work:
        assert actions.import_days(work, account.id, days, "posts.csv") == 0
        assert actions.import_days(work, account.id, {}, "empty.csv") == 0
    with world.house.reading() as session:
        kept = {o.posted_on: (o.posts, o.source) for o in session.scalars(select(Observation))}
    assert kept == {
        world.day(-3): (9, Source.SAID),
        world.day(-2): (4, Source.IMPORTED),
        world.day(-40): (2, Source.IMPORTED),
    }
    assert last_posted(world, account) == world.day(-2)
    assert acts_in_trail(world, account) == [Event.ACTIVITY_OBSERVED, Event.ACTIVITY_IMPORTED]


def test_one_impossible_day_keeps_the_whole_file_out(world: World) -> None:
    account, comms = world.account(world.area()), world.person("Comms", Role.COMMS)
    with pytest.raises(Invalid, match="future"), world.work(comms) as work:
        actions.import_days(work, account.id, {world.today: 1, world.day(1): 1}, "posts.csv")
    assert last_posted(world, account) is None
