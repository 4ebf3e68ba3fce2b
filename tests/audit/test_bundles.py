"""One entry with its proof is checked by a script that knows nothing of the register, and a forged one is not."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient

from registry.audit import notes
from registry.audit.actions import erase_person_details, make_checkpoint
from registry.audit.bundles import as_file, bundle
from registry.audit.keys import TrailKeys
from registry.core.errors import Conflict, NotFound
from registry.core.work import Subject
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.audit.attack import as_owner
from tests.world import World

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_bundle.py"


def signed(world: World) -> str:
    with world.work() as work:
        return make_checkpoint(work, TrailKeys.of(world.house)).note


def made_of(world: World, seq: int) -> dict[str, Any]:
    with world.house.reading() as session:
        return bundle(session, TrailKeys.of(world.house), world.council.id, seq)


@pytest.fixture
def told(world: World) -> int:
    """An entry with somebody's own details in it, between others, under the second of two checkpoints."""
    for number in range(4):
        world.area(f"Area {number}")
    signed(world)
    ann = world.person("Ann Example")
    with world.work(ann) as work:
        work.record(Event.EDITOR_STOOD_DOWN, Subject("Editorship", 1), person="Bea", area="Waste", reason="She moved")
    world.area("Later")
    signed(world)
    return 7


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    def run(made: dict[str, Any], *kept: str) -> tuple[int, str]:
        files = [tmp_path / f"{number}.txt" for number in range(1 + len(kept))]
        for file, text in zip(files, (as_file(made), *kept), strict=True):
            file.write_text(text, encoding="utf-8")
        result = subprocess.run(
            [sys.executable, "-I", str(SCRIPT), *map(str, files)], capture_output=True, text=True, cwd="/", check=False
        )
        return result.returncode, result.stdout + result.stderr

    return run


def test_a_bundle_is_proved_by_the_script_alone_and_its_details_are_opened(world: World, told: int, check) -> None:
    made = made_of(world, told)
    code, said = check(made, TrailKeys.of(world.house).verifier("exampleton"), made["note"])
    assert (code, said.splitlines()[-1]) == (0, "PROVED")
    assert '"reason": "She moved"' in said
    assert check(made)[1].splitlines()[-1].startswith("PROVED by the bundle's own key only")


def test_a_note_of_another_size_proves_nothing_and_accuses_nobody(world: World, told: int, check) -> None:
    earlier, later = made_of(world, 1), made_of(world, told)
    code, said = check(earlier, earlier["key"], later["note"])
    assert (code, said.strip()) == (3, "NOT COMPARED: your note is at 8 entries, the proof at 4: give that note")


def test_what_cannot_be_read_proves_nothing_and_accuses_nobody(tmp_path: Path) -> None:
    scrap = tmp_path / "scrap.json"
    scrap.write_text("no JSON")
    for given in ([], [scrap], [tmp_path / "nowhere.json"]):
        ran = subprocess.run(
            [sys.executable, "-I", str(SCRIPT), *map(str, given)], capture_output=True, text=True, check=False
        )
        assert (ran.returncode, ran.stdout[:9], ran.stderr) == (3, "NOT READ:", "")


def test_every_entry_has_its_proof_under_the_first_checkpoint_that_covers_it(world: World, told: int, check) -> None:
    sizes = {seq: notes.read(made_of(world, seq)["note"]).size for seq in range(1, 9)}
    assert sizes == {1: 4, 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 8: 8}
    assert check(made_of(world, 1))[0] == check(made_of(world, 8))[0] == 0
    with pytest.raises(Conflict, match="No checkpoint covers"):
        made_of(world, 9)
    with pytest.raises(NotFound):
        made_of(world, 99)


def resigned(made: dict[str, Any]) -> dict[str, Any]:
    """Signed by a key of the forger's own."""
    key, read = Ed25519PrivateKey.generate(), notes.read(made["note"])
    return made | {
        "note": notes.write(key, read.origin, read.size, read.root),
        "key": notes.verifier_key(read.origin, notes.public_bytes(key)),
    }


FORGERIES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "the entry": lambda made: made | {"body": made["body"].replace("Waste", "Parks")},
    "its number": lambda made: made | {"body": made["body"].replace('"seq":7', '"seq":6')},
    "a step of the proof": lambda made: made | {"proof": [made["proof"][0][::-1], *made["proof"][1:]]},
    "a step too few": lambda made: made | {"proof": made["proof"][:-1]},
    "a step too many": lambda made: made | {"proof": [*made["proof"], "00" * 32]},
    "the note": lambda made: made | {"note": made["note"].replace("\n8\n", "\n9\n")},
    "the details": lambda made: (
        made | {"details": [made["details"][0] | {"ciphertext": base64.b64encode(b"x" * 60).decode()}]}
    ),
    "the details' key": lambda made: (
        made | {"details": [made["details"][0] | {"key": base64.b64encode(b"k" * 32).decode()}]}
    ),
    "the details' place": lambda made: made | {"details": [made["details"][0] | {"place": "scr/trail/detail/1/6/1"}]},
    "the key": lambda made: made | {"key": made["key"][:-6] + "AAAAA="},
    "another name's key": lambda made: made | {"key": "elsewhere" + made["key"]},
    "no JSON object": lambda made: {"nothing": made},
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_bundle_is_not_proved(world: World, told: int, check, what: str) -> None:
    if not world.house.database.is_sqlite:
        pytest.skip("what a file says does not depend on the database it came from")
    code, said = check(FORGERIES[what](made_of(world, told)))
    assert code == 2, said
    assert said.startswith("FORGED")


def test_a_bundle_signed_by_the_forger_is_unmasked_by_the_key_kept_outside(world: World, told: int, check) -> None:
    forged = resigned(made_of(world, told))
    assert check(forged)[0] == 0  # it agrees with itself, and the script says that this is all it proves
    assert check(forged, TrailKeys.of(world.house).verifier("exampleton"))[0] == 2


def test_after_erasure_the_entry_is_still_proved_and_its_details_stay_closed(world: World, told: int, check) -> None:
    ann = json.loads(made_of(world, told)["body"])["actor"]
    with world.work() as work:
        erase_person_details(work, ann)
    code, said = check(made_of(world, told))
    assert code == 0
    assert "She moved" not in said
    assert '"area": "Waste"' in said


def test_the_entrys_page_opens_its_proof_and_hands_out_the_bundle(
    client: FlaskClient, world: World, told: int, check
) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    page = client.get(world.path(f"trail/{told}")).text
    assert "Proved" in page
    assert "checkpoint at 8 entries" in page
    assert made_of(world, told)["proof"][0] in page
    answer = client.get(world.path(f"trail/{told}/proof.json"))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="exampleton-entry-{told}.json"'
    assert check(answer.json)[0] == 0
    assert "None covers it yet" in client.get(world.path("trail/9")).text
    as_owner(world, f"UPDATE audit_entries SET body = replace(body, 'Waste', 'Parks') WHERE seq = {told}")
    assert "Not proved" in client.get(world.path(f"trail/{told}")).text


def test_a_bundle_is_not_for_those_who_only_read_the_trail(client: FlaskClient, world: World, told: int) -> None:
    world.sign_in(client, world.person("Cora Comms", Role.COMMS))
    assert "proof.json" not in client.get(world.path(f"trail/{told}")).text
    assert client.get(world.path(f"trail/{told}/proof.json")).status_code == 403
