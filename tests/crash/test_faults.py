"""What the machine does to a register on a bad day: it says so, loses nothing, does nothing by half, and comes back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event

from registry.accounts.models import ServiceArea
from registry.audit.chain import verify
from registry.core.clock import FixedClock
from registry.core.house import House
from registry.vocabulary.permissions import Role
from tests.world import World


@pytest.fixture
def clerk(world: World, client: FlaskClient, clock: FixedClock) -> None:
    """The Clerk has been signed in for two minutes, so that the register would like to note that they are there."""
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    clock.moment += timedelta(minutes=2)


def told(house: House, *pragmas: str) -> Callable[[], None]:
    """Tell every connection to SQLite something from now on, until what is given back is called."""

    def tell(connection: object, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    house.database.engine.dispose()
    event.listen(house.database.engine, "connect", tell)

    def no_more() -> None:
        event.remove(house.database.engine, "connect", tell)
        house.database.engine.dispose()

    return no_more


@contextmanager
def full(house: House) -> Iterator[None]:
    """A disk with no room left."""
    with house.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    no_more = told(house, f"max_page_count={pages}")
    yield
    no_more()


@contextmanager
def read_only(house: House) -> Iterator[None]:
    """A file system that takes nothing any more."""
    if house.database.is_sqlite:
        no_more = told(house, "query_only=ON")
        try:
            yield
        finally:
            no_more()
        return
    with administering(house) as (administer, name):
        administer(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        house.database.engine.dispose()
        try:
            yield
        finally:  # whoever comes next is given the same database
            administer(f"ALTER DATABASE {name} RESET default_transaction_read_only")
            house.database.engine.dispose()


@contextmanager
def gone(house: House) -> Iterator[None]:
    """A database server that cuts everybody off and lets nobody in."""
    with administering(house) as (administer, name):
        administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        try:
            yield
        finally:
            administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Somebody holds the database and does not let go."""
    holder = sa.create_engine(house.behind.engine.url, poolclass=sa.NullPool)  # type: ignore[attr-defined]
    connection = holder.raw_connection()
    if house.database.is_sqlite:
        no_more = told(house, "busy_timeout=100")
        connection.cursor().execute("BEGIN IMMEDIATE")
    else:
        house.database.engine.dispose()
        event.listen(house.database.engine, "connect", _impatient)
        connection.cursor().execute("LOCK TABLE audit_heads IN ACCESS EXCLUSIVE MODE")
    yield
    connection.rollback()
    connection.close()
    if house.database.is_sqlite:
        no_more()
    else:
        event.remove(house.database.engine, "connect", _impatient)
        house.database.engine.dispose()


def _impatient(connection: object, _record: object) -> None:
    connection.execute("SET lock_timeout = '100ms'")  # type: ignore[attr-defined]
    connection.commit()  # type: ignore[attr-defined]


@contextmanager
def administering(house: House) -> Iterator[tuple[Callable[[str], None], str]]:
    """The means to change how PostgreSQL keeps the house's database, from outside it."""
    url = house.behind.engine.url  # type: ignore[attr-defined]
    engine = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def administer(statement: str) -> None:
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)

    yield administer, str(url.database)
    engine.dispose()


def count_areas(house: House) -> int:
    with house.reading() as session:
        return session.query(ServiceArea).count()


def send(client: FlaskClient, world: World, name: str) -> Any:
    """Add a service area by its form."""
    return client.post(world.path("service-areas/new"), data={"name": name})


def assert_back(client: FlaskClient, world: World, taken: int = 0) -> None:
    """It works again, without a restart, and what was refused was done neither wholly nor by half."""
    assert send(client, world, "Parks").status_code == 302
    assert count_areas(world.house) == taken + 1
    with world.house.reading() as session:
        assert verify(session, world.council.id).broken is None


@pytest.mark.usefixtures("clerk")
@pytest.mark.parametrize("trouble", [full, read_only, locked])
def test_while_nothing_can_be_written_reading_goes_on_and_writing_is_refused_whole(
    client: FlaskClient, world: World, trouble: Callable[[House], AbstractContextManager[None]]
) -> None:
    if trouble is full and not world.house.database.is_sqlite:
        pytest.skip("only SQLite can be told to run out of room; PostgreSQL answers 53100, tried below")
    with trouble(world.house):
        assert client.get(world.path("service-areas")).status_code == 200
        taken = 0  # a page of the database that is half empty still takes a little
        while (answer := send(client, world, f"Area {taken} " + "x" * 100)).status_code == 302:
            taken += 1
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "<h1" in answer.text
        assert taken == 0 or trouble is full
        assert count_areas(world.house) == taken
    assert_back(client, world, taken)


@pytest.mark.usefixtures("clerk")
def test_a_database_that_went_away_is_waited_for_and_found_again(client: FlaskClient, world: World) -> None:
    if world.house.database.is_sqlite:
        pytest.skip("SQLite is a file; it does not go")
    assert client.get(world.path("service-areas")).status_code == 200
    with gone(world.house):
        for answer in (
            client.get(world.path("service-areas")),
            send(client, world, "Parks"),
            client.get("/sign-in"),
        ):
            assert answer.status_code == 503
            assert answer.headers["Retry-After"]
            assert "<h1" in answer.text
    assert_back(client, world)


@pytest.mark.usefixtures("clerk")
def test_a_connection_cut_in_the_middle_of_an_act_undoes_it_and_the_next_is_a_new_one(
    client: FlaskClient, world: World
) -> None:
    if world.house.database.is_sqlite:
        pytest.skip("SQLite has no connection to cut")
    cut = "SELECT pg_terminate_backend(pg_backend_pid()) WHERE EXISTS (SELECT FROM service_areas WHERE name = 'Parks')"

    def cut_off(connection: sa.Connection) -> None:
        connection.exec_driver_sql(cut)

    event.listen(world.house.database.engine, "commit", cut_off)
    assert send(client, world, "Parks").status_code == 503
    event.remove(world.house.database.engine, "commit", cut_off)
    assert count_areas(world.house) == 0
    assert_back(client, world)


@pytest.mark.parametrize("state", ["53100", "57P01", "55P03", "40P01", "25006"])
def test_whatever_a_database_says_of_its_troubles_is_no_fault_of_the_page(state: str) -> None:
    from registry.web.errors import is_away

    class Said(Exception):
        sqlstate = state

    assert is_away(sa.exc.InternalError("COMMIT", {}, Said()))
    assert not is_away(sa.exc.IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed")))
