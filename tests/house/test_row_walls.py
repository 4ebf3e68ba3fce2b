"""The third wall: on PostgreSQL a row answers only to whoever says where they stand, and nobody who serves may pass."""

from dataclasses import replace
from importlib import import_module

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from registry.accounts.models import Account
from registry.core import migrations
from registry.core.database import Base, Database
from registry.core.settings import WrongSettings
from registry.custody.actions.recovery import make_shares
from registry.identity.models import Person
from registry.policies.models import Policy
from tests.doors.objects import one_of_everything
from tests.world import World

POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
WALLED = import_module("migrations.versions.0011_walls_between_councils")
HERE = "SELECT set_config('app.council_id', '{}', true)"


@pytest.fixture
def other(world: World) -> World:
    """Two councils with an account each."""
    other = world.another()
    for each in (world, other):
        each.account(each.area("Waste"), handle="SameName")
        each.person("Somebody Here")
    return other


def test_every_table_stands_in_the_migrations_list() -> None:
    migrations.import_models()
    listed = [
        *WALLED.OF_COUNCILS, *WALLED.SHARED, *WALLED.CHAINS, *WALLED.OF_PEOPLE, *WALLED.OF_INSTALLATION,
        "people", "councils", "offers",
    ]  # fmt: skip
    assert sorted(listed) == sorted(Base.metadata.tables), "give a later table its policies in its own migration"
    assert {name for name in listed if "council_id" in Base.metadata.tables[name].columns} == {
        *WALLED.OF_COUNCILS, *WALLED.SHARED, "offers",
    }  # fmt: skip


@POSTGRESQL
def test_who_serves_may_not_migrate_and_is_told_who_does(world: World) -> None:
    with world.house.behind.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE alembic_version RENAME TO put_away")
    try:
        with pytest.raises(WrongSettings, match="Name the role that owns it in migrations_url"):
            migrations.upgrade_as_owner(replace(world.house.settings, migrations_url=""))
    finally:  # whoever comes next is given the same database
        with world.house.behind.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE put_away RENAME TO alembic_version")


@POSTGRESQL
def test_every_table_has_its_policies_and_who_serves_may_not_pass(world: World) -> None:
    with world.house.database.engine.connect() as connection:
        query = sa.text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
                        "AND (NOT relrowsecurity OR relname NOT IN (SELECT tablename FROM pg_policies))")  # fmt: skip
        assert connection.execute(query).scalars().all() == ["alembic_version"]
        role = connection.execute(sa.text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"))
        assert role.one() == (False, False)
        owns = sa.text("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert connection.execute(owns).scalar() == 0


@POSTGRESQL
def test_raw_statements_see_what_their_place_shows_and_nothing_without_one(world: World, other: World) -> None:
    def seen(place: str, table: str) -> int:
        with world.house.database.engine.begin() as connection:
            if place:
                connection.exec_driver_sql(HERE.format(place))
            return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0)

    for table in Base.metadata.tables:
        assert seen("", table) == 0
    assert [seen(str(other.council.id), t) for t in ("accounts", "people", "councils")] == [1, 1, 1]
    assert seen("987654", "accounts") == 0
    mine = HERE.format(world.council.id)
    with world.house.database.engine.begin() as connection:
        connection.exec_driver_sql(mine)
        assert connection.exec_driver_sql("UPDATE accounts SET name = 'Ours'").rowcount == 1
    with world.house.database.engine.connect() as connection:
        connection.exec_driver_sql(mine)
        slipped_in = sa.insert(Policy).values(council_id=other.council.id, title="Slipped in", opens_gate=False)
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(slipped_in)


@POSTGRESQL
def test_the_keeper_sees_every_row_so_that_a_backup_is_whole(world: World) -> None:
    one_of_everything(world, "Waste")
    world.has_password(world.person("Ann Example"))

    def rows(database: Database) -> dict[str, int]:
        with database.engine.begin() as connection:
            connection.exec_driver_sql("SELECT set_config('app.reach', 'keeper', true)")
            counted = (sa.select(sa.func.count()).select_from(table) for table in Base.metadata.tables.values())
            return dict(zip(Base.metadata.tables, map(connection.scalar, counted), strict=True))

    assert rows(world.house.database) == rows(world.house.behind)


@POSTGRESQL
@pytest.mark.parametrize("table", ["root_keys", "recovery_sets", "recovery_shares", "recovery_wraps", "installation"])
def test_no_other_council_writes_to_what_one_keeps_for_all(world: World, other: World, table: str) -> None:
    people = [world.person(name).id for name in ("Hal Holder", "Hana Holder")]
    with world.work() as work:
        make_shares(work, world.house.settings, people, 2)

    def writes(place: World) -> None:
        with world.house.database.engine.begin() as connection:
            connection.exec_driver_sql(HERE.format(place.council.id))
            connection.exec_driver_sql(f"UPDATE {table} SET id = id")

    with pytest.raises(ProgrammingError, match="row-level security"):
        writes(other)
    with world.house.database.engine.begin() as connection:
        connection.exec_driver_sql(HERE.format(other.council.id))
        assert connection.exec_driver_sql(f"SELECT id FROM {table} FOR SHARE").all()
        assert connection.exec_driver_sql(f"DELETE FROM {table}").rowcount == 0
    if table == "installation":  # not even the keeper: who keeps is named at the server
        with pytest.raises(ProgrammingError, match="row-level security"):
            writes(world)
    else:
        writes(world)


@POSTGRESQL
def test_a_connection_used_again_after_a_fault_shows_nothing(world: World, other: World) -> None:
    engine = sa.create_engine(world.house.settings.database_url, pool_size=1, max_overflow=0)
    with engine.connect() as connection:
        connection.exec_driver_sql(HERE.format(world.council.id))
        assert connection.execute(sa.select(sa.func.count()).select_from(Account.__table__)).scalar() == 1
        with pytest.raises(ProgrammingError):
            connection.exec_driver_sql("SELECT nonsense")
    with engine.begin() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(Account.__table__)).scalar() == 0
        assert connection.exec_driver_sql("SELECT current_setting('app.council_id', true)").scalar() in ("", None)
    engine.dispose()


@POSTGRESQL
def test_sessions_say_where_they_stand_and_bare_tables_stop_there_too(world: World, other: World) -> None:
    bare = sa.select(Account.__table__.c.council_id)
    with world.house.reading(other.council) as session:
        assert session.execute(bare).scalars().all() == [other.council.id]
        assert {person.email for person in session.scalars(sa.select(Person))} == {"somebody.here@otherham.example"}


@POSTGRESQL
@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entries SET act = ''", "DELETE FROM audit_heads", "DROP TABLE flags"]
)
def test_who_serves_can_neither_change_the_trail_nor_the_tables(world: World, statement: str) -> None:
    with pytest.raises(ProgrammingError), world.house.database.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_an_owner_lets_another_role_serve_and_one_role_alone_goes_on(owned_by: str, database_url: str) -> None:
    database = Database(owned_by or database_url)
    migrations.upgrade(database, application=sa.make_url(database_url).username)
    migrations.upgrade(database)
    migrations.assert_current(database)
    database.engine.dispose()
