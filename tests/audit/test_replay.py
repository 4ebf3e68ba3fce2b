"""Rows changed, added or removed behind the register's back are found, whichever table they are in."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.accounts.models import Account, ServiceArea
from registry.audit.keys import TrailKeys
from registry.audit.replay import Difference, replay
from registry.audit.rows import governed
from registry.councils.models import Council
from registry.identity.models import Person, RoleGrant
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.audit.attack import as_owner
from tests.world import World

BY_NAME = {table.__tablename__: table for table in governed().values()}


def differences(world: World) -> list[Difference]:
    with world.house.reading() as session:
        return replay(session, TrailKeys.of(world.house))


def kinds(world: World) -> set[tuple[str, str, str]]:
    return {(found.table, found.key, found.kind) for found in differences(world)}


def test_what_went_through_the_register_agrees_with_its_trail(world: World) -> None:
    clerk = world.person("Clara Clerk", Role.CLERK)
    account = world.account(world.area("Waste", clerk))
    world.cleared(world.area("Parks"), "Edith Editor")
    with world.work(clerk) as work:
        work.session.get_one(Account, account.id).public_note = "Ünïcode “quotes” and a 🦆"
        work.record(Event.ACCOUNT_CHANGED, account, fields=["public_note"])
    world.another().joins(clerk, Role.AUDITOR)
    assert differences(world) == []


def test_a_row_changed_in_bulk_by_the_register_is_no_difference(world: World) -> None:
    areas = [world.area(name) for name in ("Waste", "Parks", "Roads")]
    with world.work() as work:
        work.session.execute(sa.update(ServiceArea).where(ServiceArea.name != "Parks").values(description="Changed"))
        work.session.execute(sa.update(ServiceArea), [{"id": areas[1].id, "lock": 1, "description": "By key"}])
        work.record(Event.DEMO_MADE)
    assert differences(world) == []
    with world.work() as work:
        work.session.execute(sa.delete(ServiceArea).where(ServiceArea.id == areas[0].id))
        work.record(Event.DEMO_MADE)
    with world.work() as work:
        work.session.execute(sa.delete(ServiceArea))
        work.record(Event.DEMO_MADE)
    assert differences(world) == []


def test_what_was_added_and_taken_back_in_one_act_never_was(world: World) -> None:
    with world.work() as work:
        area = ServiceArea(council_id=world.council.id, name="Short-lived")
        work.session.add(area)
        work.flush()
        work.session.delete(area)
        with work.session.begin_nested() as part:
            work.session.add(ServiceArea(council_id=world.council.id, name="Taken back"))
            work.flush()
            part.rollback()
        work.record(Event.DEMO_MADE)
    assert differences(world) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE service_areas SET name = 'Mine' WHERE id = {area}",
            ("service_areas", "{area}", "changed past the register"),
        ),
        ("DELETE FROM service_areas WHERE id = {area}", ("service_areas", "{area}", "removed past the register")),
        (
            "INSERT INTO service_areas (id, council_id, name, description, lock)"
            " SELECT id + 900, council_id, 'Slipped in', '', lock FROM service_areas WHERE id = {area}",
            ("service_areas", "{more}", "added past the register"),
        ),
    ],
)
def test_what_went_past_the_register_is_named(world: World, statement: str, found: tuple[str, str, str]) -> None:
    area = world.area("Waste")
    as_owner(world, statement.format(area=area.id))
    named = tuple(part.format(area=area.id, more=area.id + 900) for part in found)
    assert kinds(world) == {named}


def test_a_removed_row_brought_back_is_found(world: World) -> None:
    area, other = world.area("Waste"), world.area("Parks")
    with world.work() as work:
        work.session.delete(work.session.get_one(ServiceArea, area.id))
        work.record(Event.DEMO_MADE)
    as_owner(
        world,
        "INSERT INTO service_areas (id, council_id, name, description, lock)"
        f" SELECT {area.id}, council_id, 'Waste', '', lock FROM service_areas WHERE id = {other.id}",
    )
    assert kinds(world) == {("service_areas", str(area.id), "brought back past the register")}


def test_an_earlier_state_put_back_is_found_though_the_trail_once_told_of_it(world: World, clock) -> None:
    area = world.area("Waste")
    clock.advance(minutes=10)
    with world.work() as work:
        work.session.get_one(ServiceArea, area.id).name = "Refuse"
        work.record(Event.SERVICE_AREA_CHANGED, area, fields=["name"])
    assert differences(world) == []
    as_owner(world, f"UPDATE service_areas SET name = 'Waste' WHERE id = {area.id}")
    assert [found.seq for found in differences(world)] == [2]


def test_a_training_date_moved_and_a_hat_given_in_the_database_are_found(world: World) -> None:
    person = world.person("Edith Editor", Role.COMMS)
    record = world.trained(person)
    as_owner(
        world,
        f"UPDATE training_records SET expires_on = '2030-01-01' WHERE id = {record.id}",
        "UPDATE role_grants SET role = 'clerk'",
        "UPDATE people SET email = 'me@elsewhere.example'",
    )
    with world.house.reading() as session:
        grant = session.scalars(sa.select(RoleGrant.id)).one()
    assert {(found.table, found.key) for found in differences(world)} == {
        ("training_records", str(record.id)),
        ("role_grants", str(grant)),
        ("people", str(person.id)),
    }


def test_works_that_overlap_by_moments_are_no_difference_and_long_overtaken_words_are(world: World, clock) -> None:
    person = world.person("Clara Clerk")
    other = world.another()
    other.joins(person)
    for place, name in ((world, "Clara Clark"), (other, "Clara Clarke")):
        clock.advance(minutes=1)
        with place.work() as work:
            work.session.get_one(Person, person.id).name = name
            work.record(Event.PERSON_CHANGED, fields=["name"])
    as_owner(world, f"UPDATE people SET name = 'Clara Clark' WHERE id = {person.id}")
    assert differences(world) == []
    clock.advance(minutes=10)
    with other.work() as work:
        work.session.get_one(Person, person.id).name = "Clara Klerk"
        work.record(Event.PERSON_CHANGED, fields=["name"])
    as_owner(world, f"UPDATE people SET name = 'Clara Clark' WHERE id = {person.id}")
    assert [found.table for found in differences(world)] == ["people"]


def test_derived_figures_and_flags_are_left_to_the_sweep(world: World) -> None:
    account = world.account(world.area())
    as_owner(world, f"UPDATE accounts SET open_flags = 3, worst_flag = 2 WHERE id = {account.id}")
    assert differences(world) == []
    assert "flags" not in BY_NAME
    assert {"accounts", "people", "training_records", "sign_offs", "credentials", "exposures"} <= set(BY_NAME)


def test_a_council_changed_in_the_database_is_found(world: World) -> None:
    as_owner(world, f"UPDATE councils SET two_steps_exception = {'1' if world.house.database.is_sqlite else 'true'}")
    assert kinds(world) == {("councils", str(world.council.id), "changed past the register")}
    with world.house.reading() as session:
        assert session.get_one(Council, world.council.id).added_at < world.clock.now() + timedelta(days=1)
