"""Every night the trail is verified and held against the rows; what is found is flagged until it is put right."""

import pytest
import sqlalchemy as sa

from registry.application import make_house
from registry.audit.keys import TrailKeys
from registry.audit.models import Entry, Finding
from registry.audit.night import night
from registry.audit.queries import find_newest_checkpoint
from registry.audit.replay import is_first_vouching_due, replay, unvouched
from registry.core.keyfile import KeyTrouble
from registry.flags.models import Flag
from registry.flags.sweep import sweep
from registry.jobs.schedule import BY_NAME
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
    night(world.house)
    assert findings(world) == {"entry 1": "altered"}
    as_owner(world, f"DELETE FROM audit_entries WHERE chain = {world.council.id} AND seq = 1")
    night(world.house)
    assert findings(world)["entry 1"] == "missing first"
    as_owner(world, f"UPDATE audit_entries SET hash = 'x', body = 'x' WHERE chain = {world.council.id}")
    night(world.house)
    with world.house.reading() as session:
        assert find_newest_checkpoint(session, world.council.id) is None
        assert find_newest_checkpoint(session, 0) is not None


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
    area = world.area("Waste")
    as_owner(  # as the first version wrote them
        world,
        "UPDATE audit_entries SET body = replace(replace(body, '\"v\":2', '\"v\":1'), '\"rows\"', '\"former\"')",
    )
    with world.house.reading() as session:
        assert is_first_vouching_due(session)
        assert {0, world.council.id} == set(unvouched(session))
    night(world.house)
    with world.house.reading() as session:
        assert not is_first_vouching_due(session)
        assert unvouched(session) == {}
        assert replay(session, TrailKeys.of(world.house)) == []
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
        assert replay(session, TrailKeys.of(world.house)) == []
        assert [table.__tablename__ for table in unvouched(session)[world.council.id]] == ["service_areas"]
