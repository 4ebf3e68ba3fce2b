"""Checkpoints of the trail: chains that were there get the tree over their entries, and stay byte for byte."""

import sqlalchemy as sa

from registry.audit.merkle import Frontier, leaf
from registry.core import migrations
from registry.core.database import Database
from tests.house.old_rows import OldRows

BODIES = [f'{{"seq":{number}}}' for number in range(1, 6)]


def test_chains_that_were_there_are_the_same_and_have_their_trees(bare: Database) -> None:
    migrations.upgrade(bare, "0007")
    with bare.engine.execution_options(writes=True).begin() as connection:
        rows = OldRows(connection)
        rows.put("councils", slug="a")
        rows.put("audit_heads", chain=1, seq=5)
        rows.put("audit_heads", chain=2, seq=0)
        for number, body in enumerate(BODIES, 1):
            rows.put("audit_entries", chain=1, seq=number, prev_hash=str(number), body=body)
        before = connection.execute(sa.text("SELECT * FROM audit_entries ORDER BY seq")).all()
    migrations.upgrade(bare)
    tree = Frontier()
    for body in BODIES:
        tree.add(leaf(body.encode()))
    with bare.engine.begin() as connection:
        assert connection.execute(sa.text("SELECT * FROM audit_entries ORDER BY seq")).all() == before
        heads = connection.execute(sa.text("SELECT chain, frontier FROM audit_heads ORDER BY chain")).all()
        assert [tuple(head) for head in heads] == [(1, tree.text()), (2, "")]
        assert connection.execute(sa.text("SELECT note_addresses FROM councils")).scalar_one() in ("[]", [])
