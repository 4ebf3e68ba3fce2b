"""Links leave the messages in which they stood readable, and open nothing any more; the rest stays as it was."""

import sqlalchemy as sa

from registry.core import migrations
from registry.core.database import Database
from tests.house.old_rows import OldRows

READABLE = "Hello Ann,\n\nchoose your password here:\n\nhttps://register.example/new-password/t0ken\n\nIt works once.\n"


def test_readable_links_go_and_open_nothing_any_more(bare: Database) -> None:
    migrations.upgrade(bare, "0014")
    with bare.engine.execution_options(writes=True).begin() as connection:
        rows = OldRows(connection)
        rows.put("people")
        rows.put("outbox_messages", id=1, dedupe="link:" + "a" * 64, body=READABLE)
        rows.put("outbox_messages", id=2, dedupe="notice", body="See https://register.example/c/a/people/1")
        rows.put("password_links", id=1, token_hash="a" * 64, purpose="set_up", used_at=None)
        rows.put("password_links", id=2, token_hash="b" * 64, purpose="set_up", used_at=None)  # handed over by hand
    migrations.upgrade(bare)
    with bare.engine.begin() as connection:
        messages = connection.execute(sa.text("SELECT body, sealed_link FROM outbox_messages ORDER BY id")).all()
        links = connection.execute(sa.text("SELECT id FROM password_links")).scalars().all()
    place = "[the link, for its reader alone]"
    assert messages == [
        (READABLE.replace("https://register.example/new-password/t0ken", place), None),
        ("See https://register.example/c/a/people/1", None),
    ]
    assert links == [2]
