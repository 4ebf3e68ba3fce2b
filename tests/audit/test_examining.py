"""Every way of tampering with a trail is found and named, the last of them only by a note kept outside."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from registry.accounts.models import ServiceArea
from registry.audit import notes
from registry.audit.actions import make_checkpoint
from registry.audit.chain import Proof
from registry.audit.examining import examine
from registry.audit.keys import TrailKeys
from registry.audit.merkle import Frontier, leaf
from registry.audit.models import ChainHead
from registry.cli.audit import audit
from registry.core.errors import Refused
from tests.audit.attack import as_owner, rehash
from tests.world import World


@pytest.fixture
def note(world: World) -> str:
    """A chain of seven entries with a checkpoint at six, whose note somebody outside keeps."""
    for number in range(6):
        world.area(f"Area {number}")
    with world.work() as work:
        return make_checkpoint(work, TrailKeys.of(world.house)).note


def examined(world: World, *against: str, trusted: tuple[str, ...] = ()) -> Proof:
    with world.house.reading() as session:
        return examine(session, TrailKeys.of(world.house), world.council.id, against, trusted)


def found(world: World, *against: str) -> tuple[int, str] | None:
    broken = examined(world, *against).broken
    return (broken.seq, broken.kind.partition(":")[0]) if broken else None


def forget(world: World) -> None:
    """Somebody who may write the instance folder too."""
    for place in (world.house.settings.instance / "newest-notes").glob("*"):
        place.unlink()


def test_an_untouched_chain_agrees_with_the_note(world: World, note: str) -> None:
    assert found(world, note) is None
    other = world.another()
    assert examined(other, note).broken is None  # a note of another chain says nothing of this one


def test_a_chain_rewritten_whole_is_found_by_the_registers_own_checkpoint(world: World, note: str) -> None:
    rehash(world, 3, "demo.made", "demo.fake")
    assert found(world) == (1, "rewritten")


def test_a_chain_rewritten_and_signed_again_with_the_stolen_key_is_found_only_by_the_note_outside(
    world: World, note: str
) -> None:
    rehash(world, 3, "demo.made", "demo.fake")
    as_owner(world, "DELETE FROM audit_checkpoints")
    with world.work() as work:
        make_checkpoint(work, TrailKeys.of(world.house))
    forget(world)
    assert found(world) is None  # the attacker has everything that is here
    forget(world)
    assert found(world, note) == (1, "rewritten")


def test_a_chain_rewritten_and_signed_with_a_strangers_key_is_found_without_any_note(world: World, note: str) -> None:
    """The key that stands beside a checkpoint vouches for nothing: who wrote the one wrote the other."""
    rehash(world, 3, "demo.made", "demo.fake")
    stranger, origin = Ed25519PrivateKey.generate(), TrailKeys.of(world.house).origin(world.council.slug)
    with world.house.reading() as session:
        head = session.get_one(ChainHead, world.council.id)
    forged = notes.write(stranger, origin, head.seq, Frontier.read(head.seq, head.frontier).root())
    key = notes.verifier_key(origin, notes.public_bytes(stranger))
    as_owner(
        world,
        f"UPDATE audit_checkpoints SET size = {head.seq}, note = '{forged}', key = '{key}',"
        f" frontier = '{head.frontier}' WHERE chain = {world.council.id}",
    )
    forget(world)
    assert found(world) == (7, "vouched for by a note signed by another key")
    with pytest.raises(Refused, match="did not sign"), world.work() as work:
        make_checkpoint(work, TrailKeys.of(world.house))  # nor does the register sign what grew from it
    assert examined(world, trusted=(key,)).broken is None  # only somebody who keeps that key may say that it is right


def test_the_newest_note_ever_seen_is_remembered_outside_the_database(world: World, note: str) -> None:
    assert found(world, note) is None
    rehash(world, 3, "demo.made", "demo.fake")
    as_owner(world, "DELETE FROM audit_checkpoints")
    assert found(world) == (1, "rewritten")


def test_an_old_copy_of_the_database_is_shorter_than_the_note(world: World, note: str) -> None:
    chain = world.council.id
    as_owner(world, f"DELETE FROM audit_entries WHERE chain = {chain} AND seq > 4", "DELETE FROM audit_checkpoints")
    with world.house.behind.engine.execution_options(writes=True).begin() as connection:
        bodies = connection.exec_driver_sql(
            f"SELECT hash, body FROM audit_entries WHERE chain = {chain} ORDER BY seq"
        ).all()
    tree = Frontier()
    for row in bodies:
        tree.add(leaf(row.body.encode()))
    as_owner(
        world,
        f"UPDATE audit_heads SET seq = 4, hash = '{bodies[-1].hash}', frontier = '{tree.text()}' WHERE chain = {chain}",
    )
    assert found(world) is None
    assert found(world, note) == (5, "shrunk")
    assert "6 entries were noted outside" in examined(world, note).broken.kind


def test_where_rewriting_began_is_narrowed_down_by_every_checkpoint_that_still_agrees(world: World, note: str) -> None:
    for number in range(3):
        world.area(f"Later {number}")
    with world.work() as work:
        later = make_checkpoint(work, TrailKeys.of(world.house)).note
    rehash(world, 9, "demo.made", "demo.fake")
    assert found(world, note, later) == (7, "rewritten")


def test_a_note_with_a_bad_signature_is_no_witness(world: World, note: str) -> None:
    forged = note.replace("\n6\n", "\n5\n")
    broken = examined(world, forged).broken
    assert broken is not None
    last = note.rstrip().rpartition(" ")[2]
    unsigned = note.replace(last, "A" * 88 + last[88:])
    broken = examined(world, unsigned).broken
    assert broken is not None
    assert "bad signature" in broken.kind


def test_a_checkpoint_of_the_registers_own_with_a_bad_signature_is_named(world: World, note: str) -> None:
    as_owner(world, "UPDATE audit_checkpoints SET note = replace(note, '— 127', '— 128')")
    assert found(world) == (6, "vouched for by a note with a bad signature")
    as_owner(world, "UPDATE audit_checkpoints SET note = 'gone', key = 'gone'")
    assert found(world) == (6, "vouched for by a note with a bad signature")


def test_a_key_kept_outside_is_trusted_besides_our_own(world: World, note: str) -> None:
    key = Ed25519PrivateKey.generate()
    read = notes.read(note)
    former = notes.write(key, "old.example/exampleton", read.size, read.root)
    assert "bad signature" in examined(world, former).broken.kind
    line = notes.verifier_key("old.example/exampleton", notes.public_bytes(key))
    assert examined(world, former, trusted=(line,)).broken is None


def test_two_entries_of_one_number_are_a_fork(world: World, note: str) -> None:
    """Even past the primary key: the table rebuilt without it."""
    columns = "chain, seq, prev_hash, hash, body, at, act, actor_id, account_id"
    as_owner(
        world,
        f"CREATE TABLE rebuilt AS SELECT {columns} FROM audit_entries",
        f"INSERT INTO rebuilt SELECT {columns} FROM audit_entries WHERE chain = {world.council.id} AND seq = 3",
        "DROP TABLE audit_entries",
        "ALTER TABLE rebuilt RENAME TO audit_entries",
        *([] if world.house.database.is_sqlite else ["GRANT SELECT ON audit_entries TO PUBLIC"]),
    )
    assert found(world) == (3, "fork")


def test_the_head_alone_changed_is_found(world: World, note: str) -> None:
    as_owner(world, f"UPDATE audit_heads SET frontier = '' WHERE chain = {world.council.id}")
    assert found(world) == (7, "altered head")


@pytest.fixture
def verify(app: Flask, world: World, tmp_path: Path):
    def run(*arguments: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(audit, ["verify", *arguments])
        return result.exit_code, result.output

    return run


def test_the_command_tells_by_its_exit_what_it_found(verify, world: World, note: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(note)
    code, said = verify("--against", str(kept), "--replay")
    assert (code, "exampleton: 7 entries, whole" in said, "the installation: " in said) == (0, True, True)
    code, said = verify("--council", "exampleton", "--json", "--fast")
    assert (code, json.loads(said)["length"]) == (0, 7)
    rehash(world, 3, "demo.made", "demo.fake")
    code, said = verify("--against", str(kept))
    assert (code, "At entry 1 the trail is not the one that was vouched for" in said) == (2, True)
    assert verify("--council", "nowhere")[0] == 3
    assert verify("--against", str(tmp_path / "missing"))[0] == 3
    kept.write_text("no note")
    assert verify("--against", str(kept))[0] == 3


def test_a_trail_removed_whole_is_missed(verify, world: World, note: str, tmp_path: Path) -> None:
    """Not one entry, no head, no checkpoint, nothing remembered: nothing is left that could disagree with itself."""
    kept, chain = tmp_path / "kept.txt", world.council.id
    kept.write_text(note)
    tables = ("audit_entries", "audit_heads", "audit_checkpoints", "audit_sealed")
    as_owner(world, *(f"DELETE FROM {table} WHERE chain = {chain}" for table in tables))
    assert (verify()[0], "exampleton: 0 entries" in verify()[1]) == (0, True)
    code, said = verify("--against", str(kept))
    assert (code, "exampleton: NOT WHOLE. At entry 1 the trail is shorter than it was" in said) == (2, True)


def test_a_note_about_a_trail_that_is_not_here_is_told(verify, world: World, note: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(note)
    as_owner(world, "UPDATE councils SET slug = 'elsewhere' WHERE slug = 'exampleton'")
    code, said = verify("--against", str(kept))
    assert (code, "/exampleton, and no such trail is here" in said) == (2, True)


def test_entries_moved_to_a_chain_of_nobody_are_found(verify, world: World, note: str) -> None:
    as_owner(world, f"UPDATE audit_entries SET chain = 77 WHERE chain = {world.council.id} AND seq = 7")
    code, said = verify()
    assert (code, "entries were removed from the end" in said, "chain 77: NOT WHOLE" in said) == (2, True, True)


def test_the_command_names_rows_changed_past_the_register(verify, world: World, note: str) -> None:
    as_owner(world, "UPDATE service_areas SET name = 'Mine' WHERE name = 'Area 3'")
    code, said = verify("--replay")
    assert code == 2
    assert "of service_areas was changed past the register; last told of in entry 4 of exampleton" in said
    code, said = verify("--replay", "--json")
    assert json.loads(said.splitlines()[-1])["table"] == "service_areas"


def test_the_trails_other_commands(app: Flask, world: World, note: str) -> None:
    def run(*arguments: str, code: int = 0) -> str:
        result = app.test_cli_runner().invoke(audit, arguments)
        assert result.exit_code == code, result.output
        return result.output

    assert run("key", "--council", "exampleton").startswith("127.0.0.1:8000/exampleton+")
    assert run("checkpoint", "--council", "exampleton").startswith("127.0.0.1:8000/exampleton\n7\n")
    assert run("checkpoint").startswith("127.0.0.1:8000\n")
    assert "no such thing" in run("key", "--council", "nowhere", code=1)
    run("bundle", "99", "--council", "exampleton", code=1)
    as_owner(world, "UPDATE service_areas SET name = 'Mine' WHERE name = 'Area 3'")
    with world.house.reading() as session:
        area = session.query(ServiceArea).filter_by(name="Mine").one().id
    run("verify", "--replay", code=2)
    run("accept", "service_areas", str(area), "--reason", "Put right by hand", "--council", "exampleton")
    run("verify", "--replay")
    run("accept", "nothing", "1", "--reason", "x", code=1)
    run("accept", "service_areas", "1/2", "--reason", "x", code=1)
    person = world.person("Edith Editor")
    assert "Erased" in run("erase", str(person.id), "--yes")
    run("verify", "--replay")
