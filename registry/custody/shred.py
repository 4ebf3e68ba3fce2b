"""Making the database forget at once: what was overwritten must not linger in its log or its dead rows."""

from registry.core.database import Database

WAITS = 1000
"""Milliseconds to wait for those who still read an older state; the next checkpoint does it if they stay."""


def shred(database: Database) -> None:
    """Clear away the remains of destroyed envelopes and keys: called once the destruction is committed.

    PostgreSQL lets only their owner VACUUM tables; for a role that owns none its own sweeper does it, which the
    migrations set to come for a single dead row.
    """
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM secret_versions, council_keys, root_keys, recovery_shares")
        return
    with database.raw() as cursor:
        (patience,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute(f"PRAGMA busy_timeout={WAITS}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute(f"PRAGMA busy_timeout={patience}")
