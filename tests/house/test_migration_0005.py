"""Ways to reveal: what was in custody before is there afterwards, and begins with the usual ways."""

import pytest
import sqlalchemy as sa

from registry.core import migrations
from registry.core.database import Database
from tests.house.old_rows import OldRows


def test_what_was_kept_and_known_before_is_there_with_the_usual_ways(bare: Database) -> None:
    migrations.upgrade(bare, "0004")
    with bare.engine.execution_options(writes=True).begin() as connection:
        rows = OldRows(connection)
        rows.put("councils", slug="a")
        rows.put("people")
        rows.put("employments", terms="employee")
        rows.put("service_areas")
        rows.put("accounts", state="live", platform="x", risk="normal")
        rows.put("credentials", kind="recovery_codes")
        rows.put("secret_versions", envelope=b"sealed", fingerprint=b"0" * 32)
        rows.put("sign_in_sessions")
        rows.put("reveal_grants", purpose="value")
        rows.put("exposures", kind="typed")
    migrations.upgrade(bare)
    with bare.engine.begin() as connection:
        council = connection.execute(
            sa.text("SELECT custody_exception, reveal_ways, daily_reveals FROM councils")
        ).one()
        assert (bool(council.custody_exception), council.daily_reveals) == (False, 20)
        assert council.reveal_ways in ("{}", {})
        version = connection.execute(sa.text("SELECT items, envelope FROM secret_versions")).one()
        assert (version.items, bytes(version.envelope)) == (None, b"sealed")
        assert connection.execute(sa.text("SELECT one_holder, doubted_at FROM credentials")).one() == (False, None)
        assert connection.execute(sa.text("SELECT purpose, look_id FROM reveal_grants")).one() == ("value", None)
        assert connection.execute(sa.text("SELECT kind FROM exposures")).scalars().all() == ["typed"]
    with pytest.raises(sa.exc.IntegrityError), bare.engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.text("UPDATE exposures SET kind = 'guessed'"))
    with bare.engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.text("UPDATE exposures SET kind = 'break_glass'"))
