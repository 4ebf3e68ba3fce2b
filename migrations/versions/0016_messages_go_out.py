"""messages go out

From here on messages are sent, where a mail server is named. Each knows when it may be tried next and until when. One
that was written before keeps its five days, so that nobody is sent what is long past.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

PATIENCE = timedelta(days=5)
MESSAGES = sa.table(
    "outbox_messages",
    sa.column("id"),
    sa.column("written_at", sa.DateTime(timezone=True)),
    sa.column("link_until", sa.DateTime(timezone=True)),
    sa.column("next_try_at", sa.DateTime(timezone=True)),
    sa.column("send_by", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Bring the database forward."""
    op.add_column("outbox_messages", sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox_messages", sa.Column("send_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox_messages", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outbox_messages", sa.Column("trouble", sa.String(300), nullable=False, server_default=""))
    connection = op.get_bind()
    known = [
        {"number": row.id, "next_try_at": row.written_at, "send_by": _by(row.written_at, row.link_until)}
        for row in connection.execute(sa.select(MESSAGES))
    ]
    if known:
        connection.execute(sa.update(MESSAGES).where(MESSAGES.c.id == sa.bindparam("number")), known)
    with op.batch_alter_table("outbox_messages") as table:
        table.alter_column("send_by", existing_type=sa.DateTime(timezone=True), nullable=False)
        table.alter_column("tries", existing_type=sa.Integer(), server_default=None)
        table.alter_column("trouble", existing_type=sa.String(300), server_default=None)
        table.create_index(op.f("ix_outbox_messages_next_try_at"), ["next_try_at"])


def _by(written_at: datetime, link_until: datetime | None) -> datetime:
    by = written_at + PATIENCE
    return min(by, link_until or by)


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
