"""rotation due"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _of_council(table: str, column: str, target: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["council_id", column], [f"{target}.council_id", f"{target}.{key}"], name=f"fk_{table}_council_id_{column}"
    )


def upgrade() -> None:
    """Bring the database forward. Nobody is suspended yet, and of values deposited before, no weakness is known."""
    with op.batch_alter_table("employments") as batch:
        batch.add_column(sa.Column("suspended_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("suspended_why", sa.String(length=300), nullable=False, server_default=""))
    with op.batch_alter_table("secret_versions") as batch:
        batch.add_column(sa.Column("weaknesses", sa.String(length=120), nullable=False, server_default=""))
    op.create_index("ix_exposures_person", "exposures", ["council_id", "person_id"])
    op.create_table(
        "device_losses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("reported_by", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["councils.id"], name="fk_device_losses_council_id"),
        _of_council("device_losses", "person_id", "employments", "person_id"),
        _of_council("device_losses", "reported_by", "employments", "person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_device_losses"),
        sa.UniqueConstraint("council_id", "id", name="uq_device_losses_council_id_id"),
    )
    op.create_index("ix_device_losses_person", "device_losses", ["council_id", "person_id"])
    op.create_table(
        "rotations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.Integer(), nullable=False),
        sa.Column("secret_version_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "left", "suspended", "not_named", "untrained", "unsigned", "device_lost", "used_up",
                name="cause", native_enum=False, create_constraint=True, length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["council_id"], ["councils.id"], name="fk_rotations_council_id"),
        _of_council("rotations", "account_id", "accounts"),
        _of_council("rotations", "credential_id", "credentials"),
        _of_council("rotations", "secret_version_id", "secret_versions"),
        _of_council("rotations", "person_id", "employments", "person_id"),
        _of_council("rotations", "closed_by", "employments", "person_id"),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="ck_rotations_closed_by_somebody"),
        sa.PrimaryKeyConstraint("id", name="pk_rotations"),
        sa.UniqueConstraint("council_id", "id", name="uq_rotations_council_id_id"),
        sa.UniqueConstraint("council_id", "secret_version_id", name="uq_rotations_council_id_secret_version_id"),
    )  # fmt: skip
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_rotations_open", "rotations", ["council_id", "credential_id"],
        unique=True, sqlite_where=still_open, postgresql_where=still_open,
    )  # fmt: skip
    op.create_table(
        "rotation_ticks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("rotation_id", sa.Integer(), nullable=False),
        sa.Column(
            "item",
            sa.Enum(
                "sessions", "strangers", "recovery",
                name="item", native_enum=False, create_constraint=True, length=40,
            ),
            nullable=False,
        ),
        sa.Column("ticked_by", sa.Integer(), nullable=False),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["councils.id"], name="fk_rotation_ticks_council_id"),
        _of_council("rotation_ticks", "rotation_id", "rotations"),
        _of_council("rotation_ticks", "ticked_by", "employments", "person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rotation_ticks"),
        sa.UniqueConstraint("council_id", "id", name="uq_rotation_ticks_council_id_id"),
        sa.UniqueConstraint(
            "council_id", "rotation_id", "item", name="uq_rotation_ticks_council_id_rotation_id_item"
        ),
    )  # fmt: skip


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
