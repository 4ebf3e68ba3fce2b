"""joining by consent"""

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
