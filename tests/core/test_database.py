"""What SQLite does to a reader who turns writer, and what our units of work do instead."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from registry.core.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'two.sqlite'}")
    with made.engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE counts (n INTEGER)")
        connection.exec_driver_sql("INSERT INTO counts VALUES (0)")
    yield made
    made.engine.dispose()


def test_a_reader_who_turns_writer_after_anothers_commit_fails_at_once(database: Database) -> None:
    """No patience helps (SQLITE_BUSY_SNAPSHOT): this is why a unit that writes says so when it begins."""
    with database.engine.connect() as reader:
        reader.exec_driver_sql("SELECT n FROM counts").all()
        with database.engine.execution_options(writes=True).begin() as writer:
            writer.exec_driver_sql("UPDATE counts SET n = n + 1")
        with pytest.raises(sa.exc.OperationalError, match="locked"):
            reader.exec_driver_sql("UPDATE counts SET n = n + 1")


def test_units_that_write_wait_for_one_another_and_lose_nothing(database: Database) -> None:
    writes = database.engine.execution_options(writes=True)

    def add() -> None:
        for _ in range(20):
            with writes.begin() as connection:
                (n,) = connection.exec_driver_sql("SELECT n FROM counts").one()
                connection.exec_driver_sql(f"UPDATE counts SET n = {n + 1}")

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT n FROM counts").scalar() == 80
    database.engine.dispose()
