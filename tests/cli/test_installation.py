"""Setting up on a fresh machine, as its keeper would: real commands in real processes."""

import os
import re
import socket
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from registry.cli import database
from registry.custody.rootkey import FileRootKey
from tests.cli.running import TOP, afresh, flask


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A real register just set up, and what the command said."""
    instance = tmp_path_factory.mktemp("real") / "instance"
    ran = afresh(
        instance,
        "init",
        "--council",
        "Example Parish Council",
        "--clerk",
        "Clara Clerk",
        "--email",
        "clara@parish.example",
    )
    assert ran.returncode == 0, ran.stderr
    return instance, ran.stdout


def test_a_real_register_has_one_clerk_one_link_and_no_password(founded: tuple[Path, str]) -> None:
    instance, said = founded
    assert re.search(r"http://localhost:8000/new-password/[\w-]{40,}", said)
    with sqlite3.connect(instance / "register.sqlite") as database:
        assert database.execute("SELECT name, password_hash FROM people").fetchall() == [("Clara Clerk", None)]
        assert database.execute("SELECT slug FROM councils").fetchall() == [("example-parish",)]
        assert database.execute("SELECT is_demo FROM installation").fetchall() == [(0,)]
        assert database.execute("SELECT count(*) FROM accounts").fetchall() == [(0,)]
        token = said.split("/new-password/")[1].split()[0]
        assert token not in "".join(database.iterdump())


@pytest.mark.skipif(os.name != "posix", reason="file modes")
def test_keys_and_settings_are_for_their_owner_alone(founded: tuple[Path, str]) -> None:
    for name in ("root.key", "settings.toml"):
        assert stat.S_IMODE((founded[0] / name).stat().st_mode) == 0o600


def test_setting_up_twice_changes_nothing(founded: tuple[Path, str]) -> None:
    instance, _ = founded
    before = (instance / "settings.toml").read_text()
    ran = flask(instance, "init", "--council", "Other", "--clerk", "Other", "--email", "other@parish.example")
    assert ran.returncode == 1
    assert "set up already; nothing was changed" in ran.stderr
    assert (instance / "settings.toml").read_text() == before


def test_the_demonstration_never_touches_a_real_register(founded: tuple[Path, str]) -> None:
    ran = flask(founded[0], "demo")
    assert ran.returncode == 1
    assert "holds a real council" in ran.stderr


def test_the_trail_verifies_and_says_where_it_was_tampered_with(founded: tuple[Path, str], tmp_path: Path) -> None:
    instance, _ = founded
    whole = flask(instance, "audit", "verify")
    assert (whole.returncode, "whole" in whole.stdout) == (0, True)
    copy = tmp_path / "copy.sqlite"
    with sqlite3.connect(instance / "register.sqlite") as source, sqlite3.connect(copy) as target:
        source.backup(target)
    with sqlite3.connect(copy) as database:
        database.execute("DROP TRIGGER audit_entries_no_update")
        database.execute(
            "UPDATE audit_entries SET body = replace(body, 'person.added', 'person.adder') WHERE chain = 1 AND seq = 1"
        )
    tampered = flask(instance, "audit", "verify", REGISTER_DATABASE_URL=f"sqlite:///{copy}")
    assert tampered.returncode == 2
    assert "NOT WHOLE" in tampered.stdout
    assert "(altered)" in tampered.stdout
    with sqlite3.connect(copy) as database:
        database.execute("DROP TABLE audit_entries")
    assert flask(instance, "audit", "verify", REGISTER_DATABASE_URL=f"sqlite:///{copy}").returncode == 3


def test_a_taken_port_is_one_clear_sentence(founded: tuple[Path, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = flask(founded[0], "serve", "--port", str(port))
    assert ran.returncode == 1
    assert f"Port {port} is taken" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_register_that_was_never_set_up_says_what_to_do(tmp_path: Path) -> None:
    ran = flask(tmp_path, "audit", "verify")
    assert ran.returncode == 1
    assert "secret_key is missing" in ran.stderr
    assert "Traceback" not in ran.stderr
    server = subprocess.run(
        [sys.executable, "-c", "import app; app.create_app()"],
        cwd=TOP,
        env=os.environ | {"REGISTER_INSTANCE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert server.returncode == 4  # on which gunicorn ends too, instead of trying for ever
    assert "The register cannot start." in server.stderr
    assert "Traceback" not in server.stderr


def test_missing_key_never_regenerates(founded: tuple[Path, str]) -> None:
    instance, _ = founded
    key = instance / "root.key"
    kept = key.read_bytes()
    copy = instance / "copy.key"
    key.rename(copy)
    try:
        ran = flask(instance, "init", "--council", "Other", "--clerk", "Other", "--email", "other@parish.example")
        assert not key.exists()
        assert f"its custody is locked with root key {FileRootKey(copy).id()}." in ran.stderr
        assert "Put it back from its safe place" in ran.stderr
        assert "No key was made and nothing was changed." in ran.stderr
        said = flask(instance, "custody", "status")
        assert said.returncode == 1
        assert "There is no root key" in said.stdout
    finally:
        copy.rename(key)
    assert key.read_bytes() == kept


def test_a_register_may_be_set_up_with_a_passphrase_and_unsealed_for_the_running_server(tmp_path: Path) -> None:
    there, memory, words = tmp_path / "instance", tmp_path / "memory", "orchard lantern gravel tuesday pepper window"
    memory.mkdir()
    there.mkdir()
    (there / "settings.toml").write_text('base_url = "https://register.council.example"\n')
    asked = ("init", "--passphrase", "--council", "Example Council", "--clerk", "Clara", "--email", "c@parish.example")
    given = {"REGISTER_UNSEALED_FOLDER": str(memory)}
    short = flask(tmp_path / "short", *asked, typed="too few words\n" * 2, **given)
    assert short.returncode == 1
    assert "at least 6 different words" in short.stderr
    ran = flask(there, *asked, typed=f"{words}\n" * 2, **given)
    assert ran.returncode == 0, ran.stderr
    assert words not in ran.stdout
    assert "https://register.council.example/new-password/" in ran.stdout
    assert stat.S_IMODE((there / "settings.toml").stat().st_mode) == 0o600  # a secret was put to what was written
    (offered,) = re.findall(r"^  ((?:[a-z]+ ){7}[a-z]+)$", ran.stdout, re.MULTILINE)
    assert len(set(offered.split())) == 8
    assert not (there / "root.key").exists()
    assert "Custody is sealed." in flask(there, "custody", "status", **given).stdout
    wrong = flask(there, "custody", "unseal", typed="orchard\n", **given)
    assert "This is not the passphrase" in wrong.stderr
    assert "Custody is open." in flask(there, "custody", "unseal", typed=f"{words}\n", **given).stdout
    assert "is open; it was read from the passphrase" in flask(there, "custody", "status", **given).stdout
    other = "harvest copper velvet winter saddle beacon"
    assert "is in use" in flask(there, "custody", "rotate", "root", typed=f"{other}\n" * 2, **given).stdout
    assert not (there / "root.key").exists()  # it stays a passphrase unless told otherwise
    assert "Custody is sealed." in flask(there, "custody", "seal", **given).stdout
    assert flask(there, "custody", "status", **given).returncode == 1


def test_the_two_roles_of_postgresql_get_passwords_drawn_anew_which_the_addresses_name() -> None:
    first, second = (CliRunner().invoke(database.roles).output for _ in range(2))
    for role in ("register_owner", "register_app"):
        (password,) = re.findall(rf"CREATE ROLE {role} .* PASSWORD '([\w-]{{32}})';", first)
        assert f'"postgresql://{role}:{password}@127.0.0.1/register"' in first
        assert password not in second
