import base64
import os
import stat
from pathlib import Path

import pytest

from registry.core.keyfile import KeyTrouble, make_key, subkey
from registry.custody.rootkey import VARIABLE, EnvironmentRootKey, FileRootKey, RootKey

KEY = bytes.fromhex("8f" + "3a" * 15 + "c4" * 16)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "root.key"
    path.write_bytes(KEY)
    path.chmod(0o600)
    return path


def from_environment(text: str) -> EnvironmentRootKey:
    return EnvironmentRootKey({VARIABLE: text})


def encoded(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode()


def test_a_new_key_is_random_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    make_key(tmp_path / "one.key")
    one = FileRootKey(tmp_path / "one.key")
    make_key(tmp_path / "other.key")
    other = FileRootKey(tmp_path / "other.key")
    assert one.id() != other.id()
    assert stat.S_IMODE((tmp_path / "one.key").stat().st_mode) == 0o600
    assert len((tmp_path / "one.key").read_bytes()) == 32
    assert FileRootKey(tmp_path / "one.key").id() == one.id()


def test_an_existing_key_is_never_replaced(path: Path) -> None:
    with pytest.raises(KeyTrouble, match="never replaced"):
        make_key(path)
    assert path.read_bytes() == KEY


def test_a_key_is_not_made_through_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "root.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KeyTrouble):
        make_key(tmp_path / "root.key")
    assert not (tmp_path / "elsewhere").exists()


def test_a_key_needs_its_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyTrouble, match="Check its folder"):
        make_key(tmp_path / "missing" / "root.key")


def test_a_missing_key_is_never_made_up(tmp_path: Path) -> None:
    with pytest.raises(KeyTrouble, match="Put it back from its safe place"):
        FileRootKey(tmp_path / "root.key")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o601])
def test_a_key_others_may_open_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(KeyTrouble, match="chmod 600"):
        FileRootKey(path)


def test_a_key_of_another_user_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    someone_else = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: someone_else)
    with pytest.raises(KeyTrouble, match="belongs to another user"):
        FileRootKey(path)


def test_where_files_have_no_owner_only_the_key_itself_is_checked(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delattr(os, "geteuid")
    monkeypatch.delattr(os, "O_DIRECTORY")
    path.chmod(0o644)
    assert FileRootKey(path).id() == from_environment(encoded(KEY)).id()
    make_key(tmp_path / "new.key")
    assert FileRootKey(tmp_path / "new.key").id()


def test_a_symbolic_link_to_a_key_is_refused(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.key"
    link.symlink_to(path)
    with pytest.raises(KeyTrouble, match="symbolic link"):
        FileRootKey(link)


def test_what_is_not_a_plain_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(KeyTrouble, match="not a plain file"):
        FileRootKey(tmp_path / "pipe")
    with pytest.raises(KeyTrouble, match="cannot be read"):
        FileRootKey(tmp_path / "pipe" / "root.key")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_of_the_wrong_length_is_refused(path: Path, length: int) -> None:
    path.write_bytes(os.urandom(length))
    with pytest.raises(KeyTrouble, match="must have 32 bytes"):
        FileRootKey(path)


def test_the_environment_gives_the_key_once() -> None:
    environ = {VARIABLE: encoded(KEY), "HOME": "/nowhere"}
    key = EnvironmentRootKey(environ)
    assert environ == {"HOME": "/nowhere"}
    assert key.id() == from_environment(encoded(KEY).rstrip("=") + "\n").id()
    with pytest.raises(KeyTrouble, match="is not set"):
        EnvironmentRootKey(environ)


def test_a_refused_variable_is_removed_too() -> None:
    environ = {VARIABLE: "not base64url!"}
    with pytest.raises(KeyTrouble, match="not base64url"):
        EnvironmentRootKey(environ)
    assert environ == {}


@pytest.mark.parametrize("key", [bytes(32), b"\xaa" * 32, b"a sentence is not a random key.!"])
def test_a_key_that_is_not_random_is_refused(key: bytes, path: Path) -> None:
    assert len(key) == 32
    with pytest.raises(KeyTrouble, match="not random"):
        from_environment(encoded(key))
    path.write_bytes(key)
    with pytest.raises(KeyTrouble, match="not random"):
        FileRootKey(path)


@pytest.mark.parametrize("text", ["ÄÄÄÄ", encoded(KEY)[:-3], "", "abc$"])
def test_a_garbled_variable_is_refused(text: str) -> None:
    with pytest.raises(KeyTrouble):
        from_environment(text)


def test_only_the_same_key_unwraps_and_only_in_the_same_place(path: Path) -> None:
    root: RootKey = FileRootKey(path)
    blob = root.wrap(b"a council's key", b"council 1")
    assert root.unwrap(blob, b"council 1") == b"a council's key"
    assert root.wrap(b"a council's key", b"council 1") != blob
    with pytest.raises(KeyTrouble, match="altered or belongs elsewhere"):
        root.unwrap(blob, b"council 2")
    other = from_environment(encoded(os.urandom(32)))
    with pytest.raises(KeyTrouble, match=root.id()) as refusal:
        other.unwrap(blob, b"council 1")
    assert other.id() in refusal.value.sentence


def test_every_flipped_or_missing_byte_of_a_wrapped_key_is_refused(path: Path) -> None:
    root = FileRootKey(path)
    blob = root.wrap(bytes(32), b"")
    for place in range(len(blob)):
        flipped = blob[:place] + bytes([blob[place] ^ 1]) + blob[place + 1 :]
        with pytest.raises(KeyTrouble):
            root.unwrap(flipped, b"")
        with pytest.raises(KeyTrouble):
            root.unwrap(blob[:place], b"")


def test_the_name_of_a_key_tells_nothing_of_it(path: Path) -> None:
    root = FileRootKey(path)
    assert len(root.id()) == 16
    assert root.id() not in KEY.hex()
    assert root.status() == f"Root key {root.id()} is open; it was read from the file root.key."
    assert KEY.hex() not in repr(vars(root))
    assert "•••" in repr(vars(root))


def test_every_purpose_has_its_own_key() -> None:
    assert len({subkey(KEY, purpose) for purpose in (b"a", b"b", b"")} | {KEY}) == 4
