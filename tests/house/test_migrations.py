"""Migrations lead both databases, with data in them, to what the models say."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from registry.core import migrations
from registry.core.database import Base, Database
from registry.core.settings import Settings, WrongSettings
from tests.world import World


def test_the_migrated_database_is_what_the_models_say(database_url: str) -> None:
    database = Database(database_url)
    migrations.import_models()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.engine.dispose()


def test_migrating_again_leaves_what_is_there(world: World) -> None:
    area = world.area("Waste")
    migrations.upgrade(world.house.database)
    with world.house.reading() as session:
        assert session.get_one(type(area), area.id).name == "Waste"


def test_a_database_that_is_not_up_to_date_is_refused_with_what_to_do(tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.sqlite'}")
    with pytest.raises(WrongSettings, match="db upgrade"):
        migrations.assert_current(database)
    migrations.upgrade(database, "0001")
    with pytest.raises(WrongSettings, match="db upgrade"):
        migrations.assert_current(database)
    migrations.upgrade(database)
    migrations.assert_current(database)
    database.engine.dispose()


def test_a_database_that_cannot_be_reached_is_refused_with_what_to_check(tmp_path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'register.sqlite'}")
    with pytest.raises(WrongSettings, match="Check database_url"):
        migrations.assert_current(database)
    database.engine.dispose()
    with pytest.raises(WrongSettings, match="Check database_url and migrations_url"):
        migrations.upgrade_as_owner(Settings(instance=tmp_path, database_url=str(database.engine.url)))
