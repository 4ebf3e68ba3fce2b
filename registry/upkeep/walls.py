"""The triggers that make the trail refuse change: what must stand in each kind of database, to the letter.

A trigger of the right name that does nothing is worse than none, so each is compared with a hash of its whole text, as
the migrations made it: of SQLite's own record of it; of what PostgreSQL calls, when, and on what condition.
"""

import hashlib

from sqlalchemy import Connection

REFUSES_ROWS, REFUSES_TRUNCATE = "6a8c249c0cfe2366", "42a425b7a7b4171f"
SQLITE = {
    "audit_entries_no_update": "379d1a8934047dc9",
    "audit_entries_no_delete": "c544ef121addc111",
    "audit_entries_in_order": "8d25c553434ca0c7",
    "audit_sealed_no_update": "7afd28ccaa264d60",
    "audit_sealed_no_delete": "51de9888853a2ea1",
    "audit_sealed_no_replace": "1722bf82e434df2a",
    "audit_checkpoints_no_update": "28da8d9e9455aabe",
    "audit_checkpoints_no_delete": "a341de3e8db7eaa8",
    "audit_checkpoints_no_replace": "dd72af270b46f38b",
}
POSTGRESQL = {
    "audit_entries_no_change": REFUSES_ROWS,
    "audit_entries_no_truncate": REFUSES_TRUNCATE,
    "audit_entries_in_order": "d732e67685061146",
    "audit_sealed_no_change": REFUSES_ROWS,
    "audit_sealed_no_truncate": REFUSES_TRUNCATE,
    "audit_checkpoints_no_change": REFUSES_ROWS,
    "audit_checkpoints_no_truncate": REFUSES_TRUNCATE,
}
STANDING_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'"
STANDING_POSTGRESQL = """
    SELECT tgname, concat_ws(' ', tgtype, tgqual, prosrc) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgrelid IN ('audit_entries'::regclass, 'audit_sealed'::regclass, 'audit_checkpoints'::regclass)
    AND tgenabled = 'A'
"""


def missing_triggers(connection: Connection) -> list[str]:
    """The triggers that are not there, not switched on for good, or not of the text they were made with."""
    is_sqlite = connection.dialect.name == "sqlite"
    rows = connection.exec_driver_sql(STANDING_SQLITE if is_sqlite else STANDING_POSTGRESQL)
    standing = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in rows}
    wanted = SQLITE if is_sqlite else POSTGRESQL
    return [name for name, digest in wanted.items() if not standing.get(name, "").startswith(digest)]
