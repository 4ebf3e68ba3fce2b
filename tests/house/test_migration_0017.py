"""Of sessions that are open nobody knows who vouched for them: those by a provider end, the others stay."""

import sqlalchemy as sa

from registry.core import migrations
from registry.core.database import Database
from tests.house.old_rows import OldRows


def test_whoever_came_in_by_a_provider_signs_in_once_more(bare: Database) -> None:
    migrations.upgrade(bare, "0016")
    with bare.engine.execution_options(writes=True).begin() as connection:
        rows = OldRows(connection)
        rows.put("people", id=1, email="ann@x.example")
        for number, first in enumerate(("password", "outside"), start=1):
            rows.put("half_sign_ins", id=number, token_hash=first, person_id=1, first_step=first)
            rows.put("sign_in_sessions", id=number, token_hash=first, person_id=1, first_step=first)
    migrations.upgrade(bare, "0017")
    with bare.engine.begin() as connection:
        halves = connection.execute(sa.text("SELECT first_step, provider FROM half_sign_ins")).all()
        open_ones = connection.execute(
            sa.text("SELECT first_step, provider, wrong FROM sign_in_sessions WHERE ended_at IS NULL")
        ).all()
    assert [tuple(row) for row in halves] == [("password", "")]
    assert [tuple(row) for row in open_ones] == [("password", "", 0)]
