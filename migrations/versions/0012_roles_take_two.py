"""roles take two people"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a role wait for a second person. The roles that people wear already were settled when they were given."""
    with op.batch_alter_table("role_grants") as batch:
        batch.add_column(sa.Column("confirmed_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            "fk_role_grants_council_id_confirmed_by",
            "employments",
            ["council_id", "confirmed_by"],
            ["council_id", "person_id"],
        )
        batch.create_check_constraint("given_by_another", "granted_by <> person_id")
        batch.create_check_constraint(
            "confirmed_by_a_third", "confirmed_by <> person_id AND confirmed_by <> granted_by"
        )
    op.execute("UPDATE role_grants SET confirmed_at = CURRENT_TIMESTAMP")


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
