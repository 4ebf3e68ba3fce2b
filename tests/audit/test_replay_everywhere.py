"""Whichever governed table somebody changes behind the register's back, the trail names the table and the row."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from registry.accounts.models import FormerName
from registry.audit.keys import TrailKeys
from registry.audit.replay import replay
from registry.audit.rows import columns, governed, key_columns, key_of, read
from registry.core.database import Base
from registry.custody.models_keys import KeyRotation, RecoverySet, RecoveryShare, RecoveryWrap, Renewal, RootKeyRecord
from registry.custody.models_looking import CheckOut
from registry.custody.models_recovery import CodeTaken
from registry.identity.factors import Factor, RecoveryCode, Step
from registry.identity.models import DeviceLoss, OutsideIdentity
from registry.reviews.models import Finding, ReviewAnswer
from registry.rotations.models import Item, RotationTick
from tests.audit.attack import as_owner
from tests.conftest import NOW
from tests.doors.objects import one_of_everything
from tests.upkeep.town import Town
from tests.world import World

ANOTHER: dict[type, Callable[[Any], Any]] = {
    str: lambda value: "other",
    int: lambda value: (value or 0) + 1,
    datetime: lambda value: NOW + timedelta(days=99),
}
"""What a value of a kind is changed to."""


@pytest.fixture
def everything(world: World) -> World:
    """A register with a row in every governed table, each written by a work of its own register."""
    Town(world)
    things = one_of_everything(world, "Parks")
    council, now, person = {"council_id": world.council.id}, world.clock.now(), things["owner"].id
    account = {**council, "account_id": things["account_id"]}
    with world.house.reading() as session:
        root = session.scalars(sa.select(RootKeyRecord.id)).one()
        version = session.execute(sa.text("SELECT secret_version_id FROM rotations")).scalars().first()
    made: RecoverySet = world.add(RecoverySet(root_key_id=root, mark="a1b2c3", needed=2, made_at=now))
    seen = {**council, "secret_version_id": version, "person_id": person, "reason": "Posting"}
    out = {"credential_id": things["credential_id"], "taken_at": now, "due_at": now + timedelta(hours=1)}
    world.add(
        RecoveryShare(set_id=made.id, number=1, person_id=person, proof=bytes(32)),
        RecoveryWrap(set_id=made.id, numbers="1,2", wrapped=b"wrapped"),
        CheckOut(**{**account, **seen, **out}),
        CodeTaken(**seen, position=1, taken_at=now),
        DeviceLoss(**council, person_id=person, device="Phone", reported_by=person, reported_at=now),
        Factor(person_id=person, kind=Step.APP, seed=b"sealed", name="Phone", added_at=now),
        RecoveryCode(person_id=person, code_hash="ab" * 32, made_at=now),
        OutsideIdentity(person_id=person, issuer="https://in.example", subject="1", connected_at=now),
        FormerName(**account, platform="x", handle="Old", handle_key="old", until_on=world.today),
        KeyRotation(**council, renews=Renewal.COUNCIL, started_at=now),
        ReviewAnswer(**council, review_id=things["review_id"], item="two_step", finding=Finding.MET),
        RotationTick(**council, rotation_id=things["rotation_id"], item=Item.SESSIONS, ticked_by=person, ticked_at=now),
    )
    return world


def another(table: type[Base], row: Any) -> dict[str, Any]:
    """One governed column of a row that is no key, and another value for it."""
    mapper = sa.inspect(table)
    free = [name for name in columns(table) if not mapper.columns[name].foreign_keys]
    for kind, change in ANOTHER.items():
        for name in free:
            column = mapper.columns[name]
            if column.type.python_type is kind and not column.primary_key and column.name != "lock":
                return {column.name: change(row[name])}
    raise AssertionError(f"{table.__tablename__} has no column to change")


def test_out_of_band_update_reported(everything: World) -> None:
    """Every governed table at once: one column of one row changed in each, and exactly those rows are named."""
    changes, wanted, empty = [], set(), []
    with everything.house.reading() as session:
        assert replay(session, TrailKeys.of(everything.house)) == []
        for table in governed().values():
            rows = list(read(session, table))
            if not rows:
                empty.append(table.__tablename__)
                continue
            row = rows[-1]
            here = [column == row[column.key] for column in key_columns(table)]
            changes.append(sa.update(table.__table__).where(*here).values(another(table, row)))
            wanted.add((table.__tablename__, key_of(table, row), "changed past the register"))
    assert empty == []
    as_owner(everything)
    with everything.house.behind.engine.execution_options(writes=True).begin() as connection:
        for change in changes:
            connection.execute(change)
    with everything.house.reading() as session:
        found = {(d.table, d.key, d.kind) for d in replay(session, TrailKeys.of(everything.house))}
    assert found == wanted
