"""What is somebody's own in the trail is sealed under their key, read on its pages, and erased without a gap."""

import ast
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.exc import DatabaseError

from registry.audit.actions import erase_person_details
from registry.audit.chain import verify
from registry.audit.keys import TrailKeys
from registry.audit.models import Entry, PersonKey, Sealed
from registry.audit.replay import replay
from registry.core.errors import Conflict, NotFound, Refused
from registry.core.tenants import Beyond
from registry.core.work import Subject
from registry.identity.models import Person
from registry.vocabulary.details import OPEN, PERSONAL
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.audit.attack import as_owner
from tests.counting import statements
from tests.trail import entries_of, whole
from tests.world import World

TOP = Path(__file__).parents[2]


def test_every_detail_of_every_event_is_classified() -> None:
    assert not OPEN & PERSONAL.keys()
    unknown = {}
    for path in (TOP / "registry").glob("**/*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "record":
                for keyword in call.keywords:
                    if keyword.arg and keyword.arg not in OPEN | PERSONAL.keys():
                        unknown[keyword.arg] = path.name
    assert unknown == {}, "say in registry/vocabulary/details.py whether these are somebody’s own"


def told(world: World, actor: Person, **detail: object) -> str:
    with world.work(actor) as work:
        work.record(Event.EDITOR_NAMED, Subject("Editorship", 1), **detail)
    with world.house.reading() as session:
        query = sa.select(Entry.body).where(Entry.chain == world.council.id).order_by(Entry.seq.desc())
        return session.scalars(query.limit(1)).one()


def test_names_and_reasons_are_sealed_for_whom_they_are_about_and_codes_are_not(world: World) -> None:
    ann, bea = world.person("Ann Example"), world.person("Bea Example")
    text = told(world, ann, person="Bea Example", person_id=bea.id, reason="She knows it", area="Waste", strange="x")
    body = json.loads(text)
    assert body["detail"] == {"person_id": bea.id, "area": "Waste"}
    assert {(one["person"], tuple(one["keys"])) for one in body["sealed"]} == {
        (bea.id, ("person",)),
        (ann.id, ("reason", "strange")),
    }
    assert "Bea" not in text
    assert whole(world.house, text)[0]["detail"] == {
        "person": "Bea Example",
        "person_id": bea.id,
        "reason": "She knows it",
        "area": "Waste",
        "strange": "x",
    }


def test_what_is_nobodys_in_particular_stays_open(world: World) -> None:
    with world.work() as work:
        work.record(Event.FLAG_RAISED, Subject("Account", 1), message="It is silent.", reason="by rule")
        work.record(Event.FLAG_RAISED, Subject("Person", 98765), message="Nobody we know.")
    bodies = entries_of(world.house, world.council.id, "flag.raised")
    assert [body["detail"]["message"] for body in bodies] == ["It is silent.", "Nobody we know."]


def test_erasing_somebody_leaves_the_chain_whole_and_says_so_on_the_page(client: FlaskClient, world: World) -> None:
    clerk, leaver = world.person("Clara Clerk", Role.CLERK), world.person("Edith Editor")
    text = told(world, clerk, person="Edith Editor", person_id=leaver.id, reason="Kept", area="Waste")
    with world.house.work(None, None, "test", Beyond.KEEPER) as work:
        erase_person_details(work, leaver.id)
    assert whole(world.house, text)[0]["detail"]["person"] == "(erased)"
    assert whole(world.house, text)[0]["detail"]["reason"] == "Kept"
    with world.house.reading() as session:
        assert verify(session, world.council.id).broken is None
        assert verify(session, 0).broken is None
        assert replay(session, TrailKeys.of(world.house)) == []
    world.sign_in(client, clerk)
    assert "named (erased) as an editor for Waste" in client.get(world.path("trail")).text
    later = told(world, leaver, reason="Nobody keeps this", area="Waste")
    assert json.loads(later)["sealed"] == [{"person": leaver.id, "keys": ["reason"], "sha256": None}]
    with world.work() as work, pytest.raises(Conflict):
        erase_person_details(work, leaver.id)
    with world.work() as work, pytest.raises(NotFound):
        erase_person_details(work, 98765)


def test_somebody_of_whom_the_trail_never_told_can_be_erased_too(world: World) -> None:
    with world.house.work(None, None, "test") as work:
        person = Person(name="Unknown", email="u@n.example", added_at=work.now)
        work.session.add(person)
        work.record(Event.DEMO_MADE)
    as_owner(world, f"DELETE FROM person_keys WHERE person_id = {person.id}")
    with world.house.work(None, None, "test", Beyond.KEEPER) as work:
        erase_person_details(work, person.id)
    with world.house.reading() as session:
        assert session.get_one(PersonKey, person.id).sealed is None


def test_a_refusals_reasons_are_read_on_the_page(client: FlaskClient, world: World) -> None:
    clerk = world.person("Clara Clerk", Role.CLERK)
    with pytest.raises(Refused), world.work(clerk):
        raise Refused("The policy says no.")
    world.sign_in(client, clerk)
    assert "was refused: The policy says no." in client.get(world.path("trail")).text


@pytest.mark.parametrize("change", ["ciphertext = {other}", "person_id = person_id + 1000"])
def test_sealed_details_swapped_or_removed_are_found(world: World, change: str) -> None:
    ann = world.person("Ann Example")
    told(world, ann, reason="The one")
    told(world, ann, reason="The other")
    with world.house.reading() as session:
        first = session.scalars(sa.select(Sealed).where(Sealed.chain == world.council.id).order_by(Sealed.seq)).first()
    assert first is not None
    other = f"(SELECT ciphertext FROM audit_sealed WHERE chain = {first.chain} AND seq = {first.seq + 1})"
    set_to = change.format(other=other)
    as_owner(world, f"UPDATE audit_sealed SET {set_to} WHERE chain = {first.chain} AND seq = {first.seq}")
    with world.house.reading() as session:
        broken = verify(session, world.council.id).broken
    assert broken is not None
    assert (broken.seq, broken.kind) == (first.seq, "altered details")
    bodies = entries_of(world.house, world.council.id, "editor.named")
    assert bodies[0]["detail"]["reason"] in ("(unreadable)", "(erased)")


@pytest.mark.parametrize("statement", ["UPDATE audit_sealed SET seq = 9", "DELETE FROM audit_sealed"])
def test_the_database_keeps_sealed_details_from_change(world: World, statement: str) -> None:
    told(world, world.person("Ann Example"), reason="The one")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        world.house.behind.engine.execution_options(writes=True).begin() as connection,
    ):
        connection.exec_driver_sql(statement)


def test_details_are_opened_in_a_fixed_number_of_statements(world: World) -> None:
    texts = [told(world, world.person(f"Person {number}"), reason="x") for number in range(5)]
    with statements(world.house) as sent:
        whole(world.house, *texts)
    assert len(sent) <= 2
