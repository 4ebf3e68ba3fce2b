"""The trail: every change has its entry, and no entry can be changed, removed or slipped in unnoticed."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.exc import DatabaseError, OperationalError

from registry.accounts.models import ServiceArea
from registry.audit.chain import list_chains, verify
from registry.audit.models import Entry
from registry.audit.sentences import sentence
from registry.core.errors import Refused
from registry.core.work import UnauditedChange
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.trail import whole
from tests.world import World

WRITES = int(os.environ.get("CHAIN_WRITES", "25"))
"""How often each of eight writers writes at once; `dev.py crash` has them write 200 times."""


def triggers_off(world: World) -> None:
    """What somebody with the database's own powers can do."""
    with world.house.behind.engine.execution_options(writes=True).begin() as connection:
        if world.house.database.is_sqlite:
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
            for name in names:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("ALTER TABLE audit_entries DISABLE TRIGGER ALL")


def run(world: World, statement: str) -> None:
    with world.house.behind.engine.execution_options(writes=True).begin() as connection:
        connection.exec_driver_sql(statement)


def proof_of(world: World):
    with world.house.reading() as session:
        return verify(session, world.council.id)


@pytest.fixture
def chain(world: World) -> int:
    """A council's chain of some length."""
    for number in range(7):
        world.area(f"Area {number}")
    assert proof_of(world).broken is None
    assert proof_of(world).length == 7
    return world.council.id


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET act = 'nothing' WHERE seq = 2",
        "DELETE FROM audit_entries WHERE seq = 2",
        "INSERT INTO audit_entries SELECT chain, seq + 50, hash, prev_hash, body, at, act, actor_id, account_id"
        " FROM audit_entries WHERE seq = 2",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(world: World, chain: int, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        run(world, statement)
    assert proof_of(world).broken is None


def test_replacing_an_entry_in_sqlite_is_refused_too(world: World, chain: int) -> None:
    if not world.house.database.is_sqlite:
        with pytest.raises(DatabaseError, match="append-only"):
            run(world, "TRUNCATE audit_entries")
        return
    with pytest.raises(DatabaseError, match="append-only"):
        run(world, "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries WHERE seq = 2")


@pytest.mark.parametrize(
    ("statements", "seq", "kind"),
    [
        (
            ["UPDATE audit_entries SET body = replace(body, 'demo.made', 'demo.fake') WHERE chain = {c} AND seq = 3"],
            3,
            "altered",
        ),
        (
            ["UPDATE audit_entries SET body = replace(body, '\"ok\"', '\"no\"') WHERE chain = {c} AND seq = 3"],
            3,
            "altered",
        ),
        (["UPDATE audit_entries SET hash = prev_hash WHERE chain = {c} AND seq = 3"], 3, "altered"),
        (["UPDATE audit_entries SET act = 'demo.fake' WHERE chain = {c} AND seq = 3"], 3, "altered"),
        (["UPDATE audit_entries SET actor_id = 99 WHERE chain = {c} AND seq = 3"], 3, "altered"),
        (["UPDATE audit_entries SET prev_hash = 'f' WHERE chain = {c} AND seq = 3"], 3, "unlinked"),
        (["DELETE FROM audit_entries WHERE chain = {c} AND seq = 1"], 1, "missing first"),
        (["DELETE FROM audit_entries WHERE chain = {c} AND seq = 4"], 4, "missing"),
        (["DELETE FROM audit_entries WHERE chain = {c} AND seq = 7"], 7, "missing last"),
        (["DELETE FROM audit_entries WHERE chain = {c}"], 1, "missing last"),
        (["UPDATE audit_heads SET seq = 5 WHERE chain = {c}"], 7, "altered head"),
        (["DELETE FROM audit_heads WHERE chain = {c}"], 7, "altered head"),
        (
            [
                "UPDATE audit_entries SET seq = 100 WHERE chain = {c} AND seq = 2",
                "UPDATE audit_entries SET seq = 2 WHERE chain = {c} AND seq = 3",
                "UPDATE audit_entries SET seq = 3 WHERE chain = {c} AND seq = 100",
            ],
            2,
            "reordered",
        ),
    ],
)
def test_what_was_tampered_with_past_the_triggers_is_found_and_named(
    world: World, chain: int, statements: list[str], seq: int, kind: str
) -> None:
    triggers_off(world)
    for statement in statements:
        run(world, statement.format(c=chain))
    broken = proof_of(world).broken
    assert broken is not None
    assert (broken.seq, broken.kind) == (seq, kind)
    assert broken.meaning


def test_a_change_without_an_entry_cannot_be_saved(world: World) -> None:
    with pytest.raises(UnauditedChange, match="ServiceArea"), world.work() as work:
        work.session.add(ServiceArea(council_id=world.council.id, name="Secret area"))
    with pytest.raises(UnauditedChange), world.work() as work:
        work.session.execute(sa.update(ServiceArea).values(name="Changed in bulk"))
    with world.house.reading() as session:
        assert session.query(ServiceArea).count() == 0


def test_a_refusal_is_an_entry_and_nothing_else_is_kept_of_the_act(world: World) -> None:
    clerk = world.person("Clara Clerk", Role.CLERK)

    def go_half_way() -> None:
        with world.work(clerk) as work:
            work.session.add(ServiceArea(council_id=world.council.id, name="Half done"))
            raise Refused("The policy says no.")

    with pytest.raises(Refused):
        go_half_way()
    with world.house.reading() as session:
        last = session.scalars(
            sa.select(Entry).where(Entry.chain == world.council.id).order_by(Entry.seq.desc())
        ).first()
        assert session.query(ServiceArea).count() == 0
    assert last is not None
    body = whole(world.house, last.body)[0]
    assert (body["act"], body["outcome"], body["actor"]) == ("act.refused", "refused", clerk.id)
    assert body["detail"]["reasons"] == ["The policy says no."]


def test_eight_writers_at_once_make_one_chain_without_a_loss_or_a_fork(world: World) -> None:
    def write(_number: int) -> None:
        entered = 0
        while entered < WRITES:
            try:
                with world.work() as work:
                    work.record(Event.DEMO_MADE)
            except OperationalError:
                continue  # SQLite's line is not fair: some are told to come again, and come again
            entered += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert proof_of(world).broken is None
    assert proof_of(world).length == 8 * WRITES


def test_triggers_stand_even_where_a_session_calls_itself_a_replica(world: World, chain: int) -> None:
    if world.house.database.is_sqlite:
        return  # it knows no such thing
    for table in ("audit_entries", "audit_checkpoints", "audit_sealed"):
        with world.house.behind.engine.connect() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            with pytest.raises(DatabaseError, match="append-only"):
                connection.exec_driver_sql(f"TRUNCATE {table}")


def test_where_the_trail_cannot_be_written_the_act_is_refused_whole(client: FlaskClient, world: World) -> None:
    clerk = world.person("Clara Clerk", Role.CLERK)
    world.sign_in(client, clerk)
    before = proof_of(world).length
    if world.house.database.is_sqlite:  # as a full disk answers
        run(world, "CREATE TRIGGER full BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    else:
        run(
            world,
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'disk is full' USING ERRCODE = '53100'; END $$",
        )
        run(world, "CREATE TRIGGER full_disk BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION full_disk()")
    if not world.house.database.is_sqlite:  # a real full disk of SQLite is the crash room's
        assert client.post(world.path("service-areas/new"), data={"name": "Half done"}).status_code == 503
    with pytest.raises(DatabaseError):
        world.area("Half done")
    with world.house.reading() as session:
        assert session.query(ServiceArea).count() == 0
    assert proof_of(world).length == before


def test_each_council_has_its_own_chain_and_the_installation_one_too(world: World) -> None:
    other = world.another()
    other.area("Parks")
    with world.house.reading() as session:
        assert list_chains(session) == [0, world.council.id, other.council.id]


def test_the_trail_tells_in_sentences_and_can_be_narrowed(client: FlaskClient, world: World) -> None:
    clerk = world.person("Clara Clerk", Role.CLERK)
    world.sign_in(client, clerk)
    client.post(world.path("trail/verify"))
    page = client.get(world.path("trail")).text
    assert "Clara Clerk verified the trail" in page
    assert "Last verified" in page
    narrowed = client.get(
        world.path(f"trail?person={clerk.id}&act=trail.verified&since=2026-11-20&until=2026-11-20")
    ).text
    assert "Clara Clerk verified the trail" in narrowed
    assert "The register added Clara Clerk" not in narrowed
    assert "No entry matches" in client.get(world.path("trail?until=2020-01-01")).text
    assert "The text below has this hash" in client.get(world.path("trail/1")).text
    assert client.get(world.path("trail/999")).status_code == 404


def test_what_somebody_wrote_is_never_read_as_a_pattern() -> None:
    """A reason with braces is a reason; it reaches into nothing (format strings)."""
    reached = "{who.__class__.__mro__} {0} %s %(who)s {"
    assert reached in sentence(Event.CREDENTIAL_REVEALED.value, {"who": "Ann", "account": "Bins", "reason": reached})
    assert sentence("{who.__class__}", {"who": "Ann"}) == "{who.__class__}"


def test_a_day_that_is_none_is_said_beside_its_box(client: FlaskClient, world: World) -> None:
    clerk = world.person("Clara Clerk", Role.CLERK)
    world.sign_in(client, clerk)
    client.post(world.path("trail/verify"))
    answer = client.get(world.path(f"trail?person={clerk.id}&act=trail.verified&since=never&until=3/11/2026"))
    assert answer.status_code == 422
    assert answer.text.count("From day must be a day, like 2026-11-03") == 2  # in the summary and at the field
    assert answer.text.count("Until day must be a day, like 2026-11-03") == 2
    assert 'value="never"' in answer.text
    assert "Clara Clerk verified the trail" in answer.text
    assert "The register added Clara Clerk" not in answer.text


def test_another_councils_trail_is_not_there(client: FlaskClient, world: World) -> None:
    other = world.another()
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    assert client.get(other.path("trail")).status_code == 404


def test_a_sentence_writes_days_and_codes_as_people_do_and_leaves_other_words_alone() -> None:
    left = sentence(Event.PERSON_LEFT, {"who": "A", "what": "B", "on": "2027-05-03"})
    assert left == "A recorded that B leaves on 3 May 2027"
    granted = sentence(Event.ROLE_GRANTED, {"who": "A", "what": "B", "role": "management_team"})
    assert granted == "A gave B the role of management team"
    assert sentence(Event.SIGN_IN_FAILED, {"error": "2027-99-99"}) == "A sign-in failed (2027-99-99)"
