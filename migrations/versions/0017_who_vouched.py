"""who vouched

A session says which identity provider let its person in, so that it counts only in the councils for which that provider
speaks; and how many wrong second factors it gave. Of those that are open now nobody knows who vouched: they end, and
their people sign in once more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database forward. Whoever came in by a provider signs in once more."""
    op.execute("DELETE FROM half_sign_ins WHERE first_step = 'outside'")
    op.execute(
        "UPDATE sign_in_sessions SET ended_at = CURRENT_TIMESTAMP, ended_why = 'the register was updated'"
        " WHERE first_step = 'outside' AND ended_at IS NULL"
    )
    for table in ("half_sign_ins", "sign_in_sessions"):
        op.add_column(table, sa.Column("provider", sa.String(length=255), nullable=False, server_default=""))
    op.add_column("sign_in_sessions", sa.Column("wrong", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
