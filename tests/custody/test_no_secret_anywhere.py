"""No secret outside the one page that shows it: not in logs, tracebacks, pages, addresses, sessions, messages, the
trail, any table, the database's own files, exports or backups; in no spelling (T03, T08)."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.core.database import Base
from registry.core.house import House
from registry.custody.models import Credential
from registry.flags.sweep import sweep
from registry.rotations.models import Item, Rotation
from registry.vocabulary.permissions import GRANTABLE
from tests.custody.canary import CANARY, SECOND, WRONG, files_with_canaries, found_in, spellings
from tests.custody.hall import REASON, Hall, with_password
from tests.custody.test_pages import ASKED, door, tab, token_in, value_in
from tests.doors.objects import one_of_everything
from tests.doors.test_matrix import knocks
from tests.leavers.test_leaving import ADDRESS, actions

TYPED = {"value": CANARY, "again": CANARY, "label": "Main"}


@pytest.mark.parametrize("value", [CANARY, SECOND, WRONG])
def test_the_search_finds_what_it_looks_for(value: str) -> None:
    for spelling in spellings(value):
        assert found_in(b"before " + spelling + b" after")
    assert not found_in("a page without any of them")


class Ears:
    """Everything that came out of the register besides the one page: answers, and lines of every log."""

    def __init__(self, client: FlaskClient) -> None:
        self.client, self.heard = client, list[tuple[str, bytes]]()

    def hear(self, answer: TestResponse) -> TestResponse:
        """Keep an answer: its address, its head and its body."""
        about = f"{answer.request.method} {answer.request.path}"
        self.heard.append((about, f"{answer.request.url}\n{answer.headers}\n".encode() + answer.data))
        return answer

    def post(self, address: str, **data: Any) -> TestResponse:
        """Send a form."""
        return self.hear(self.client.post(address, data=data))

    def get(self, address: str) -> TestResponse:
        """Look at a page."""
        return self.hear(self.client.get(address))


@pytest.fixture
def loud(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every log as loud as it goes, the database's statements among them."""
    caplog.set_level(logging.DEBUG)
    for name in ("sqlalchemy.engine", "sqlalchemy.pool", "registry"):
        caplog.set_level(logging.DEBUG, name)
    return caplog


def everything_happens(hall: Hall, ears: Ears) -> Credential:
    """Two secrets are deposited, typed wrongly, revealed, replaced and rotated, and a fault strikes in between."""
    deposit = f"{tab(hall)}/deposit/password"
    ears.post(deposit, **{**TYPED, "again": WRONG})
    ears.post(deposit, **{**TYPED, "label": "x" * 121})
    with faults(hall.world.house):
        assert ears.post(deposit, **TYPED).status_code == 500
    assert ears.post(deposit, **TYPED).status_code == 302
    with hall.world.house.reading() as session:
        credential = session.scalars(sa.select(Credential)).one()
    ears.post(door(hall, credential, "replace"), **TYPED, version="1")
    ears.post(door(hall, credential, "replace"), **TYPED, version="9")
    ears.post(door(hall, credential, "notes"), label="Main", lock="1")
    ears.post("/confirm", password=WRONG)
    ears.post(hall.world.path("sign-in"), email=hall.ann.email, password=WRONG)
    ears.client.post("/sign-in", data={"email": WRONG, "password": CANARY})
    ready = ears.post(door(hall, credential, "reveal"), **ASKED)
    shown = ears.client.post(door(hall, credential, "show"), data={"token": token_in(ready)})
    assert value_in(shown) == CANARY
    assert not found_in(str(shown.headers))
    assert ears.post(door(hall, credential, "show"), token=token_in(ready)).status_code == 409
    ears.post(f"{tab(hall)}/deposit/totp", value=WRONG)
    return credential


def is_rotated(hall: Hall, ears: Ears, credential: Credential) -> None:
    """Somebody who saw it leaves; another value takes its place, and the checklist is done."""
    bob = with_password(hall.world, hall.world.cleared(hall.area, "Bob Example"))
    assert hall.look(credential, bob) == CANARY
    with hall.world.work(hall.ann) as work:
        actions.leave_now(work, bob.id, ADDRESS)
    with hall.world.house.reading() as session:
        task = session.scalars(sa.select(Rotation.id)).one()
    ears.post(door(hall, credential, "replace"), value=SECOND, again=SECOND, version="1")
    for item in Item:
        ears.post(hall.world.path(f"rotations/{task}/tick"), item=item.value, done="yes")
    assert ears.post(hall.world.path(f"rotations/{task}/finish")).status_code == 302


class faults:  # noqa: N801 (reads as a phrase)
    """While it holds, the database breaks as the sealed value is written: the value is in hand then."""

    def __init__(self, house: House) -> None:
        self.engine = house.database.engine

    def __enter__(self) -> None:
        sa.event.listen(self.engine, "before_cursor_execute", self.strike)

    def __exit__(self, *_: object) -> None:
        sa.event.remove(self.engine, "before_cursor_execute", self.strike)

    @staticmethod
    def strike(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO secret_versions"):
            raise RuntimeError("the disk is on fire")


def every_page(app: Flask, hall: Hall, ears: Ears, credential: Credential) -> None:
    """Look at every page there is, as somebody with every hat, about the account whose secret it is."""
    things = one_of_everything(hall.world, "Other area")
    things |= {"account_id": hall.account.id, "credential_id": credential.id, "person_id": hall.ann.id}
    hall.world.sign_in(ears.client, hall.world.person("Every Hat", *GRANTABLE))
    for _, method, address in knocks(app, hall.world, things):
        if method == "GET":
            ears.get(address)


def tables(house: House) -> Iterator[tuple[str, bytes]]:
    """Every row of every table, as the database itself writes it out."""
    with house.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(sa.select(table)):
                cells = (cell if isinstance(cell, bytes) else str(cell).encode() for cell in row)
                yield table.name, b"\0".join(cells)


def test_no_secret_is_anywhere_but_on_the_one_page(
    app: Flask, hall: Hall, client: FlaskClient, loud: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    ears = Ears(client)
    hall.world.sign_in(client, hall.ann)
    credential = everything_happens(hall, ears)
    is_rotated(hall, ears, credential)
    with client.session_transaction() as cookie:
        ears.heard.append(("the cookie", repr(dict(cookie)).encode()))
    sweep(hall.world.house)
    every_page(app, hall, ears, credential)
    assert len(ears.heard) > 60
    assert any(REASON.encode() in body for _, body in ears.heard)
    assert "the disk is on fire" in loud.text
    told = [*ears.heard, ("the log", loud.text.encode()), *tables(hall.world.house)]
    assert [(where, found) for where, body in told for found in found_in(body)] == []
    assert files_with_canaries(tmp_path) == []


def test_what_the_database_refuses_is_logged_without_what_was_sent(house: House) -> None:
    with pytest.raises(sa.exc.DBAPIError) as refused, house.database.engine.connect() as connection:
        connection.execute(sa.text("SELECT :value FROM nowhere"), {"value": CANARY})
    assert not found_in(str(refused.value))


def test_stolen_database_gives_up_no_secret(hall: Hall, tmp_path: Path) -> None:
    """T08: the files of the database, or all its rows, without the keys: nothing of the value is in them."""
    hall.look(hall.deposit(value=CANARY))
    assert [name for name, row in tables(hall.world.house) if found_in(row)] == []
    assert files_with_canaries(tmp_path) == []
    if hall.world.house.database.is_sqlite:
        assert (tmp_path / "register.sqlite-wal").exists()
