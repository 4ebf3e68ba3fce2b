"""A custody with a passphrase: sealed at start, opened by whoever knows the words, closed again."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.cli.custody import custody
from registry.core.errors import Conflict, Invalid, Throttled
from registry.core.house import House
from registry.core.keyfile import KeyTrouble
from registry.core.secret import Secret
from registry.core.settings import Settings
from registry.councils import actions as councils
from registry.custody import roots
from registry.custody.actions import keys
from registry.custody.key_queries import find_root_key
from registry.custody.models_keys import RootKeyRecord
from registry.custody.opening import custody_status, open_vault, warnings
from registry.custody.passphrase import Cost
from registry.custody.roots import Sealed
from registry.custody.unsealed import is_in_memory
from registry.identity.models import Person
from registry.vocabulary.permissions import Role
from tests.custody.hall import VALUE, Hall, build
from tests.world import World

WORDS = Secret("orchard lantern gravel tuesday pepper window")
CHEAP = Cost(memory_kib=64, passes=1, lanes=1)


@pytest.fixture
def sealed(app: Flask, house: House, tmp_path: Path) -> Iterator[House]:
    """A house whose custody is locked with a passphrase and sealed."""
    memory = tmp_path / "memory"
    memory.mkdir()
    settings = dataclasses.replace(house.settings, root_key_file=tmp_path / "no root.key", unsealed_folder=memory)
    moved = dataclasses.replace(house, settings=settings)
    with moved.work(None, None, "test") as work:
        councils.set_up(work, is_demo=False)
        keys.set_up_custody(work, settings, WORDS, CHEAP)
    app.extensions["house"] = moved
    yield moved
    app.extensions["house"] = house


@pytest.fixture
def hall(sealed: House, clock) -> Hall:
    return build(World(sealed, clock))


def begin(house: House):
    return lambda: house.work(None, None, "test")


def unseal(house: House, words: Secret[str] = WORDS) -> None:
    keys.unseal(house.settings, begin(house), words)


def is_open(house: House) -> bool:
    with house.reading() as session:
        return custody_status(session, house.settings).is_open


def test_custody_is_sealed_at_start_and_says_so(sealed: House) -> None:
    with sealed.reading() as session:
        found = custody_status(session, sealed.settings)
        with pytest.raises(Sealed, match="Clerk unseals it"):
            open_vault(session, sealed.settings)
    assert not found.is_open
    assert found.is_sealed
    assert found.key_id == record_of(sealed).id


def record_of(house: House) -> RootKeyRecord:
    with house.reading() as session:
        found = find_root_key(session)
    assert found
    return found


def test_whoever_knows_the_words_opens_it_for_every_process_and_sealing_closes_it(hall: Hall, sealed: House) -> None:
    unseal(sealed)
    credential = hall.deposit()
    assert hall.look(credential) == VALUE
    another_process = dataclasses.replace(sealed, settings=dataclasses.replace(sealed.settings))
    assert is_open(another_process)
    keys.seal(sealed.settings, begin(sealed))
    assert not is_open(another_process)
    with pytest.raises(Sealed):
        hall.deposit(value="another value that waits")
    unseal(sealed, Secret("  Orchard LANTERN gravel tuesday\npepper window "))
    unseal(sealed)  # once more does no harm
    assert hall.look(credential) == VALUE


def test_the_open_key_lies_in_memory_only_sealed_and_only_for_its_owner(sealed: House) -> None:
    unseal(sealed)
    (lying,) = sealed.settings.unsealed_folder.iterdir()
    assert lying.stat().st_mode & 0o777 == 0o600
    root = keys.root_key_from(WORDS, record_of(sealed).parameters)
    assert root.sealed_by(bytes) not in lying.read_bytes()
    assert is_in_memory(Path("/dev/shm")) == Path("/dev/shm").is_mount()


def test_wrong_words_open_nothing_and_after_some_one_has_to_wait(app: Flask, sealed: House, clock) -> None:
    for _ in range(keys.IN_ALL):
        with pytest.raises(Invalid, match="not the passphrase"):
            unseal(sealed, Secret("six words that are not right"))
    ran = app.test_cli_runner().invoke(custody, ["unseal"], input=f"{WORDS.reveal()}\n")
    assert "tried too often. Try again in 15 minutes" in ran.output
    assert list(sealed.settings.unsealed_folder.iterdir()) == []
    clock.advance(minutes=16)
    for _ in range(2 * keys.IN_ALL):
        unseal(sealed)  # right words are no guesses


def test_one_persons_wrong_words_shut_nobody_else_out(hall: Hall, sealed: House, clock) -> None:
    clerks = [hall.world.person(f"Clerk {n}", Role.CLERK) for n in range(keys.IN_ALL // keys.BY_ONE + 1)]

    def tries(clerk: Person, words: Secret[str]) -> None:
        keys.unseal(sealed.settings, lambda: hall.world.work(clerk), words)

    def fails(clerk: Person) -> None:
        for _ in range(keys.BY_ONE):
            with pytest.raises(Invalid):
                tries(clerk, Secret("quite wrong words"))
        with pytest.raises(Throttled):
            tries(clerk, WORDS)

    fails(clerks[0])
    tries(clerks[1], WORDS)
    for clerk in clerks[1:-1]:
        fails(clerk)
    with pytest.raises(Throttled):  # all of them together
        tries(clerks[-1], WORDS)
    unseal(sealed)  # but never whoever sits at the server
    clock.advance(minutes=15)
    tries(clerks[0], WORDS)


def test_a_custody_without_passphrase_is_neither_sealed_nor_unsealed(world: World) -> None:
    for act in (lambda: unseal(world.house), lambda: keys.seal(world.house.settings, begin(world.house))):
        with pytest.raises(Conflict, match="no passphrase"):
            act()


def test_the_page_of_a_custody_without_passphrase_says_so_and_takes_no_words(world: World, client: FlaskClient) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    path = world.path("keys/unseal")
    for answer, status in ((client.get(path), 200), (client.post(path, data={"passphrase": "any"}), 409)):
        assert answer.status_code == status
        assert "This custody has no passphrase." in answer.text
        assert 'name="passphrase"' not in answer.text


@pytest.mark.parametrize("words", ["only five words are here", "one one one one one one one", "a b c d e f " * 50])
def test_a_passphrase_has_six_different_words(house: House, words: str) -> None:
    with pytest.raises(Invalid), house.work(None, None, "test") as work:
        keys.set_up_custody(work, house.settings, Secret(words), CHEAP)


def browser_of(hall: Hall, client: FlaskClient, *roles: Role) -> FlaskClient:
    hall.world.sign_in(client, hall.world.person("Kim Keeper", *roles))
    return client


def test_the_clerk_unseals_in_the_browser_and_everybody_is_told_meanwhile(hall: Hall, client: FlaskClient) -> None:
    clerk = browser_of(hall, client, Role.CLERK)
    home = clerk.get(hall.world.path())
    assert home.status_code == 200
    assert "Custody is sealed." in home.text
    assert "Unseal it" in home.text
    door = hall.world.path(f"accounts/{hall.account.id}/custody/deposit/password")
    closed = clerk.get(door)
    assert closed.status_code == 503
    assert "Unseal custody" in closed.text
    wrong = clerk.post(hall.world.path("keys/unseal"), data={"passphrase": "quite wrong words"})
    assert wrong.status_code == 422
    assert "quite wrong words" not in wrong.text
    hall.world.clock.advance(seconds=2)
    clerk.post(hall.world.path("keys/unseal"), data={"passphrase": WORDS.reveal()})
    assert "Custody is open again." in clerk.get(hall.world.path("keys")).text
    assert clerk.get(door).status_code != 503
    clerk.post(hall.world.path("keys/seal"))
    assert clerk.get(door).status_code == 503


def test_the_administrator_may_seal_but_neither_unseal_nor_reveal(hall: Hall, client: FlaskClient) -> None:
    unseal(hall.world.house)
    credential = hall.deposit()
    administrator = browser_of(hall, client, Role.ADMINISTRATOR)
    assert "Seal custody" in administrator.get(hall.world.path("keys")).text
    assert administrator.post(hall.world.path("keys/seal")).status_code == 302
    page = administrator.get(hall.world.path("keys"))
    assert "Only the Clerk unseals it here." in page.text
    assert "Unseal custody" not in page.text
    assert administrator.post(hall.world.path("keys/unseal"), data={"passphrase": "x"}).status_code == 403
    assert administrator.get(hall.world.path(f"custody/{credential.id}/reveal")).status_code == 403


def test_an_editor_is_told_but_not_offered_to_unseal(hall: Hall, client: FlaskClient) -> None:
    hall.world.sign_in(client, hall.ann)
    home = client.get(hall.world.path())
    assert "Custody is sealed." in home.text
    assert "Unseal it" not in home.text


def test_a_key_service_fits_behind_the_same_interface(
    house: House, clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wraps and unwraps elsewhere; neither the register nor this test ever holds its key."""
    service = KeyService()
    monkeypatch.setitem(roots.PROVIDERS, "service", lambda *_: service)
    with house.work(None, None, "test") as work:
        councils.set_up(work, is_demo=False)
        keys.enter_root_key(work, house.settings, service, "service")
    hall = build(World(house, clock))
    assert hall.look(hall.deposit()) == VALUE
    with house.reading() as session:
        assert custody_status(session, house.settings).sentence == "The key service is at hand."
        assert warnings(session, dataclasses.replace(house.settings, root_key_file=tmp_path / "none")) == []


