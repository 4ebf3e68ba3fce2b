"""Every night the trail is verified and held against the rows; what is found is flagged until it is put right."""

import pytest
import sqlalchemy as sa

from registry.application import make_house
from registry.audit.keys import TrailKeys
from registry.audit.models import Checkpoint, Entry, Finding
from registry.audit.night import night
from registry.audit.queries import find_newest_checkpoint
from registry.audit.replay import Survey, is_first_vouching_due, survey
from registry.core.keyfile import KeyTrouble
from registry.flags.models import Flag
from registry.flags.sweep import sweep
from registry.jobs.schedule import BY_NAME, Unfinished
from registry.outbox.models import Message
from registry.vocabulary.permissions import Role
from tests.audit.attack import as_owner
from tests.world import World


def findings(world: World) -> dict[str, str]:
    with world.house.reading() as session:
        return {row.place: row.kind for row in session.query(Finding).filter_by(council_id=world.council.id)}


def open_flags(world: World) -> list[str]:
    sweep(world.house, only=world.council)
    with world.house.reading() as session:
        query = sa.select(Flag.message).where(Flag.rule == "trail_disagrees", Flag.cleared_at.is_(None))
        return list(session.scalars(query))


def test_a_row_changed_past_the_register_is_flagged_and_healed_when_it_is_put_back(world: World) -> None:
    area = world.area("Waste")
    assert night(world.house) == 0
    assert findings(world) == {}
    as_owner(world, f"UPDATE service_areas SET name = 'Mine' WHERE id = {area.id}")
    night(world.house, world.council)
    place = f"service_areas {area.id}"
    assert findings(world) == {place: "changed past the register"}
    assert open_flags(world) == [f"The trail and the register do not agree: {place} is changed past the register."]
    night(world.house)
    as_owner(world, f"UPDATE service_areas SET name = 'Waste' WHERE id = {area.id}")
    night(world.house)
    assert (findings(world), open_flags(world)) == ({}, [])


def test_a_broken_chain_is_flagged_and_not_signed(world: World) -> None:
    world.area("Waste")
    world.area("Parks")
    as_owner(world, f"UPDATE audit_entries SET act = 'demo.fake' WHERE chain = {world.council.id} AND seq = 1")
    assert night(world.house) == 1
    assert findings(world) == {"entry 1": "altered"}
    as_owner(world, f"DELETE FROM audit_entries WHERE chain = {world.council.id} AND seq = 1")
    night(world.house)
    assert findings(world)["entry 1"] == "missing first"
    as_owner(world, f"UPDATE audit_entries SET hash = 'x', body = 'x' WHERE chain = {world.council.id}")
    night(world.house)
    with world.house.reading() as session:
        assert find_newest_checkpoint(session, world.council.id) is None
        assert find_newest_checkpoint(session, 0) is not None


def test_the_installations_own_chain_broken_is_every_councils_finding_and_fails_the_job(world: World) -> None:
    """Sign-ins, keys and backups stand in it: nobody is its only reader, so everybody's Clerk is told."""
    world.area("Waste")
    other = world.another()
    assert night(world.house) == 0
    as_owner(world, "UPDATE audit_entries SET act = 'demo.fake' WHERE chain = 0 AND seq = 1")
    world.clock.advance(days=1)
    with world.house.reading() as session:
        before, signed = find_newest_checkpoint(session, 0), find_newest_checkpoint(session, other.council.id)
    with pytest.raises(Unfinished, match="1 of the trails"):
        BY_NAME["trail"].run(world.house, None)
    place = "entry 1 of the installation"
    assert findings(world) == findings(other) == {place: "altered"}
    assert open_flags(world) == [f"The trail and the register do not agree: {place} is altered."]
    night(world.house, world.council)  # a night for one council forgets nothing of it
    assert findings(world) == {place: "altered"}
    with world.house.reading() as session:
        after = find_newest_checkpoint(session, 0)
    assert before is not None
    assert after is not None
    assert after.size == before.size  # what is broken is not signed
    with world.house.reading() as session:
        assert find_newest_checkpoint(session, other.council.id).size > signed.size


def test_a_night_repeated_because_it_failed_sends_nobody_a_second_checkpoint(world: World) -> None:
    world.person("Clara Clerk", Role.CLERK)
    for _ in range(3):
        night(world.house)
        world.clock.advance(hours=1)
    with world.house.reading() as session:
        assert session.query(Message).filter(Message.subject.startswith("Checkpoint")).count() == 1


def test_a_chain_that_was_signed_before_its_first_entry_goes_on(world: World) -> None:
    for name in ("Waste", "Parks"):
        assert night(world.house) == 0
        world.clock.advance(days=1)
        world.area(name)
    with world.house.reading() as session:
        assert session.scalars(sa.select(Checkpoint.size).where(Checkpoint.chain == world.council.id)).first() == 0


def test_where_the_night_cannot_sign_the_job_says_so(world: World) -> None:
    world.area("Waste")
    world.house.settings.auth_key_file.rename(world.house.settings.auth_key_file.with_suffix(".away"))
    keyless = make_house(world.house.settings, world.clock)
    try:
        with pytest.raises(KeyTrouble):
            BY_NAME["trail"].run(keyless, None)
    finally:
        keyless.database.engine.dispose()
        world.house.settings.auth_key_file.with_suffix(".away").rename(world.house.settings.auth_key_file)
    assert BY_NAME["trail"].run(world.house, world.another().council) == {}


def test_a_register_begun_before_rows_were_hashed_vouches_for_them_once(world: World) -> None:
    area, keys = world.area("Waste"), TrailKeys.of(world.house)
    as_owner(  # as the first version wrote them
        world,
        "UPDATE audit_entries SET body = replace(replace(body, '\"v\":2', '\"v\":1'), '\"rows\"', '\"former\"')",
    )
    with world.house.reading() as session:
        assert is_first_vouching_due(session)
        assert {0, world.council.id} == set(survey(session, keys).unvouched)
    night(world.house)
    with world.house.reading() as session:
        assert not is_first_vouching_due(session)
        assert survey(session, keys) == Survey()
        assert session.query(Entry).filter_by(act="trail.rows_vouched").count() >= 3
    as_owner(
        world,
        "INSERT INTO service_areas (id, council_id, name, description, lock)"
        f" SELECT {area.id + 900}, council_id, 'Slipped in', '', lock FROM service_areas WHERE id = {area.id}",
    )
    night(world.house)
    assert findings(world)[f"service_areas {area.id + 900}"] == "added past the register"


def test_a_new_column_is_vouched_for_and_no_difference(world: World) -> None:
    world.area("Waste")
    as_owner(world, "UPDATE audit_entries SET body = replace(body, 'service_areas/', 'service_areas/0')")
    with world.house.reading() as session:
        found = survey(session, TrailKeys.of(world.house))
    assert found.differences == []
    assert [table.__tablename__ for table in found.unvouched[world.council.id]] == ["service_areas"]
