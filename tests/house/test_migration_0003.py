"""Two-step sign-in: people and their trail stay; every open session ends, since it was begun with a password only."""

import sqlalchemy as sa

from registry.core import migrations
from registry.core.database import Database
from tests.house.old_rows import MOMENT, OldRows


def test_people_stay_and_sign_in_anew(bare: Database) -> None:
    migrations.upgrade(bare, "0002")
    with bare.engine.execution_options(writes=True).begin() as connection:
        rows = OldRows(connection)
        rows.put("councils")
        rows.put("people", password_hash="kept")
        rows.put("employments", terms="employee")
        rows.put("sign_in_sessions", id=1, token_hash="open", ended_why="")
        rows.put("sign_in_sessions", id=2, token_hash="over", ended_at=MOMENT, ended_why="signed out")
    migrations.upgrade(bare, "0003")
    with bare.engine.begin() as connection:
        ended = connection.execute(
            sa.text("SELECT ended_why, first_step, by_passkey FROM sign_in_sessions ORDER BY id")
        )
        assert ended.all() == [("two-step sign-in began", "password", False), ("signed out", "password", False)]
        assert not connection.execute(sa.text("SELECT 1 FROM sign_in_sessions WHERE ended_at IS NULL")).all()
        assert connection.execute(sa.text("SELECT password_hash FROM people")).scalar() == "kept"
        assert connection.execute(sa.text("SELECT passkey_roles FROM councils")).scalar() in ("[]", [])
        for table in ("factors", "recovery_codes", "half_sign_ins", "factor_resets"):
            assert connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar() == 0
