"""Renewing keys while the council goes on: what was sealed stays readable, what is sealed comes under the new key."""

import dataclasses
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from registry.core.errors import Conflict, Invalid
from registry.core.secret import Secret
from registry.custody import roots
from registry.custody.actions import deposit as deposits
from registry.custody.actions import keys, leaving, root, rotation
from registry.custody.envelope import Unreadable, key_id
from registry.custody.key_queries import (
    count_pending,
    count_wraps,
    find_council_key,
    find_root_key,
    find_sealed,
    list_keys,
)
from registry.custody.models import CouncilKey, Credential, Kind, SecretVersion
from registry.custody.models_keys import KeyRotation, Renewal, RootKeyRecord
from registry.custody.opening import custody_status, open_vault
from registry.custody.queries import current_version
from registry.custody.rootkey import FileRootKey
from registry.custody.roots import named_beside
from registry.custody.shred import shred
from registry.custody.vault import Place
from tests.custody.hall import VALUE, Hall
from tests.custody.test_sealing import CHEAP, WORDS, KeyService
from tests.custody.test_tamper import meddle, sealed_of


def begin(hall: Hall, renews: Renewal = Renewal.COUNCIL) -> None:
    with hall.world.work() as work:
        rotation.begin_rotation(work, hall.world.house.settings, renews)


def step(hall: Hall) -> bool:
    with hall.world.work() as work:
        return rotation.step(work, hall.world.house.settings)


def rotate(hall: Hall, renews: Renewal = Renewal.COUNCIL) -> None:
    begin(hall, renews)
    while step(hall):
        pass


def cut_off(hall: Hall) -> None:
    """Killed in the midst of a batch."""
    with hall.world.work() as work:
        rotation.step(work, hall.world.house.settings)
        raise KeyboardInterrupt


def council_keys(hall: Hall) -> list[CouncilKey]:
    with hall.world.house.reading() as session:
        return list(list_keys(session, hall.world.council.id))


def data_part(envelope: bytes) -> bytes:
    return envelope[81:]


def test_a_new_council_key_leaves_the_sealed_data_as_it_is_and_the_old_key_is_destroyed(hall: Hall) -> None:
    one, two = hall.deposit(), hall.deposit(Kind.API_TOKEN, "another value altogether")
    hall.replace(one, "the next value of it")
    before = sealed_of(hall, two)
    rotate(hall)
    new, old = council_keys(hall)
    after = sealed_of(hall, two)
    assert (new.version, key_id(after)) == (2, new.id)
    assert key_id(before) == old.id
    assert data_part(after) == data_part(before)
    assert (old.wrapped, old.marking) == (None, None)
    assert old.retired_at
    assert old.destroyed_at
    assert hall.look(one) == "the next value of it"
    assert hall.look(two) == "another value altogether"


def test_a_value_used_before_is_still_known_again_after_rotation(hall: Hall) -> None:
    credential = hall.deposit()
    rotate(hall)
    rotate(hall)
    with pytest.raises(Invalid, match="is or was in custody"):
        hall.replace(credential, VALUE)
    other = hall.world.account(hall.area, handle="Second")
    with hall.world.work(hall.ann) as work:
        brought = deposits.Deposit(Kind.PASSWORD, Secret(VALUE))
        kept = deposits.deposit(work, hall.vault(work), other.id, brought)
    assert any("The same value is in custody" in sentence for sentence in kept.warnings)


def test_new_data_keys_leave_the_value_and_its_version_as_they_are(hall: Hall) -> None:
    credential = hall.deposit()
    before = sealed_of(hall, credential)
    hall.world.clock.advance(minutes=1)
    rotate(hall, Renewal.DATA)
    after = sealed_of(hall, credential)
    assert data_part(after) != data_part(before)
    assert key_id(after) == key_id(before)
    assert hall.look(credential) == VALUE
    assert hall.exposures(credential)[0][:2] == (1, hall.ann.id)


