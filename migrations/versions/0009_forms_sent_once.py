"""forms sent once, and rows that know their version"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

VERSIONED = ("employments", "service_areas", "courses", "policies", "closure_steps")


def upgrade() -> None:
    """Count the versions of every row that a form edits, and keep the key of each form that was taken."""
    for table in VERSIONED:
        # The default stays: to take it away SQLite would make the table anew, which rows that refer to it forbid.
        op.add_column(table, sa.Column("lock", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "forms_sent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("led_to", sa.String(500), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_forms_sent_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_forms_sent"),
        sa.UniqueConstraint("person_id", "key_hash", name="uq_forms_sent_person_id_key_hash"),
    )
    op.create_index("ix_forms_sent_sent_at", "forms_sent", ["sent_at"])


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
