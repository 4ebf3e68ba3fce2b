"""The canary of an older database moves to the root key that it names, and custody opens as before."""

import dataclasses
import os
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from registry.application import make_house
from registry.core import migrations
from registry.core.database import Database
from registry.core.tenants import Beyond
from registry.custody.models_keys import RootKeyRecord
from registry.custody.opening import custody_status
from registry.custody.rootkey import FileRootKey
from registry.custody.vault import Vault
from tests.conftest import settings_for

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
INSTALLATION, COUNCIL = os.urandom(16), os.urandom(16)


def test_the_canary_moves_to_its_root_key_and_custody_opens(tmp_path: Path, root_key_file: Path) -> None:
    url = f"sqlite:///{tmp_path / 'older.sqlite'}"
    database = Database(url)
    migrations.upgrade(database, "0006")
    vault = Vault(FileRootKey(root_key_file), INSTALLATION)
    key = vault.new_council_key(COUNCIL)
    rows = {
        "installation": {
            "id": 1, "public_id": INSTALLATION, "is_demo": False, "canary": vault.make_canary(), "made_at": AT,
        },
        "councils": {
            "id": 1, "public_id": COUNCIL, "slug": "older", "name": "Older Council", "website": "", "contact": "",
            "time_zone": "Europe/London", "titles": {}, "chain": ["clerk"], "own_request_exception": False,
            "two_steps_exception": False, "exception_minute": "", "ideal_editors": 2, "default_cadence_days": 14,
            "review_days": {}, "grace_days": 14, "training_confirmed": True, "brand_colour": "#1d4f5f",
            "link_colour": "#1a5a8a", "version": 1, "added_at": AT,
        },
        "council_keys": {
            "id": key.id, "council_id": 1, "version": 1, "wrapped": key.wrapped, "root_key_id": vault.root_key_id,
            "made_at": AT,
        },
    }  # fmt: skip
    with database.engine.execution_options(writes=True).begin() as connection:
        for table, row in rows.items():
            there = sa.Table(table, sa.MetaData(), autoload_with=connection)
            connection.execute(sa.insert(there).values(**row))
    migrations.upgrade(database)
    database.engine.dispose()
    house = make_house(dataclasses.replace(settings_for(url, root_key_file, tmp_path), instance=tmp_path))
    with house.reading(Beyond.INSTALLATION) as session:
        assert custody_status(session, house.settings).is_open
        root = session.query(RootKeyRecord).one()
        assert (root.id, root.provider, root.made_at) == (vault.root_key_id, "file", AT)
        wrapped, marking = session.execute(sa.text("SELECT wrapped, marking FROM council_keys")).one()
    assert (wrapped, marking) == (key.wrapped, None)
    house.database.engine.dispose()