def test_a_rotation_that_was_cut_off_goes_on_where_it_was(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    held = [hall.deposit(Kind.API_TOKEN, f"value number {n}") for n in range(5)]
    begin(hall)
    assert step(hall)
    with pytest.raises(KeyboardInterrupt):
        cut_off(hall)
    with hall.world.house.reading() as session:
        running = session.scalars(select(KeyRotation)).one()
        present = find_council_key(session, hall.world.council.id)
        assert (running.done, count_pending(session, running, present.id)) == (2, 3)
    late = hall.deposit(value="deposited in the middle of it")
    assert hall.look(held[0]) == "value number 0"
    assert hall.look(held[4]) == "value number 4"
    assert key_id(sealed_of(hall, late)) == present.id
    with pytest.raises(Conflict, match="Finish it first"):
        begin(hall)
    assert [step(hall) for _ in range(4)] == [True, True, False, False]
    assert {key_id(sealed_of(hall, each)) for each in (*held, late)} == {present.id}
    with hall.world.house.reading() as session:
        finished = session.scalars(select(KeyRotation)).one()
        assert (finished.done, finished.failed, count_wraps(session, hall.world.council.id)) == (5, 0, 11)
    assert finished.finished_at


def test_what_does_not_open_is_left_with_its_key_and_does_not_hold_up_the_rest(hall: Hall) -> None:
    broken, whole = hall.deposit(), hall.deposit(Kind.API_TOKEN, "a value that is whole")
    sealed = bytearray(sealed_of(hall, broken))
    sealed[40] ^= 1
    meddle(hall, broken, bytes(sealed))
    rotate(hall)
    assert hall.look(whole) == "a value that is whole"
    assert sealed_of(hall, broken) == bytes(sealed)
    with hall.world.house.reading() as session:
        assert session.scalars(select(KeyRotation)).one().failed == 1
    old = council_keys(hall)[1]
    assert old.retired_at
    assert old.wrapped is not None
    with pytest.raises(Unreadable):
        hall.look(broken)


def test_nothing_in_custody_has_no_key_to_renew(hall: Hall) -> None:
    with pytest.raises(Conflict, match="no key to renew"):
        begin(hall)


def test_rotation_goes_on_while_others_deposit_and_reveal(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root, council and data keys all change under the hands of people who notice nothing."""
    own_root_key(hall)
    monkeypatch.setattr(rotation, "BATCH", 3)
    held = {hall.deposit(Kind.API_TOKEN, f"value number {n}").id: f"value number {n}" for n in range(8)}
    made, troubles, over = dict[int, str](), list[BaseException](), threading.Event()

    def work_on(name: str) -> None:
        try:
            for number in range(6):
                value = f"{name} deposits number {number}"
                made[hall.deposit(Kind.API_TOKEN, value, label=f"{name} {number}").id] = value
                for known, expected in list(held.items())[number : number + 1]:
                    assert look_at(hall, known) == expected
        except BaseException as trouble:
            troubles.append(trouble)

    def rotate_on() -> None:
        try:
            while not over.is_set():
                for renews in Renewal:
                    rotate(hall, renews)
                root.rotate_root(hall.world.house.settings, hall.world.work, root.in_file(hall.world.house.settings))
        except BaseException as trouble:
            troubles.append(trouble)

    workers = [threading.Thread(target=work_on, args=(name,)) for name in ("Ann", "Ben")]
    rotating = threading.Thread(target=rotate_on)
    for thread in (rotating, *workers):
        thread.start()
    for worker in workers:
        worker.join()
    over.set()
    rotating.join()
    assert troubles == []
    for known, expected in (held | made).items():
        assert opened(hall, known) == expected
    assert council_keys(hall)[0].version > 2
    assert [row.wrapped for row in council_keys(hall)[1:]] == [None] * (len(council_keys(hall)) - 1)


def look_at(hall: Hall, credential_id: int) -> str:
    """What somebody who asks to see it sees."""
    with hall.world.house.reading() as session:
        credential = session.get_one(Credential, credential_id)
    return hall.look(credential)


def opened(hall: Hall, credential_id: int) -> str:
    """What lies in custody, opened without anybody looking: a day allows each only so many looks."""
    with hall.world.house.reading() as session:
        credential = session.get_one(Credential, credential_id)
        version, council = current_version(session, credential), hall.world.council.public_id
        found = find_sealed(session, version)
        assert found
        sealed, key = found
        place = Place(council, hall.account.public_id, credential.field, version.version)
        return open_vault(session, hall.world.house.settings).reveal(key, place, sealed).reveal()


def own_root_key(hall: Hall) -> None:
    """Give the hall a root key file of its own, which may be changed, in place of the one all tests share."""
    house = hall.world.house
    folder = house.settings.instance / "keys"
    folder.mkdir()
    path = folder / "root.key"
    path.write_bytes(house.settings.root_key_file.read_bytes())
    path.chmod(0o600)
    settings = dataclasses.replace(house.settings, root_key_file=path, unsealed_folder=folder)
    hall.world.house = dataclasses.replace(house, settings=settings)


def rotate_root(hall: Hall, new: root.NewRoot) -> str:
    return root.rotate_root(hall.world.house.settings, hall.world.work, new)


def is_open(hall: Hall) -> bool:
    with hall.world.house.reading() as session:
        return custody_status(session, hall.world.house.settings).is_open


def present_root(hall: Hall) -> RootKeyRecord:
    with hall.world.house.reading() as session:
        found = find_root_key(session)
    assert found
    return found


def test_a_new_root_key_opens_everything_and_the_old_one_nothing(hall: Hall) -> None:
    own_root_key(hall)
    credential, path = hall.deposit(), hall.world.house.settings.root_key_file
    rotate(hall)  # so that there is a handed-on key of the fingerprints too
    old = FileRootKey(path)
    assert rotate_root(hall, root.in_file(hall.world.house.settings)) == old.id()
    assert FileRootKey(path).id() == present_root(hall).id
    assert FileRootKey(named_beside(path, old.id())).id() == old.id()
    named_beside(path, old.id()).unlink()  # the hard shred: what an older backup holds is closed for good
    assert hall.look(credential) == VALUE
    with pytest.raises(Invalid):
        hall.replace(credential, VALUE)
    path.unlink()
    assert not is_open(hall)


def test_a_root_rotation_cut_off_before_or_after_it_counts_leaves_custody_open(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_root_key(hall)
    credential, settings = hall.deposit(), hall.world.house.settings
    before = present_root(hall).id
    waiting = root.in_file(settings)  # made, and then nothing more
    assert present_root(hall).id == before
    assert hall.look(credential) == VALUE
    with monkeypatch.context() as patched:
        patched.setattr(root, "settle_files", lambda *_: None)
        rotate_root(hall, waiting)  # counts, but the files were not put in their places
    assert FileRootKey(settings.root_key_file).id() == before
    assert hall.look(credential) == VALUE
    settings.root_key_file.unlink()
    assert hall.look(credential) == VALUE
    root.settle_files(settings, present_root(hall).id)
    root.settle_files(settings, present_root(hall).id)
    assert FileRootKey(settings.root_key_file).id() == waiting.key.id()
    assert hall.look(credential) == VALUE


def test_the_root_key_changes_over_to_a_passphrase_and_back(hall: Hall) -> None:
    own_root_key(hall)
    credential, settings = hall.deposit(), hall.world.house.settings
    with hall.world.house.reading() as session:
        installation = keys.get_installation(session).public_id
    rotate_root(hall, root.by_passphrase(settings, installation, WORDS, CHEAP))
    assert present_root(hall).provider == roots.PASSPHRASE
    assert hall.look(credential) == VALUE
    keys.seal(settings, hall.world.work)
    assert not is_open(hall)
    keys.unseal(settings, hall.world.work, WORDS)
    rotate_root(hall, root.in_file(settings))
    keys_before = present_root(hall)
    assert keys_before.provider == roots.FILE
    assert hall.look(credential) == VALUE


def test_the_root_key_changes_over_to_the_environment_or_a_key_service(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own_root_key(hall)
    credential = hall.deposit()
    monkeypatch.setattr(roots, "_taken", {})
    with pytest.raises(Conflict, match="Set SCR_ROOT_KEY"):
        root.in_environment()
    monkeypatch.setenv("SCR_ROOT_KEY", "A1b2" * 10 + "A1g")
    given = root.in_environment()
    rotate_root(hall, given)
    assert hall.look(credential) == VALUE
    with pytest.raises(Conflict, match="already in use"):
        rotate_root(hall, given)
    service = KeyService()
    monkeypatch.setitem(roots.PROVIDERS, "service", lambda *_: service)
    rotate_root(hall, root.NewRoot(service, "service"))
    assert hall.look(credential) == VALUE


def test_a_council_that_leaves_takes_everything_in_its_custody_with_it(hall: Hall, tmp_path: Path) -> None:
    credential = hall.deposit()
    begin(hall)
    wrapped = [row.wrapped for row in council_keys(hall)]
    with pytest.raises(Invalid, match="to confirm"), hall.world.work() as work:
        leaving.destroy_keys(work, "Another Council")
    with hall.world.work() as work:
        assert leaving.destroy_keys(work, " exampleton council ") == 1
    shred(hall.world.house.database)
    assert all(row.wrapped is None and row.destroyed_at for row in council_keys(hall))
    with hall.world.house.reading() as session:
        assert session.scalars(select(SecretVersion.envelope)).all() == [None]
        assert session.get_one(Credential, credential.id).destroyed_at
    if hall.world.house.database.is_sqlite:
        kept = b"".join(path.read_bytes() for path in tmp_path.glob("register.sqlite*"))
        assert not any(each and each in kept for each in wrapped)
    with pytest.raises(Conflict, match="nothing in custody"), hall.world.work() as work:
        leaving.destroy_keys(work, hall.world.council.name)
    again = hall.deposit(value="a first value after all")
    assert hall.look(again) == "a first value after all"
    assert council_keys(hall)[0].version == 3


def test_a_first_deposit_does_not_slip_under_a_root_key_that_was_just_changed(hall: Hall) -> None:
    own_root_key(hall)
    with hall.world.house.reading() as session:
        opened_before = open_vault(session, hall.world.house.settings)
    rotate_root(hall, root.in_file(hall.world.house.settings))
    with pytest.raises(Conflict, match="changed this moment"), hall.world.work(hall.ann) as work:
        deposits.deposit(work, opened_before, hall.account.id, deposits.Deposit(Kind.PASSWORD, Secret(VALUE)))


def test_a_council_leaves_also_while_nothing_is_renewed(hall: Hall) -> None:
    hall.deposit()
    with hall.world.work() as work:
        assert leaving.destroy_keys(work, "Exampleton Council") == 1
