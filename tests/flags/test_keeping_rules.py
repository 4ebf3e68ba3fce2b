"""What is flagged of what keeps the register itself safe: checkpoints of the trail, and recovery shares."""

from datetime import timedelta

from registry.audit.actions import make_checkpoint
from registry.audit.keys import TrailKeys
from registry.custody.key_queries import find_root_key
from registry.custody.models_keys import RecoverySet, RecoveryShare
from registry.flags.queries import open_flags_for
from registry.flags.rules import keys
from registry.identity.actions import people
from registry.identity.models import Person
from registry.vocabulary.permissions import Role
from tests.councils.test_keeping import nobody_keeps
from tests.flags.looking import begins, change, found
from tests.world import World


def signed(world: World) -> None:
    with world.work() as work:
        make_checkpoint(work, TrailKeys.of(world.house))


def test_entries_that_no_checkpoint_covers_are_flagged_after_two_days(world: World) -> None:
    other = world.another()
    world.area("Waste")
    flag = begins(world, "checkpoint_missing", world.day(3))
    assert flag.message == "No checkpoint was signed of what the trail tells since 20 November 2026."
    assert flag.since_on == world.day(3)
    with world.house.reading() as session:
        for role, told in ((Role.CLERK, 1), (Role.AUDITOR, 1), (Role.COMMS, 0)):
            assert len(open_flags_for(session, world.council.id, 1, frozenset({role}), world.day(3))) == told
    signed(world)
    assert not found(world, "checkpoint_missing", world.day(2))
    world.clock.advance(days=9)
    signed(world)
    assert not found(world, "checkpoint_missing")
    assert not found(other, "checkpoint_missing")


def shares(world: World, *holders: Person) -> RecoverySet:
    now = world.clock.now()
    with world.house.reading() as session:
        root = find_root_key(session)
    made = world.add(
        RecoverySet(root_key_id=root.id, mark="a1b2c3", needed=2, made_at=now - timedelta(days=1), confirmed_at=now)
    )
    for number, holder in enumerate(holders, 1):
        world.add(RecoveryShare(set_id=made.id, number=number, person_id=holder.id, proof=bytes(32), confirmed_at=now))
    return made


def test_a_holder_of_a_share_who_left_is_flagged_until_new_shares_count(world: World) -> None:
    clerk, holder = world.person("Clara Clerk", Role.CLERK), world.person("Hal Holder")
    made = shares(world, clerk, holder)
    with world.work(clerk) as work:
        people.leave(work, holder.id, world.day(5))
    flag = begins(world, "share_holder_left", world.day(6))
    assert flag.message == "Hal Holder left on 25 November 2026 and still holds a recovery share of the root key."
    assert flag.person_id == holder.id
    change(world, made, retired_at=world.clock.now())
    assert not found(world, "share_holder_left", world.day(6))


def test_only_the_council_that_keeps_the_keys_is_told_of_shares_until_nobody_is_named(world: World) -> None:
    clerk, holder, other = world.person("Clara Clerk", Role.CLERK), world.person("Hal Holder"), world.another()
    other.joins(holder)
    shares(world, clerk, holder)
    with other.work() as work:
        people.leave(work, holder.id, world.day(5))
    assert not found(other, "share_holder_left", world.day(6))
    assert not found(world, "share_holder_left", world.day(6))
    nobody_keeps(world)
    assert found(other, "share_holder_left", world.day(6))


def test_shares_that_nobody_rehearsed_for_a_year_are_flagged_once_where_they_are_kept(world: World) -> None:
    made = shares(world, world.person("Clara Clerk", Role.CLERK), world.person("Hal Holder"))
    other = world.another()
    last = world.day(-1) + keys.REHEARSED_FOR
    assert "since 19 November 2026" in begins(world, "shares_not_rehearsed", last + timedelta(days=1)).message
    assert not found(other, "shares_not_rehearsed", last + timedelta(days=1))
    change(world, made, rehearsed_at=world.clock.now())
    assert not found(world, "shares_not_rehearsed", last + timedelta(days=1))
