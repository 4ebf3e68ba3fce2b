"""Rotation due: who worked here goes on working, and of old values no weakness is made up."""

import sqlalchemy as sa

from registry.core import migrations
from registry.core.database import Database
from tests.house.old_rows import OldRows


def test_people_go_on_working_and_values_keep_their_exposures(bare: Database) -> None:
    migrations.upgrade(bare, "0005")
    with bare.engine.execution_options(writes=True).begin() as connection:
        rows = OldRows(connection)
        rows.put("councils", slug="a")
        rows.put("people")
        rows.put("employments", terms="employee")
        rows.put("service_areas")
        rows.put("accounts", state="live", platform="x", risk="normal")
        rows.put("credentials", kind="password")
        rows.put("secret_versions", envelope=b"sealed", fingerprint=b"0" * 32)
        rows.put("exposures", kind="break_glass")
    migrations.upgrade(bare)
    with bare.engine.begin() as connection:
        employment = connection.execute(sa.text("SELECT suspended_on, suspended_why FROM employments")).one()
        assert employment == (None, "")
        version = connection.execute(sa.text("SELECT weaknesses, envelope FROM secret_versions")).one()
        assert (version.weaknesses, bytes(version.envelope)) == ("", b"sealed")
        assert connection.execute(sa.text("SELECT kind FROM exposures")).scalars().all() == ["break_glass"]
        assert not connection.execute(sa.text("SELECT * FROM rotations")).all()
