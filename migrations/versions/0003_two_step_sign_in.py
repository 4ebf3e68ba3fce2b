"""two-step sign-in

Every session open at the upgrade ends: whoever is in has shown a password only, and enrols at the next sign-in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Written by hand, with their checks, because SQLite would otherwise make the table anew under the rows that name it.
SESSION_COLUMNS = (
    "network VARCHAR(50) NOT NULL DEFAULT ''",
    "first_step VARCHAR(40) NOT NULL DEFAULT 'password' CONSTRAINT ck_sign_in_sessions_firststep "
    "CHECK (first_step IN ('password', 'outside', 'passkey', 'chosen'))",
    "second_step VARCHAR(40) CONSTRAINT ck_sign_in_sessions_step "
    "CHECK (second_step IN ('passkey', 'app', 'recovery_code'))",
)


def upgrade() -> None:
    """Bring the database forward."""
    op.create_table(
        "factors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "passkey", "app", "recovery_code", name="step", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=True),
        sa.Column("public_key", sa.LargeBinary(length=2048), nullable=True),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("seed", sa.LargeBinary(length=200), nullable=True),
        sa.Column("last_period", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'passkey' AND credential_id IS NOT NULL AND public_key IS NOT NULL) OR (kind = 'app' AND seed IS NOT NULL)",
            name=op.f("ck_factors_whole"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_factors_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factors")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_factors_credential_id")),
    )
    with op.batch_alter_table("factors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_factors_person_id"), ["person_id"], unique=False)

    op.create_table(
        "half_sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column(
            "first_step",
            sa.Enum(
                "password",
                "outside",
                "passkey",
                "chosen",
                name="firststep",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(length=64), nullable=True),
        sa.Column("challenge_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_seed", sa.LargeBinary(length=200), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_half_sign_ins_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_half_sign_ins")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_half_sign_ins_token_hash")),
    )
    with op.batch_alter_table("half_sign_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_half_sign_ins_person_id"), ["person_id"], unique=False)

    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("person_id", "code_hash", name=op.f("uq_recovery_codes_person_id_code_hash")),
    )
    op.create_table(
        "factor_resets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=500), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by", sa.Integer(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "asked_by <> person_id AND agreed_by <> asked_by AND agreed_by <> person_id",
            name=op.f("ck_factor_resets_two"),
        ),
        sa.ForeignKeyConstraint(
            ["council_id", "agreed_by"],
            ["employments.council_id", "employments.person_id"],
            name=op.f("fk_factor_resets_council_id_agreed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["council_id", "asked_by"],
            ["employments.council_id", "employments.person_id"],
            name=op.f("fk_factor_resets_council_id_asked_by"),
        ),
        sa.ForeignKeyConstraint(
            ["council_id", "person_id"],
            ["employments.council_id", "employments.person_id"],
            name=op.f("fk_factor_resets_council_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["council_id", "stopped_by"],
            ["employments.council_id", "employments.person_id"],
            name=op.f("fk_factor_resets_council_id_stopped_by"),
        ),
        sa.ForeignKeyConstraint(["council_id"], ["councils.id"], name=op.f("fk_factor_resets_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_resets")),
        sa.UniqueConstraint("council_id", "id", name=op.f("uq_factor_resets_council_id_id")),
    )
    with op.batch_alter_table("factor_resets", schema=None) as batch_op:
        batch_op.create_index("ix_factor_resets_person_id", ["person_id"], unique=False)

    op.add_column("councils", sa.Column("passkey_roles", sa.JSON(), nullable=False, server_default="[]"))
    for column in SESSION_COLUMNS:
        op.execute(f"ALTER TABLE sign_in_sessions ADD COLUMN {column}")
    for name in ("by_passkey", "renewal_due"):
        op.add_column("sign_in_sessions", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sign_in_sessions", sa.Column("challenge", sa.LargeBinary(length=64), nullable=True))
    op.add_column("sign_in_sessions", sa.Column("challenge_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sign_in_sessions", sa.Column("new_seed", sa.LargeBinary(length=200), nullable=True))
    op.execute(
        "UPDATE sign_in_sessions SET ended_at = CURRENT_TIMESTAMP, ended_why = 'two-step sign-in began' "
        "WHERE ended_at IS NULL"
    )


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
