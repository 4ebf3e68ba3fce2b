"""Whichever byte of a chain somebody changes in the database, verifying finds it."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from registry.audit.chain import list_chains, verify
from registry.audit.models import ChainHead, Entry, Sealed
from registry.core.database import Base
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.audit.attack import as_owner
from tests.world import World

HELD: tuple[tuple[type[Base], str], ...] = (
    *((Entry, name) for name in ("body", "hash", "prev_hash", "act")),
    (Sealed, "ciphertext"),
    (ChainHead, "hash"),
    (ChainHead, "frontier"),
)
"""All that a chain is kept in, as text or bytes."""


@pytest.fixture
def open_to_change(world: World) -> Iterator[Session]:
    """A short chain, some of it sealed, in a session that takes every change back."""
    clerk = world.person("Clara Clerk", Role.CLERK)
    with world.work(clerk) as work:
        work.record(Event.LOOK_ASKED, clerk, reason="Ŵ: a reason", account="x", kind="password", look="value")
    world.area("Waste")
    as_owner(world)
    with world.house.behind.engine.execution_options(writes=True).connect() as connection:
        yield Session(connection)


def tampered(session: Session, table: type[Base], name: str, row: int, at: int, by: int) -> None:
    """Change one byte of one value, unless the database would not hold the outcome as text."""
    keys = sa.inspect(table).primary_key
    kept = session.execute(sa.select(*keys, getattr(table, name)).order_by(*keys)).all()
    *key, value = kept[row % len(kept)]
    new = bytearray(value.encode() if isinstance(value, str) else value)
    assume(new)
    new[at % len(new)] ^= by
    if isinstance(value, str):
        assume(0 not in new and new.decode(errors="replace").encode() == new)
    here = [part == found for part, found in zip(keys, key, strict=True)]
    other = new.decode() if isinstance(value, str) else bytes(new)
    session.execute(sa.update(table.__table__).where(*here).values({name: other}))


@given(st.sampled_from(HELD), st.integers(0, 9), st.integers(0, 999), st.integers(1, 255))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_single_byte_changed_is_found(
    open_to_change: Session, place: tuple[type[Base], str], row: int, at: int, by: int
) -> None:
    chains = list_chains(open_to_change)
    assert all(verify(open_to_change, chain).broken is None for chain in chains)
    try:
        tampered(open_to_change, *place, row, at, by)
        assert any(verify(open_to_change, chain).broken for chain in chains)
    finally:
        open_to_change.rollback()
