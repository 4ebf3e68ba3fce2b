"""the trail refuses change"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only: an entry cannot be changed'); END""",
    """CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only: an entry cannot be removed'); END""",
    # INSERT OR REPLACE fires no DELETE trigger by default, so an entry that is there refuses its number too
    """CREATE TRIGGER audit_entries_in_order BEFORE INSERT ON audit_entries
    WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit_entries WHERE chain = NEW.chain)
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only: an entry must follow the last one'); END""",
)

POSTGRESQL = (
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the trail is append-only: % is refused', TG_OP; END $$""",
    """CREATE FUNCTION audit_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit_entries WHERE chain = NEW.chain) THEN
        RAISE EXCEPTION 'the trail is append-only: an entry must follow the last one';
      END IF;
      RETURN NEW;
    END $$""",
    """CREATE TRIGGER audit_entries_no_change BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_entries_no_truncate BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_entries_in_order BEFORE INSERT ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_in_order()""",
    # ALWAYS: also where session_replication_role would switch ordinary triggers off
    "ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_no_change",
    "ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_no_truncate",
    "ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_in_order",
)


def upgrade() -> None:
    """Put the triggers on the trail's table."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