class KeyService:
    """A stand-in for a key management service: it gives handles for blobs, and blobs for handles."""

    def __init__(self) -> None:
        self._kept: dict[bytes, tuple[bytes, bytes]] = {}

    def wrap(self, blob: bytes, aad: bytes) -> bytes:
        handle = b"SCW1" + bytes.fromhex(self.id()) + len(self._kept).to_bytes(4, "big")
        self._kept[handle] = (blob, aad)
        return handle

    def unwrap(self, blob: bytes, aad: bytes) -> bytes:
        kept, bound = self._kept[blob]
        if bound != aad:
            raise KeyTrouble("The key service refuses.")
        return kept

    def id(self) -> str:
        return "5e" * 8

    def status(self) -> str:
        return "The key service is at hand."


def test_where_keys_lie_unwisely_is_said(world: World, sealed_settings: Settings) -> None:
    with world.house.reading() as session:
        assert warnings(session, world.house.settings) == []
        said = warnings(session, sealed_settings)
    assert any("same folder as the database" in sentence for sentence in said)
    assert any("Others may write" in sentence for sentence in said)


@pytest.fixture
def sealed_settings(world: World, tmp_path: Path) -> Settings:
    """Settings with the key beside the database, in a folder open to all."""
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    (folder / "root.key").write_bytes(world.house.settings.root_key_file.read_bytes())
    return dataclasses.replace(
        world.house.settings, root_key_file=folder / "root.key", database_url=f"sqlite:///{folder}/register.sqlite"
    )


def test_a_passphrase_needs_a_folder_in_memory(sealed: House, tmp_path: Path) -> None:
    with sealed.reading() as session:
        on_disk = dataclasses.replace(sealed.settings, unsealed_folder=Path("/proc"))
        assert "not known to be in memory" in warnings(session, on_disk)[0]
        if is_in_memory(Path("/dev/shm")):
            assert warnings(session, dataclasses.replace(sealed.settings, unsealed_folder=Path("/dev/shm"))) == []
