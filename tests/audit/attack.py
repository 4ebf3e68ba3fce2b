"""What somebody with the database's own powers can do to the trail: no trigger stops them."""

import json

import sqlalchemy as sa

from registry.audit.canonical import canonical, digest
from registry.audit.chain import GENESIS
from registry.audit.merkle import Frontier, leaf
from tests.world import World

TABLES = ("audit_entries", "audit_sealed", "audit_checkpoints")


def as_owner(world: World, *statements: str) -> None:
    """Take the triggers away, then run these statements."""
    with world.house.behind.engine.execution_options(writes=True).begin() as connection:
        if world.house.database.is_sqlite:
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
            for name in names:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            for table in TABLES:
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            connection.exec_driver_sql(statement)


def rehash(world: World, seq: int, old: str, new: str) -> None:
    """Change one entry and forge every link after it, the head and its tree: the whole chain is consistent again."""
    as_owner(world)
    chain = world.council.id
    with world.house.behind.engine.execution_options(writes=True).begin() as connection:
        rows = connection.execute(
            sa.text("SELECT seq, body FROM audit_entries WHERE chain = :c ORDER BY seq"), {"c": chain}
        ).all()
        before, tree = GENESIS, Frontier()
        for row in rows:
            body = json.loads(row.body.replace(old, new) if row.seq == seq else row.body) | {"prev": before}
            text = canonical(body)
            connection.execute(
                sa.text(
                    "UPDATE audit_entries SET body = :b, prev_hash = :p, hash = :h, act = :a"
                    " WHERE chain = :c AND seq = :s"
                ),
                {"b": text.decode(), "p": before, "h": digest(text), "a": body["act"], "c": chain, "s": row.seq},
            )
            before = digest(text)
            tree.add(leaf(text))
        connection.execute(
            sa.text("UPDATE audit_heads SET hash = :h, frontier = :f WHERE chain = :c"),
            {"h": before, "f": tree.text(), "c": chain},
        )
