"""Where one council is served it keeps the keys; where several are, nobody does until the server names one."""

import pytest
import sqlalchemy as sa

from registry.core import migrations
from registry.core.database import Database
from tests.house.old_rows import OldRows


@pytest.mark.parametrize(("councils", "keeper"), [(0, None), (1, 1), (2, None)])
def test_the_only_council_keeps_the_keys_and_of_several_none(bare: Database, councils: int, keeper: int | None) -> None:
    migrations.upgrade(bare, "0012")
    with bare.engine.execution_options(writes=True).begin() as connection:
        rows = OldRows(connection)
        rows.put("installation", id=1, public_id=b"0123456789abcdef")
        rows.put("root_keys", id="aa", provider="passphrase", tries=4, parameters={"salt": "00"})
        for number in range(councils):
            rows.put("councils", slug=f"c{number}", public_id=bytes([number] * 16), id=number + 1)
        rows.put("recovery_sets", root_key_id="aa", mark="AAAAAA")
    migrations.upgrade(bare)
    with bare.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT id, keeping_council_id FROM installation")).all() == [(1, keeper)]
        assert connection.execute(sa.text("SELECT id, provider FROM root_keys")).all() == [("aa", "passphrase")]
        assert connection.execute(sa.text("SELECT root_key_id FROM recovery_sets")).all() == [("aa",)]
