"""Checkpoints: signed daily, after a thousand entries and on demand, sent outside, and refused of a chain changed."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.exc import DatabaseError

from registry.audit import notes
from registry.audit.actions import make_checkpoint
from registry.audit.checkpoints import sign
from registry.audit.examining import examine
from registry.audit.keys import TrailKeys
from registry.audit.models import INSTALLATION_CHAIN, Checkpoint, Entry
from registry.audit.night import night
from registry.audit.queries import find_newest_checkpoint
from registry.core.authkey import AuthKey
from registry.core.errors import Refused
from registry.core.keyfile import make_key
from registry.councils.models import Council
from registry.outbox.models import Message
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.audit.attack import as_owner, rehash
from tests.world import World


def keys_of(world: World) -> TrailKeys:
    return TrailKeys.of(world.house)


def signed(world: World) -> Checkpoint:
    with world.work() as work:
        return make_checkpoint(work, keys_of(world))


def newest(world: World, chain: int | None = None) -> Checkpoint | None:
    with world.house.reading() as session:
        return find_newest_checkpoint(session, world.council.id if chain is None else chain)


def test_a_checkpoint_says_what_the_chain_is_and_is_signed_with_the_registers_own_key(world: World) -> None:
    world.area("Waste")
    made = signed(world)
    note = notes.read(made.note)
    assert (note.origin, note.size) == ("127.0.0.1:8000/exampleton", 1)
    assert note.is_signed_by(keys_of(world).public)
    with world.house.reading() as session:
        proof = examine(session, keys_of(world), world.council.id)
    assert proof.broken is None
    assert proof.length == 2  # signing is itself an entry


def test_a_chain_that_has_not_grown_is_not_signed_twice(world: World) -> None:
    world.area("Waste")
    with world.work() as work:
        first = make_checkpoint(work, keys_of(world))
        assert make_checkpoint(work, keys_of(world)) is first
    with world.house.reading() as session:
        assert session.query(Entry).filter_by(act="trail.checkpoint_signed").count() == 1


def test_the_installations_own_chain_is_signed_under_the_host_alone(world: World) -> None:
    assert night(world.house) == 0
    made = newest(world, INSTALLATION_CHAIN)
    assert made is not None
    assert notes.read(made.note).origin == "127.0.0.1:8000"


def test_every_night_each_chain_is_signed_and_sent_to_those_who_keep_it(world: World) -> None:
    world.person("Clara Clerk", Role.CLERK)
    world.person("Ada Auditor", Role.AUDITOR)
    world.person("Edith Editor", Role.COMMS)
    world.person("Fred Former", Role.AUDITOR, ends_on=world.day(-1))
    with world.work() as work:
        work.session.get_one(Council, world.council.id).note_addresses = ["chair@elsewhere.example"]
        work.record(Event.COUNCIL_SETTINGS_CHANGED, fields=["note_addresses"])
    other = world.another()
    other.area("Parks")
    assert night(world.house) == 0
    made = newest(world)
    assert made is not None
    assert newest(other) is not None
    with world.house.reading() as session:
        sent = session.scalars(sa.select(Message).where(Message.council_id == world.council.id)).all()
    assert {message.to_address for message in sent} == {
        "clara.clerk@exampleton.example",
        "ada.auditor@exampleton.example",
        "chair@elsewhere.example",
    }
    assert all(made.note in message.body and made.key in message.body for message in sent)


def test_one_councils_broken_trail_keeps_no_other_from_its_checkpoint(world: World) -> None:
    world.area("Waste")
    signed(world)
    other = world.another()
    other.area("Parks")
    as_owner(world, f"UPDATE audit_heads SET frontier = '' WHERE chain = {world.council.id}")
    before = newest(world)
    assert night(world.house) == 1
    assert newest(other) is not None
    assert newest(world).size == before.size


@pytest.mark.parametrize(
    ("statements", "says"),
    [
        (["UPDATE audit_checkpoints SET frontier = replace(frontier, 'a', 'b') WHERE chain = {c}"], "was altered"),
        (["UPDATE audit_checkpoints SET note = replace(note, '— 127', '— 128') WHERE chain = {c}"], "did not sign"),
        (
            [
                "DELETE FROM audit_entries WHERE chain = {c} AND seq > 2",
                "UPDATE audit_heads SET seq = 2 WHERE chain = {c}",
            ],
            "shrank from 3 entries to 2",
        ),
        (
            ["UPDATE audit_entries SET body = replace(body, 'demo', 'memo') WHERE chain = {c} AND seq = 6"],
            "not what it was",
        ),
    ],
)
def test_a_chain_that_is_not_what_was_signed_is_not_signed_again(
    world: World, statements: list[str], says: str
) -> None:
    for number in range(3):
        world.area(f"Area {number}")
    signed(world)
    world.area("Later")
    world.area("Last")
    as_owner(world, *(statement.format(c=world.council.id) for statement in statements))
    with pytest.raises(Refused, match=says), world.work() as work:
        sign(work.session, keys_of(world), world.council.id, work.now)


def test_a_chain_rewritten_whole_is_not_signed_again(world: World) -> None:
    for number in range(4):
        world.area(f"Area {number}")
    signed(world)
    world.area("Later")
    rehash(world, 2, "demo.made", "demo.fake")
    with world.house.reading() as session:
        proof = examine(session, keys_of(world), world.council.id)
    assert proof.broken is not None
    assert proof.broken.kind.startswith("rewritten")
    with pytest.raises(Refused, match="not what it was"), world.work() as work:
        sign(work.session, keys_of(world), world.council.id, work.now)


def test_a_thousand_entries_are_signed_at_once_and_a_tampered_chain_still_takes_entries(world: World) -> None:
    with world.work() as work:
        for _ in range(1001):
            work.record(Event.DEMO_MADE)
    made = newest(world)
    assert made is not None
    assert made.size == 1001
    as_owner(world, f"UPDATE audit_checkpoints SET frontier = '' WHERE chain = {world.council.id}")
    with world.work() as work:
        for _ in range(1001):
            work.record(Event.DEMO_MADE)
    assert newest(world).size == 1001


def test_signing_twice_without_an_entry_between_gives_the_same_checkpoint(world: World) -> None:
    world.area("Waste")
    with world.work() as work:
        first = sign(work.session, keys_of(world), world.council.id, work.now)
        assert sign(work.session, keys_of(world), world.council.id, work.now) is first


def test_a_new_name_of_the_key_is_an_entry(world: World) -> None:
    world.area("Waste")
    first = signed(world)
    renamed = replace(world.house.settings, base_url="https://register.elsewhere.example")
    with world.work() as work:
        second = make_checkpoint(work, TrailKeys(world.house.auth_key, renamed))
    with world.house.reading() as session:
        body = session.scalars(sa.select(Entry.body).where(Entry.act == "trail.key_changed")).one()
    assert (first.key in body, second.key in body, first.key != second.key) == (True, True, True)
    with world.house.reading() as session:
        assert examine(session, keys_of(world), world.council.id).broken is None


def test_another_key_does_not_go_on_where_the_registers_own_ended(world: World, tmp_path: Path) -> None:
    world.area("Waste")
    signed(world)
    make_key(tmp_path / "new.key")
    changed = TrailKeys(AuthKey(tmp_path / "new.key"), world.house.settings)
    with pytest.raises(Refused, match="did not sign the last checkpoint"), world.work() as work:
        make_checkpoint(work, changed)


@pytest.mark.parametrize("statement", ["UPDATE audit_checkpoints SET note = ''", "DELETE FROM audit_checkpoints"])
def test_the_database_keeps_checkpoints_from_change(world: World, statement: str) -> None:
    world.area("Waste")
    signed(world)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        world.house.behind.engine.execution_options(writes=True).begin() as connection,
    ):
        connection.exec_driver_sql(statement)


def test_the_pages_show_sign_print_and_hand_out_checkpoints(client: FlaskClient, world: World, clock) -> None:
    clerk = world.person("Clara Clerk", Role.CLERK)
    world.sign_in(client, clerk)
    assert "No checkpoint yet" in client.get(world.path("trail/checkpoints")).text
    assert "checkpoint</a> yet" in client.get(world.path("trail")).text
    page = client.post(world.path("trail/checkpoints"), follow_redirects=True).text
    made = newest(world)
    assert made is not None
    assert "— 127.0.0.1:8000/exampleton" in page
    assert 'role="img" aria-label="QR code of the signed note above"' in page
    assert "style=" not in page.partition("<figure")[2].partition("</figure")[0]
    answer = client.get(world.path(f"trail/checkpoints/{made.size}/note.txt"))
    assert answer.text == made.note
    assert answer.headers["Content-Disposition"] == f'attachment; filename="exampleton-{made.size}.txt"'
    assert "Last anchored" in client.get(world.path("trail")).text
    assert made.key in client.get(world.path("trail/checkpoints")).text
    clock.advance(days=3)
    world.sign_in(client, clerk)
    assert "A checkpoint is missing" in client.get(world.path("trail")).text


def test_the_council_settles_who_keeps_checkpoints_outside(client: FlaskClient, world: World) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    kept = {"version": "1", "outside": "chair@elsewhere.example\n\nchair@elsewhere.example\n audit@elsewhere.example"}
    assert (
        "chair@elsewhere.example, audit@elsewhere.example"
        in client.post(world.path("settings/keepers"), data=kept, follow_redirects=True).text
    )
    assert "chair@elsewhere.example\naudit" in client.get(world.path("settings/keepers")).text
    wrong = client.post(world.path("settings/keepers"), data={"version": "2", "outside": "not one"})
    assert wrong.status_code == 422
    assert "not one is not an email address" in wrong.text
    many = "\n".join(f"a{n}@b.example" for n in range(21))
    assert client.post(world.path("settings/keepers"), data={"version": "2", "outside": many}).status_code == 422


def test_the_installations_checkpoint_goes_to_nobody_by_mail_when_it_is_signed_on_demand(world: World) -> None:
    with world.house.work(None, None, "test") as work:
        assert make_checkpoint(work, keys_of(world)).chain == INSTALLATION_CHAIN
    with world.house.reading() as session:
        assert session.query(Message).count() == 0
