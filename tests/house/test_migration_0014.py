"""What people did about their own sign-in leaves the messages of their first council; who works where stays so."""

import sqlalchemy as sa

from registry.application import migrations
from registry.core.database import Database
from tests.house.old_rows import OldRows

NOTICE = "Social media register: your two-step sign-in was taken off you; set up another at your next sign-in"


def test_notices_about_ones_own_sign_in_are_no_councils_to_read(bare: Database) -> None:
    migrations.upgrade(bare, "0013")
    with bare.engine.execution_options(writes=True).begin() as connection:
        rows = OldRows(connection)
        for council in (1, 2):
            rows.put("councils", id=council, slug=f"c{council}", public_id=bytes([council]) * 16)
            rows.put("people", id=council, email=f"{council}@x.example")
            rows.put("employments", council_id=council, person_id=1, terms="employee")
        rows.put("outbox_messages", council_id=1, dedupe="password:1:2026", subject="Anew")
        rows.put("outbox_messages", id=2, council_id=1, dedupe="factor:1:added", subject="Added")
        rows.put(
            "outbox_messages", id=3, council_id=1, dedupe="link:a", subject="Choose a new password for the register"
        )
        rows.put("outbox_messages", id=4, council_id=1, dedupe="reset:1:done", subject=NOTICE)
        rows.put("outbox_messages", id=5, council_id=1, dedupe="link:b", subject="Set your password for the register")
    migrations.upgrade(bare, "0014")
    with bare.engine.begin() as connection:
        kept = connection.execute(sa.text("SELECT id FROM outbox_messages WHERE council_id = 1")).scalars().all()
        works = connection.execute(sa.text("SELECT council_id FROM employments WHERE person_id = 1")).scalars().all()
        assert connection.execute(sa.text("SELECT count(*) FROM offers")).scalar() == 0
    assert (kept, sorted(works)) == ([5], [1, 2])
