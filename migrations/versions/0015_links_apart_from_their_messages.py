"""links apart from their messages

A link that lets somebody in stood readable in its message, and so in every copy of the database. From here on it is
sealed beside it. Nobody was ever shown or sent the ones that are there: their place stays, the links themselves go.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

LINK = re.compile(r"https?://\S+")
PLACE = "[the link, for its reader alone]"
MESSAGES = sa.table("outbox_messages", sa.column("id"), sa.column("body"), sa.column("dedupe"))


def upgrade() -> None:
    """Bring the database forward. Whoever waits for a link is made a new one (`people link`)."""
    op.add_column("outbox_messages", sa.Column("sealed_link", sa.LargeBinary(), nullable=True))
    op.add_column("outbox_messages", sa.Column("link_until", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "DELETE FROM password_links WHERE used_at IS NULL"
        " AND 'link:' || token_hash IN (SELECT dedupe FROM outbox_messages)"
    )
    connection = op.get_bind()
    with_links = sa.select(MESSAGES).where(MESSAGES.c.dedupe.like("link:%"))
    for message in connection.execute(with_links).all():
        blank = sa.update(MESSAGES).where(MESSAGES.c.id == message.id).values(body=LINK.sub(PLACE, message.body))
        connection.execute(blank)


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
