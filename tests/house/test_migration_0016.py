"""Messages that waited while nothing sent them keep the days that they had, and those with links the links' time."""

from datetime import datetime

import sqlalchemy as sa

from registry.core import migrations
from registry.core.database import Database
from tests.house.old_rows import OldRows

WRITTEN = datetime(2026, 11, 1, 10)  # noqa: DTZ001 (as SQLite keeps it)


def test_what_waits_knows_from_when_and_until_when_it_may_be_sent(bare: Database) -> None:
    migrations.upgrade(bare, "0015")
    with bare.engine.execution_options(writes=True).begin() as connection:
        rows = OldRows(connection)
        facts = {"written_at": WRITTEN, "sent_at": None}
        rows.put("outbox_messages", id=1, dedupe="notice", link_until=None, **facts)
        rows.put("outbox_messages", id=2, dedupe="short link", link_until=WRITTEN.replace(hour=11), **facts)
        rows.put("outbox_messages", id=3, dedupe="long link", link_until=WRITTEN.replace(day=20), **facts)
    migrations.upgrade(bare)
    query = sa.text("SELECT next_try_at, send_by, tries, trouble FROM outbox_messages ORDER BY id")
    with bare.engine.begin() as connection:
        found = connection.execute(query).all()
    by = [WRITTEN.replace(day=6), WRITTEN.replace(hour=11), WRITTEN.replace(day=6)]
    assert [_plain(row) for row in found] == [(str(WRITTEN), str(until), 0, "") for until in by]


def _plain(row: sa.Row[tuple[object, object, int, str]]) -> tuple[str, str, int, str]:
    return str(row[0])[:19], str(row[1])[:19], row[2], row[3]
