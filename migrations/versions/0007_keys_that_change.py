"""keys that change: root keys by name, rotation, recovery shares

The canary moves from the installation to the root key that it belongs to; that key's id stands in its first bytes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
_MAGIC, _HEAD = 4, 12


def upgrade() -> None:
    """Name the root key there is, and make room for those to come."""
    _make_root_keys()
    _move_canary()
    with op.batch_alter_table("installation") as table:
        table.drop_column("canary")
    with op.batch_alter_table("council_keys") as table:
        table.alter_column("wrapped", existing_type=sa.LargeBinary(), nullable=True)
        table.add_column(sa.Column("marking", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("destroyed_at", MOMENT, nullable=True))
    with op.batch_alter_table("secret_versions") as table:
        table.add_column(sa.Column("resealed_at", MOMENT, nullable=True))
    _make_rotations()
    _make_recovery()


def _make_root_keys() -> None:
    op.create_table(
        "root_keys",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("canary", sa.LargeBinary(), nullable=False),
        sa.Column("auth_key", sa.LargeBinary(), nullable=True),
        sa.Column("bridge", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_root_keys")),
    )


def _move_canary() -> None:
    installation = sa.table("installation", sa.column("canary", sa.LargeBinary), sa.column("made_at", MOMENT))
    found = op.get_bind().execute(sa.select(installation).where(installation.c.canary.is_not(None))).all()
    roots = sa.table(
        "root_keys",
        *(sa.column(name) for name in ("id", "provider", "tries")),
        sa.column("parameters", sa.JSON),
        sa.column("canary", sa.LargeBinary),
        sa.column("made_at", MOMENT),
    )
    kept = {"provider": "file", "tries": 0, "parameters": {}}
    named = [{**kept, "id": c[_MAGIC:_HEAD].hex(), "canary": c, "made_at": made_at} for c, made_at in found]
    op.bulk_insert(roots, named)


def _make_rotations() -> None:
    op.create_table(
        "key_rotations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column(
            "renews",
            sa.Enum("council", "data", name="renewal", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("started_by", sa.Integer(), nullable=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["councils.id"], name=op.f("fk_key_rotations_council_id")),
        sa.ForeignKeyConstraint(
            ["council_id", "started_by"],
            ["employments.council_id", "employments.person_id"],
            name=op.f("fk_key_rotations_council_id_started_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_rotations")),
        sa.UniqueConstraint("council_id", "id", name=op.f("uq_key_rotations_council_id_id")),
    )
    op.create_index(
        "uq_key_rotations_running",
        "key_rotations",
        ["council_id"],
        unique=True,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )


def _make_recovery() -> None:
    op.create_table(
        "recovery_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("root_key_id", sa.String(length=40), nullable=False),
        sa.Column("mark", sa.String(length=6), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("rehearsed_at", MOMENT, nullable=True),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["root_key_id"], ["root_keys.id"], name=op.f("fk_recovery_sets_root_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_sets")),
        sa.UniqueConstraint("mark", name=op.f("uq_recovery_sets_mark")),
    )
    op.create_table(
        "recovery_shares",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("proof", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("shown_at", MOMENT, nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("rehearsed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recovery_shares_person_id")),
        sa.ForeignKeyConstraint(["set_id"], ["recovery_sets.id"], name=op.f("fk_recovery_shares_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_shares")),
        sa.UniqueConstraint("set_id", "number", name=op.f("uq_recovery_shares_set_id_number")),
        sa.UniqueConstraint("set_id", "person_id", name=op.f("uq_recovery_shares_set_id_person_id")),
    )
    op.create_table(
        "recovery_wraps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.String(length=40), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["recovery_sets.id"], name=op.f("fk_recovery_wraps_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_wraps")),
        sa.UniqueConstraint("set_id", "numbers", name=op.f("uq_recovery_wraps_set_id_numbers")),
    )


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
