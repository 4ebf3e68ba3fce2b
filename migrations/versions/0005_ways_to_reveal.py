"""ways to reveal: a second person's agreement, break-glass, check-out, the ledger of codes, recovery details"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PURPOSES = ("value", "code", "one_of_list")


def words(name: str, *values: str) -> sa.Enum:
    """A column of these words, checked by the database."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def in_council(table: str, *columns: sa.Column | sa.Constraint, people: tuple[str, ...]) -> None:
    """A table whose rows belong to a council, and whose people work or worked for it."""
    links = {
        "account_id": "accounts",
        "credential_id": "credentials",
        "secret_version_id": "secret_versions",
    }
    named = {column.name for column in columns if isinstance(column, sa.Column)}
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["council_id"], ["councils.id"], name=op.f(f"fk_{table}_council_id")),
        *(
            sa.ForeignKeyConstraint(
                ["council_id", column],
                [f"{target}.council_id", f"{target}.id"],
                name=op.f(f"fk_{table}_council_id_{column}"),
            )
            for column, target in links.items()
            if column in named
        ),
        *(
            sa.ForeignKeyConstraint(
                ["council_id", column],
                ["employments.council_id", "employments.person_id"],
                name=op.f(f"fk_{table}_council_id_{column}"),
            )
            for column in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("council_id", "id", name=op.f(f"uq_{table}_council_id_id")),
    )


def number(name: str, *, nullable: bool = False) -> sa.Column:
    """A column of whole numbers."""
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    """Bring the database forward. Councils begin with the usual ways; lists kept before were never counted."""
    op.add_column("councils", sa.Column("custody_exception", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("councils", sa.Column("reveal_ways", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("councils", sa.Column("daily_reveals", sa.Integer(), nullable=False, server_default="20"))
    op.add_column("credentials", sa.Column("one_holder", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("credentials", sa.Column("doubted_at", MOMENT, nullable=True))
    op.add_column("secret_versions", number("items", nullable=True))
    _looking()
    _recovery()
    _grants_and_exposures()


def _looking() -> None:
    what = ("account_id", "credential_id", "secret_version_id")
    in_council(
        "look_requests",
        *(number(name) for name in what),
        sa.Column("purpose", words("purpose", *PURPOSES), nullable=False),
        number("asker_id"),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("state", words("lookstate", "waiting", "approved", "refused", "withdrawn", "used"), nullable=False),
        sa.Column("by_exception", sa.Boolean(), nullable=False),
        number("decided_by", nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> asker_id", name=op.f("ck_look_requests_another_decides")
        ),
        sa.CheckConstraint(
            "(state IN ('waiting', 'withdrawn')) = (decided_at IS NULL)", name=op.f("ck_look_requests_decided_is_dated")
        ),
        sa.CheckConstraint(
            "decided_at IS NULL OR (decided_by IS NULL) = by_exception",
            name=op.f("ck_look_requests_somebody_or_exception_decides"),
        ),
        people=("asker_id", "decided_by"),
    )
    op.create_index("ix_look_requests_state", "look_requests", ["council_id", "state", "expires_at"])
    op.create_index("ix_look_requests_asker", "look_requests", ["council_id", "asker_id"])
    in_council(
        "break_glass",
        *(number(name) for name in what),
        sa.Column("purpose", words("purpose", *PURPOSES), nullable=False),
        number("person_id"),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        number("reviewed_by", nullable=True),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("was_needed", sa.Boolean(), nullable=True),
        sa.Column("words", sa.String(300), nullable=False),
        sa.CheckConstraint(
            "reviewed_by IS NULL OR reviewed_by <> person_id", name=op.f("ck_break_glass_another_reviews")
        ),
        sa.CheckConstraint(
            "(reviewed_by IS NULL) = (reviewed_at IS NULL) AND (reviewed_by IS NULL) = (was_needed IS NULL)",
            name=op.f("ck_break_glass_reviewed_whole"),
        ),
        people=("person_id", "reviewed_by"),
    )
    op.create_index("ix_break_glass_open", "break_glass", ["council_id", "reviewed_at", "due_on"])
    in_council(
        "check_outs",
        *(number(name) for name in what),
        number("person_id"),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        number("ended_by", nullable=True),
        people=("person_id", "ended_by"),
    )
    is_out = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_check_outs_one_holder",
        "check_outs",
        ["council_id", "credential_id"],
        unique=True,
        sqlite_where=is_out,
        postgresql_where=is_out,
    )
    op.create_table(
        "reveal_days",
        number("council_id"),
        number("person_id"),
        sa.Column("day", sa.Date(), nullable=False),
        number("looks"),
        sa.ForeignKeyConstraint(["council_id"], ["councils.id"], name=op.f("fk_reveal_days_council_id")),
        sa.ForeignKeyConstraint(
            ["council_id", "person_id"],
            ["employments.council_id", "employments.person_id"],
            name=op.f("fk_reveal_days_council_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("council_id", "person_id", "day", name=op.f("pk_reveal_days")),
    )


def _recovery() -> None:
    in_council(
        "recovery_codes_taken",
        number("secret_version_id"),
        number("position"),
        number("person_id"),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.UniqueConstraint(
            "council_id",
            "secret_version_id",
            "position",
            name=op.f("uq_recovery_codes_taken_council_id_secret_version_id_position"),
        ),
        sa.CheckConstraint("position > 0", name=op.f("ck_recovery_codes_taken_counted_from_one")),
        people=("person_id",),
    )
    in_council(
        "recovery_details",
        number("account_id"),
        sa.Column("kind", words("detailkind", "email", "phone", "sim", "device"), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        number("holder_id", nullable=True),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("notes", sa.String(300), nullable=False),
        number("added_by"),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        number("lock"),
        sa.CheckConstraint("holder_id IS NOT NULL OR place <> ''", name=op.f("ck_recovery_details_somewhere")),
        people=("holder_id", "added_by"),
    )
    op.create_index("ix_recovery_details_account", "recovery_details", ["council_id", "account_id"])


def _grants_and_exposures() -> None:
    """New words for what a leave shows and how somebody knows; nothing refers to these two tables, so on SQLite they
    may be made anew."""
    with op.batch_alter_table("reveal_grants") as grants:
        grants.add_column(number("look_id", nullable=True))
        grants.add_column(number("glass_id", nullable=True))
        for column, target in (("look_id", "look_requests"), ("glass_id", "break_glass")):
            grants.create_foreign_key(
                op.f(f"fk_reveal_grants_council_id_{column}"), target, ["council_id", column], ["council_id", "id"]
            )
    _take_words("reveal_grants", "purpose", "purpose", PURPOSES)
    _take_words("exposures", "kind", "exposurekind", ("typed", "revealed", "break_glass", "checked_out"))


def _take_words(table: str, column: str, name: str, values: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{value}'" for value in values)
    check = op.f(f"ck_{table}_{name}")
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(check, type_="check")
        batch.create_check_constraint(check, f"{column} IN ({listed})")


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
