"""The first wall: whatever a query forgets to ask, a session sees and writes its own council's rows alone."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from registry.accounts.models import Account, FormerName, ServiceArea
from registry.core.tenants import Beyond, WrongCouncil, beyond, reach_of, stand_in, tenant_tables_in
from registry.identity.models import Employment, Person
from registry.outbox.models import Message
from registry.policies.models import Policy
from registry.vocabulary.events import Event
from tests.world import World


@pytest.fixture
def other(world: World) -> World:
    """A second council with an area and an account like the first's."""
    other = world.another()
    for each in (world, other):
        each.account(each.area("Waste"), handle="SameName")
    return other


def test_every_shape_of_query_is_kept_within_the_council(world: World, other: World) -> None:
    area, account = aliased(ServiceArea), aliased(Account)
    wanted = [other.council.id]
    either = sa.select(ServiceArea.council_id).union_all(sa.select(Account.council_id))
    queries = {
        "columns": sa.select(Account.council_id),
        "rows": sa.select(Account).with_only_columns(Account.council_id),
        "alias": sa.select(account.council_id),
        "join": sa.select(area.council_id).join(account, account.handle == "SameName"),
        "outer join": sa.select(Person.id, Account.council_id).join(Account, sa.true(), isouter=True).distinct(),
        "subquery": sa.select(sa.select(Account.council_id).subquery().c.council_id),
        "cte": sa.select(sa.select(Account.council_id).cte("theirs").c.council_id),
        "union": either,
        "union in a subquery": sa.select(either.subquery().c.council_id),
        "exists": sa.select(ServiceArea.council_id).where(sa.exists().where(Account.council_id == world.council.id)),
        "grouped": sa.select(Account.council_id, sa.func.count()).group_by(Account.council_id),
    }
    with world.house.reading(other.council) as session:
        wrong = {
            name: found
            for name, query in queries.items()
            if (found := sorted({row.council_id for row in session.execute(query)})) not in (wanted, [])
        }
        hidden = sa.exists().where(Account.council_id == world.council.id)
        assert session.execute(sa.select(ServiceArea.id).where(hidden)).all() == []
    assert wrong == {}


def test_a_row_of_another_council_is_not_got_changed_or_deleted(world: World, other: World) -> None:
    with world.house.reading() as session:
        theirs = session.query(Account.id).filter_by(council_id=other.council.id).scalar()
    with world.work() as work:
        assert work.session.get(Account, theirs) is None
        for statement in (sa.update(Account).values(name="Ours now"), sa.delete(FormerName)):
            work.session.execute(statement)
        work.record(Event.DEMO_MADE)
    with world.house.reading() as session:
        assert session.get_one(Account, theirs).name == "SameName"


def test_a_row_for_another_council_is_never_written(world: World, other: World) -> None:
    with pytest.raises(WrongCouncil, match="about to write a Policy of another"), world.work() as work:
        work.session.add(Policy(council_id=other.council.id, title="Slipped in"))


def test_the_installation_may_not_touch_what_is_the_councils(world: World, other: World) -> None:
    database = world.house.database
    with database.reading(Beyond.INSTALLATION) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Employment)) == 0
        for touching in (sa.select(Account), sa.select(Person).where(sa.exists().where(Account.id == Person.id))):
            with pytest.raises(WrongCouncil, match="accounts"):
                session.execute(touching)
    with pytest.raises(WrongCouncil, match="policies"), world.house.work(None, None, "test") as work:
        work.session.add(Policy(council_id=world.council.id, title="From nowhere"))
    with world.house.work(None, None, "test") as work:
        work.session.add(
            Message(
                council_id=world.council.id, to_address="a@b.example", subject="S", body="B",
                dedupe="x", written_at=work.now, send_by=work.now,
            )
        )  # fmt: skip
        work.record(Event.DEMO_MADE)


def test_the_keeper_reads_everything_and_writes_nothing_of_the_councils(world: World, other: World) -> None:
    database = world.house.database
    with database.reading(Beyond.KEEPER) as session:
        assert len(session.scalars(sa.select(Account)).all()) == 2
        with pytest.raises(WrongCouncil, match="accounts"):
            session.execute(sa.update(Account).values(name="Everybody's"))


def test_a_session_stands_in_one_council_for_good(world: World, other: World) -> None:
    database = world.house.database
    with database.reading(Beyond.INSTALLATION) as session:
        stand_in(session, world.council.id)
        stand_in(session, world.council.id)
        mine = session.scalars(sa.select(Account)).one()
        with pytest.raises(WrongCouncil, match="cannot stand in council"):
            stand_in(session, other.council.id)
        assert session.get(Account, mine.id) is mine


def test_what_was_seen_at_the_door_is_forgotten_in_a_council(world: World, other: World) -> None:
    person = other.joins(world.person("Joint Officer"))
    with world.house.database.reading(Beyond.INSTALLATION) as session:
        assert session.get(Employment, (other.council.id, person.id)) is not None
        stand_in(session, world.council.id)
        assert session.get(Employment, (other.council.id, person.id)) is None
        with beyond(session):
            assert reach_of(session) is Beyond.INSTALLATION
            assert session.get(Employment, (other.council.id, person.id)) is not None
        assert session.get(Employment, (other.council.id, person.id)) is None
        with beyond(session), beyond(session):
            pass
        assert reach_of(session) == world.council.id


def test_tables_are_found_however_deep_they_stand() -> None:
    deep = sa.select(Person.id).where(Person.id.in_(sa.select(sa.select(Account.id).subquery().c.id)))
    assert tenant_tables_in(deep) == {"accounts"}
    assert tenant_tables_in(sa.select(Account.__table__.c.id)) == {"accounts"}
    assert tenant_tables_in(sa.select(Person)) == set()
