"""who keeps the keys

One council keeps what serves every council here: the root key, its recovery shares, the jobs of the installation. Where
only one is served it is that one; where there are several, whoever keeps the server names it. On PostgreSQL no other
council writes to what is kept. Wrong passphrases are counted with all other guesses from now on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEPT = ("root_keys", "recovery_sets", "recovery_shares", "recovery_wraps")
FAR = "(SELECT app_reach()) IN ('installation', 'keeper')"
ANYWHERE = f"((SELECT app_council()) IS NOT NULL OR {FAR})"
KEEPER = f"({FAR} OR (SELECT app_council()) = (SELECT keeping_council_id FROM installation))"  # noqa: S608


def upgrade() -> None:
    """Let the installation name its keeper."""
    with op.batch_alter_table("installation") as batch:
        batch.add_column(sa.Column("keeping_council_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_installation_keeping_council_id", "councils", ["keeping_council_id"], ["id"])
    op.execute(
        "UPDATE installation SET keeping_council_id = (SELECT min(id) FROM councils) "
        "WHERE (SELECT count(*) FROM councils) = 1"
    )
    for column in ("tries", "next_try_at"):
        op.execute(f"ALTER TABLE root_keys DROP COLUMN {column}")  # in place: other tables refer to this one
    if op.get_bind().dialect.name == "sqlite":
        return
    _let_write("installation", FAR)
    for table in KEPT:
        _let_write(table, KEEPER)


def _let_write(table: str, who: str) -> None:
    """Everybody reads, and locks what they read; who may write is checked."""
    op.execute(f"DROP POLICY whoever_stands_somewhere ON {table}")
    op.execute(f"CREATE POLICY whoever_stands_somewhere ON {table} FOR SELECT USING ({ANYWHERE})")
    op.execute(f"CREATE POLICY keeper_adds ON {table} FOR INSERT WITH CHECK ({who})")
    op.execute(f"CREATE POLICY keeper_changes ON {table} FOR UPDATE USING ({ANYWHERE}) WITH CHECK ({who})")
    op.execute(f"CREATE POLICY keeper_removes ON {table} FOR DELETE USING ({who})")


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
