"""The triggers that make the trail refuse change: what must stand in each kind of database."""

from sqlalchemy import Connection

SQLITE = {
    "audit_entries_no_update": "RAISE(ABORT, 'the trail is append-only: an entry cannot be changed')",
    "audit_entries_no_delete": "RAISE(ABORT, 'the trail is append-only: an entry cannot be removed')",
    "audit_entries_in_order": "RAISE(ABORT, 'the trail is append-only: an entry must follow the last one')",
}
POSTGRESQL = {
    "audit_entries_no_change": "RAISE EXCEPTION 'the trail is append-only",
    "audit_entries_no_truncate": "RAISE EXCEPTION 'the trail is append-only",
    "audit_entries_in_order": "RAISE EXCEPTION 'the trail is append-only",
}
STANDING_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'"
STANDING_POSTGRESQL = """
    SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgrelid = 'audit_entries'::regclass AND tgenabled = 'A'
"""


def missing_triggers(connection: Connection) -> list[str]:
    """The triggers that are not there, not switched on for good, or not of the text they were made with."""
    is_sqlite = connection.dialect.name == "sqlite"
    rows = connection.exec_driver_sql(STANDING_SQLITE if is_sqlite else STANDING_POSTGRESQL)
    standing = {name: text or "" for name, text in rows}
    wanted = SQLITE if is_sqlite else POSTGRESQL
    return [name for name, text in wanted.items() if text not in standing.get(name, "")]
