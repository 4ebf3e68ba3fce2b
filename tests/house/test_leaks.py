"""The search for secrets after every test finds what is planted, wherever and in whatever form, and nothing else."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from registry.core.house import House
from tests.custody.canary import spellings
from tests.custody.hall import SEED, VALUE
from tests.leaks import found_in, in_database

TOP = Path(__file__).parents[2]
PLANTED = """
import base64, gzip, secrets
from registry.core.secret import Secret
from registry.identity.actions.factors import CODE_BYTES
from tests.custody.hall import CODES, SEED, VALUE
from tests.hearing import listen
from tests.world import PASSWORD

listen()
EMPTY = b"\\0" * 5000

def test_between_empty_pages(tmp_path):
    (tmp_path / "leaks.wal").write_bytes(EMPTY + VALUE.encode("utf-16-le") + EMPTY)

def test_packed_in_a_folder(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "leaks.gz").write_bytes(gzip.compress(CODES.encode()))

def test_a_token_as_it_was_drawn(tmp_path):
    (tmp_path / "leaks.txt").write_text("/new-password/" + secrets.token_urlsafe(32))

def test_a_recovery_code_as_it_is_shown(tmp_path):
    letters = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    (tmp_path / "leaks.txt").write_text("-".join(letters[at : at + 4] for at in range(0, len(letters), 4)))

def test_a_share_in_hexadecimal(tmp_path):
    Secret(bytes(range(32)))
    (tmp_path / "leaks.txt").write_text(bytes(range(32)).hex())

def test_printed():
    print("leaks", PASSWORD)

def test_clean(tmp_path):
    Secret("another passphrase")
    (tmp_path / "clean.txt").write_text("a passphrase")
    (tmp_path / "clean.key").write_text(SEED)
"""


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_in_which_a_secret_slipped_out_fails(tmp_path: Path, workers: str) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\ntmp_path_retention_policy = failed\n")
    (tmp_path / "test_planted.py").write_text(PLANTED)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.leaks", "-p", "no:cacheprovider", "-n", workers, tmp_path],
        env={**os.environ, "PYTHONPATH": str(TOP), "PYTEST_DEBUG_TEMPROOT": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert set(re.findall(r"^leaks\.(\w+) holds", done.stdout, re.M)) == {"wal", "gz", "txt"}, done.stdout
    assert "Captured stdout call holds" in done.stdout
    assert "7 passed, 6 errors" in done.stdout


@pytest.mark.parametrize("value", [VALUE, SEED])
def test_every_spelling_is_found(value: str) -> None:
    assert [spelling for spelling in spellings(value) if not found_in(b"before " + spelling + b" after")] == []
    assert not found_in(b"a page without any of them")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_rows_of_a_database_are_looked_through(house: House, app: Flask, owned_by: str) -> None:
    assert list(in_database(owned_by)) == []
    with house.behind.engine.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(sa.text("INSERT INTO attempts (lane, at) VALUES (:lane, now())"), {"lane": SEED})
    assert list(in_database(owned_by)) == [f"attempts holds {SEED.encode()!r}"]
    with house.behind.engine.begin() as connection:  # type: ignore[attr-defined]
        connection.execute(sa.text("DELETE FROM attempts"))
