"""joining by consent

Whoever is in the register already is asked before another council has them on its list. What people do about their own
sign-in no longer stands among the messages of the first of their councils by name.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

HERE = "council_id = (SELECT app_council())"
FAR = "(SELECT app_reach()) IN ('installation', 'keeper')"


def upgrade() -> None:
    """Bring the database forward. Whoever works for two councils already goes on doing so."""
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("job_title", sa.String(length=120), nullable=False),
        sa.Column("terms", _words("terms", "employee", "contractor", "agency", "volunteer", "member"), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=True),
        sa.Column("sponsor_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("offered_by", sa.Integer(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", _words("outcome", "accepted", "declined", "withdrawn"), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_offers_days_in_order")),
        sa.CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name=op.f("ck_offers_settled")),
        *(_of_person(column) for column in ("manager_id", "sponsor_id", "offered_by")),
        sa.ForeignKeyConstraint(["council_id"], ["councils.id"], name=op.f("fk_offers_council_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_offers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("council_id", "id", name=op.f("uq_offers_council_id_id")),
    )
    is_open = sa.text("settled_at IS NULL")
    op.create_index(
        "uq_offers_open", "offers", ["council_id", "person_id"], unique=True,
        sqlite_where=is_open, postgresql_where=is_open,
    )  # fmt: skip
    op.create_index("ix_offers_person", "offers", ["person_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE offers ENABLE ROW LEVEL SECURITY")
        for name, condition in (("its_council", HERE), ("installation", FAR)):
            op.execute(f"CREATE POLICY {name} ON offers USING ({condition}) WITH CHECK ({condition})")
    op.execute(
        "UPDATE outbox_messages SET council_id = NULL WHERE dedupe LIKE 'password:%' OR dedupe LIKE 'factor:%'"
        " OR subject LIKE 'Choose a new password%' OR subject LIKE '%your two-step sign-in was taken off you%'"
    )


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _of_person(column: str) -> sa.ForeignKeyConstraint:
    here = ["employments.council_id", "employments.person_id"]
    return sa.ForeignKeyConstraint(["council_id", column], here, name=op.f(f"fk_offers_council_id_{column}"))


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
