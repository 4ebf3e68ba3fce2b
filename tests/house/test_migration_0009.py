"""Rows that were there before learn that they are in their first version."""

from pathlib import Path

import sqlalchemy as sa

from registry.core import migrations
from registry.core.database import Database

COUNCIL = (
    "INSERT INTO councils (public_id, slug, name, website, contact, time_zone, titles, chain, own_request_exception, "
    "two_steps_exception, exception_minute, ideal_editors, default_cadence_days, review_days, grace_days, "
    "training_confirmed, brand_colour, link_colour, version, added_at) VALUES (randomblob(16), 'a', 'A', '', '', "
    "'UTC', "
    "'{}', '[]', 0, 0, '', 2, 14, '{}', 14, 1, '#000000', '#000000', 1, '2026-01-01')"
)


def test_a_service_area_from_before_counts_its_versions_from_one(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/register.sqlite")
    migrations.upgrade(database, "0002")
    with database.engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql(COUNCIL)
        connection.exec_driver_sql("INSERT INTO service_areas (council_id, name, description) VALUES (1, 'Waste', '')")
    migrations.upgrade(database)
    with database.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT name, lock FROM service_areas")).all() == [("Waste", 1)]
    database.engine.dispose()
