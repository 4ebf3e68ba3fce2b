"""checkpoints of the trail, sealed details, and findings"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REFUSES = ("audit_sealed", "audit_checkpoints")
KEYS = {
    "audit_sealed": "chain = NEW.chain AND seq = NEW.seq AND person_id = NEW.person_id",
    "audit_checkpoints": "chain = NEW.chain AND size = NEW.size",
}


def upgrade() -> None:
    """Give each chain the tree over its entries, and make room for what is signed, sealed and found."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "audit_sealed",
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", "person_id", name=op.f("pk_audit_sealed")),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("chain", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("frontier", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("signed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("chain", "size", name=op.f("pk_audit_checkpoints")),
    )
    op.create_table(
        "person_keys",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("erased_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_keys_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_keys")),
    )
    op.create_table(
        "audit_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("council_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("found_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["council_id"], ["councils.id"], name=op.f("fk_audit_findings_council_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_findings")),
        sa.UniqueConstraint("council_id", "place", name=op.f("uq_audit_findings_council_id_place")),
    )
    op.add_column("councils", sa.Column("note_addresses", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("audit_heads", sa.Column("frontier", sa.Text(), nullable=False, server_default=""))
    for table in REFUSES:
        for statement in _sqlite(table) if op.get_bind().dialect.name == "sqlite" else _postgresql(table):
            op.execute(statement)
    _grow_trees()


def _sqlite(table: str) -> list[str]:
    return [
        *(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}\n"
            "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ),
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}\n"  # noqa: S608
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {KEYS[table]})\n"
        "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
    ]


def _postgresql(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}\n"
        "FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}\n"
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
    ]


def _grow_trees() -> None:
    """The tree of every chain there is, as RFC 6962 builds it: complete subtrees, the largest first."""
    bind = op.get_bind()
    for (chain,) in bind.execute(sa.text("SELECT chain FROM audit_heads")).all():
        bodies = sa.text("SELECT body FROM audit_entries WHERE chain = :chain ORDER BY seq")
        roots: list[bytes] = []
        for size, (body,) in enumerate(bind.execute(bodies, {"chain": chain}), 1):
            roots.append(hashlib.sha256(b"\x00" + body.encode()).digest())
            rest = size
            while not rest & 1:
                right = roots.pop()
                roots[-1] = hashlib.sha256(b"\x01" + roots[-1] + right).digest()
                rest >>= 1
        grown = sa.text("UPDATE audit_heads SET frontier = :frontier WHERE chain = :chain")
        bind.execute(grown, {"frontier": b"".join(roots).hex(), "chain": chain})


def downgrade() -> None:
    """Migrations only go forward; a backup is the way back."""
    raise NotImplementedError("migrations only go forward; restore the backup instead")
