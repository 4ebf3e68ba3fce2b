"""Rows that were there before learn that they are in their first version."""

import sqlalchemy as sa

from registry.core import migrations
from registry.core.database import Database
from tests.house.old_rows import OldRows


def test_a_service_area_from_before_counts_its_versions_from_one(bare: Database) -> None:
    migrations.upgrade(bare, "0002")
    with bare.engine.execution_options(writes=True).begin() as connection:
        rows = OldRows(connection)
        rows.put("councils")
        rows.put("service_areas", name="Waste")
    migrations.upgrade(bare)
    with bare.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT name, lock FROM service_areas")).all() == [("Waste", 1)]
