import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.core.keyfile import KeyTrouble, make_key
from registry.core.secret import Secret
from registry.custody.envelope import Fault, Unreadable, pack
from registry.custody.rootkey import FileRootKey
from registry.custody.vault import Place, Vault, WrappedKey

INSTALLATION, COUNCIL, ACCOUNT = b"\x10" * 16, b"\xc1" * 16, b"\xa1" * 16
PASSWORD = Place(COUNCIL, ACCOUNT, "password", 1)
VALUE = Secret("ŵylan-7-tŷ")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> FileRootKey:
    path = tmp_path_factory.mktemp("keys") / "root.key"
    make_key(path)
    return FileRootKey(path)


@pytest.fixture(scope="module")
def vault(root: FileRootKey) -> Vault:
    return Vault(root, INSTALLATION)


@pytest.fixture(scope="module")
def key(vault: Vault) -> WrappedKey:
    return vault.new_council_key(COUNCIL)


def test_what_is_deposited_can_be_revealed(vault: Vault, key: WrappedKey, root: FileRootKey) -> None:
    sealed = vault.deposit(key, PASSWORD, VALUE)
    assert vault.reveal(key, PASSWORD, sealed) == VALUE
    assert VALUE.reveal().encode() not in sealed
    assert Vault(root, INSTALLATION).reveal(key, PASSWORD, sealed) == VALUE


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PASSWORD, account=b"\xa2" * 16),
        replace(PASSWORD, field="totp"),
        replace(PASSWORD, version=2),
    ],
    ids=["account", "field", "version"],
)
def test_a_secret_opens_only_in_its_place(vault: Vault, key: WrappedKey, elsewhere: Place) -> None:
    sealed = vault.deposit(key, PASSWORD, VALUE)
    with pytest.raises(Unreadable) as refusal:
        vault.reveal(key, elsewhere, sealed)
    assert refusal.value.reason == Fault.TAMPERED


def test_one_councils_key_does_not_serve_another(vault: Vault, key: WrappedKey) -> None:
    with pytest.raises(KeyTrouble):
        vault.deposit(key, replace(PASSWORD, council=b"\xc2" * 16), VALUE)


def test_another_installation_cannot_open_the_council_key(root: FileRootKey, key: WrappedKey) -> None:
    with pytest.raises(KeyTrouble):
        Vault(root, b"\x20" * 16).deposit(key, PASSWORD, VALUE)


def test_a_key_row_altered_after_it_was_opened_is_refused(vault: Vault, key: WrappedKey) -> None:
    vault.deposit(key, PASSWORD, VALUE)
    with pytest.raises(KeyTrouble):
        vault.deposit(replace(key, wrapped=key.wrapped[:-1] + b"\x00\x00"), PASSWORD, VALUE)
    with pytest.raises(KeyTrouble):
        vault.deposit(replace(key, id=b"\x07" * 16), PASSWORD, VALUE)


def test_the_councils_key_can_be_changed_without_opening_anything(vault: Vault, key: WrappedKey) -> None:
    new = vault.new_council_key(COUNCIL)
    sealed = vault.deposit(key, PASSWORD, VALUE)
    rewrapped = vault.rewrap(key, new, PASSWORD, sealed)
    assert rewrapped[81:] == sealed[81:]
    assert vault.reveal(new, PASSWORD, rewrapped) == VALUE
    with pytest.raises(Unreadable) as refusal:
        vault.reveal(key, PASSWORD, rewrapped)
    assert refusal.value.reason == Fault.UNKNOWN_KEY


def test_a_reused_value_is_recognised_by_its_fingerprint(vault: Vault, key: WrappedKey) -> None:
    mark = vault.fingerprint(key, COUNCIL, "password", VALUE)
    assert len(mark) == 32
    assert mark == vault.fingerprint(key, COUNCIL, "password", Secret(VALUE.reveal()))
    assert mark != vault.fingerprint(key, COUNCIL, "password", Secret("another"))
    assert mark != vault.fingerprint(key, COUNCIL, "token", VALUE)
    assert mark != vault.fingerprint(vault.new_council_key(COUNCIL), COUNCIL, "password", VALUE)


def test_the_right_root_key_is_known_again(vault: Vault, root: FileRootKey) -> None:
    canary = vault.make_canary()
    vault.check_canary(canary)
    Vault(root, INSTALLATION).check_canary(canary)


def test_a_wrong_root_key_is_named_and_nothing_is_made(vault: Vault, tmp_path: Path) -> None:
    make_key(tmp_path / "other.key")
    other = FileRootKey(tmp_path / "other.key")
    canary = vault.make_canary()
    with pytest.raises(KeyTrouble, match=other.id()):
        Vault(other, INSTALLATION).check_canary(canary)
    assert [path.name for path in tmp_path.iterdir()] == ["other.key"]


def test_a_canary_of_another_installation_is_refused(vault: Vault, root: FileRootKey) -> None:
    with pytest.raises(KeyTrouble):
        Vault(root, b"\x20" * 16).check_canary(vault.make_canary())


def test_a_canary_that_says_something_else_is_refused(vault: Vault, root: FileRootKey) -> None:
    forged = root.wrap(b"something else", pack(b"scr/canary/v1", INSTALLATION))
    with pytest.raises(KeyTrouble, match="not the register's own"):
        vault.check_canary(forged)


def test_an_installation_has_a_proper_id(root: FileRootKey) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Vault(root, b"short")


def test_the_vault_shows_no_key_when_dumped(vault: Vault, key: WrappedKey) -> None:
    vault.deposit(key, PASSWORD, VALUE)
    assert "•••" in repr(vars(vault))


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.integers(0, 2**32 - 1),
)
def test_any_value_comes_back_as_it_went_in(vault: Vault, key: WrappedKey, value: str, version: int) -> None:
    place = Place(COUNCIL, os.urandom(16), "password", version)
    assert vault.reveal(key, place, vault.deposit(key, place, Secret(value))).reveal() == value
