"""Strangers at the door: attempts are counted anew, people and their sessions stay."""

import sqlalchemy as sa

from registry.core import migrations
from registry.core.database import Database
from tests.house.old_rows import OldRows


def test_people_stay_and_attempts_are_counted_anew(bare: Database) -> None:
    migrations.upgrade(bare, "0003")
    with bare.engine.execution_options(writes=True).begin() as connection:
        rows = OldRows(connection)
        rows.put("people", password_hash="kept")
        rows.put("sign_in_sessions")
        rows.put("sign_in_attempts")
    migrations.upgrade(bare, "0004")
    with bare.engine.begin() as connection:
        assert connection.execute(sa.text("SELECT password_hash FROM people")).scalar() == "kept"
        assert connection.execute(sa.text("SELECT count(*) FROM sign_in_sessions")).scalar() == 1
        assert "sign_in_attempts" not in sa.inspect(connection).get_table_names()
        for table in ("attempts", "known_devices", "outside_identities", "outside_answers"):
            assert connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar() == 0
