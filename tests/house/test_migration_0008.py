"""Checkpoints of the trail: chains that were there get the tree over their entries, and stay byte for byte."""

import pytest
import sqlalchemy as sa

from registry.audit.merkle import Frontier, leaf
from registry.core import migrations
from registry.core.database import Database
from tests.conftest import _administer, _named
from tests.house.old_rows import OldRows

BODIES = [f'{{"seq":{number}}}' for number in range(1, 6)]


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request, tmp_path):
    """A database as it was one migration before."""
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    if request.param == "postgresql":
        server, name = request.getfixturevalue("postgresql_server"), f"old_{tmp_path.name[-20:].replace('-', '_')}"
        _administer(server, f"DROP DATABASE IF EXISTS {name}")
        _administer(server, f"CREATE DATABASE {name}")
        url = _named(server, name)
    database = Database(url)
    migrations.upgrade(database, "0007")
    yield database
    database.engine.dispose()
    if request.param == "postgresql":
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def test_chains_that_were_there_are_the_same_and_have_their_trees(old: Database) -> None:
    with old.engine.execution_options(writes=True).begin() as connection:
        rows = OldRows(connection)
        rows.put("councils", slug="a")
        rows.put("audit_heads", chain=1, seq=5)
        rows.put("audit_heads", chain=2, seq=0)
        for number, body in enumerate(BODIES, 1):
            rows.put("audit_entries", chain=1, seq=number, prev_hash=str(number), body=body)
        before = connection.execute(sa.text("SELECT * FROM audit_entries ORDER BY seq")).all()
    migrations.upgrade(old)
    tree = Frontier()
    for body in BODIES:
        tree.add(leaf(body.encode()))
    with old.engine.begin() as connection:
        assert connection.execute(sa.text("SELECT * FROM audit_entries ORDER BY seq")).all() == before
        heads = connection.execute(sa.text("SELECT chain, frontier FROM audit_heads ORDER BY chain")).all()
        assert [tuple(head) for head in heads] == [(1, tree.text()), (2, "")]
        assert connection.execute(sa.text("SELECT note_addresses FROM councils")).scalar_one() in ("[]", [])
