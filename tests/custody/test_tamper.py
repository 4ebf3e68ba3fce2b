"""What a thief or a meddler at the database gets: nothing that opens."""

import base64
import dataclasses
import html
import json
import os
from itertools import permutations
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from flask import Flask
from sqlalchemy import select, update

from registry.cli.installation import make_files
from registry.core.errors import Conflict
from registry.core.house import House
from registry.core.keyfile import KeyTrouble, make_key
from registry.core.settings import Settings
from registry.councils.actions import set_up
from registry.custody import envelope, roots
from registry.custody.actions.keys import set_up_custody
from registry.custody.envelope import Unreadable
from registry.custody.models import CouncilKey, Credential, Kind, SecretVersion
from registry.custody.models_keys import RootKeyRecord
from registry.custody.opening import custody_status, open_vault
from registry.custody.rootkey import FileRootKey
from registry.vocabulary.events import Event
from tests.custody.hall import VALUE, Hall, build


def meddle(hall: Hall, credential: Credential, sealed: bytes, version: int = 1) -> None:
    """Write to the database past the application."""
    with hall.world.house.behind.engine.execution_options(writes=True).begin() as connection:
        connection.execute(
            update(SecretVersion.__table__)
            .where(SecretVersion.credential_id == credential.id, SecretVersion.version == version)
            .values(envelope=sealed)
        )


def sealed_of(hall: Hall, credential: Credential, version: int = 1) -> bytes:
    with hall.world.house.reading() as session:
        query = select(SecretVersion.envelope).where(
            SecretVersion.credential_id == credential.id, SecretVersion.version == version
        )
        return session.scalars(query).one() or b""


def all_rows(house: House) -> list[tuple[object, ...]]:
    with house.reading() as session:
        return [tuple(row) for table in (CouncilKey, SecretVersion) for row in session.execute(select(table.__table__))]


def elsewhere(hall: Hall, key_file: Path) -> House:
    """The same database served with another root key file."""
    house = hall.world.house
    return dataclasses.replace(house, settings=dataclasses.replace(house.settings, root_key_file=key_file))


def test_an_envelope_exchanged_between_two_credentials_does_not_open(hall: Hall) -> None:
    other = build(hall.world, "ExampleParks", "Pat Example", "Parks")
    foreign = build(hall.world.another(), "ExampleElse", "Olu Example")
    places = [(hall, hall.deposit()), (hall, hall.deposit(value="second")), (other, other.deposit(value="third"))]
    places += [(hall, hall.deposit(Kind.API_TOKEN, "fourth")), (foreign, foreign.deposit(value="fifth"))]
    kept = [sealed_of(hall, credential) for _, credential in places]
    for (place, credential), stranger in _swaps(places, kept):
        meddle(hall, credential, stranger)
        with pytest.raises(Unreadable):
            place.look(credential)
    for (place, credential), own in zip(places, kept, strict=True):
        meddle(hall, credential, own)
        assert place.look(credential)


def _swaps(places: list[tuple[Hall, Credential]], kept: list[bytes]) -> list[tuple[tuple[Hall, Credential], bytes]]:
    return [(places[into], kept[out_of]) for into, out_of in permutations(range(len(places)), 2)]


def test_an_older_envelope_put_back_under_the_new_version_does_not_open(hall: Hall) -> None:
    credential = hall.deposit()
    hall.replace(credential, "A second, better value")
    meddle(hall, credential, sealed_of(hall, credential, 1), version=2)
    with pytest.raises(Unreadable) as fault:
        hall.look(credential)
    assert fault.value.reason is envelope.Fault.TAMPERED


@pytest.mark.parametrize("place", [0, 4, 5, 21, 40, 81, 100, -1])
def test_one_bit_flipped_in_the_database_is_found(hall: Hall, place: int) -> None:
    credential = hall.deposit()
    altered = bytearray(sealed_of(hall, credential))
    altered[place] ^= 1
    meddle(hall, credential, bytes(altered))
    with pytest.raises(Unreadable):
        hall.look(credential)


@pytest.mark.parametrize("length", [0, 5, 80, 172, -1])
def test_a_truncated_envelope_is_found(hall: Hall, length: int) -> None:
    credential = hall.deposit()
    meddle(hall, credential, sealed_of(hall, credential)[:length])
    with pytest.raises(Unreadable):
        hall.look(credential)


def test_an_emptied_envelope_is_not_taken_for_a_value(hall: Hall) -> None:
    credential, session_id = hall.deposit(), hall.session_of(hall.ann)
    token = hall.ask(credential, session_id) or ""
    with hall.world.work() as work:
        version = work.session.scalars(select(SecretVersion)).one()
        version.envelope, version.destroyed_at = None, work.now
        work.record(Event.DEMO_MADE)
    with pytest.raises(Conflict):
        hall.redeem(credential, token, session_id)


def test_a_council_key_row_put_in_from_elsewhere_opens_nothing(hall: Hall) -> None:
    credential = hall.deposit()
    with hall.world.house.reading() as session:
        forged = open_vault(session, hall.world.house.settings).new_council_key(os.urandom(16))
    with hall.world.house.behind.engine.execution_options(writes=True).begin() as connection:
        connection.execute(update(CouncilKey.__table__).values(wrapped=forged.wrapped))
    with pytest.raises(KeyTrouble, match="does not open"):
        hall.look(credential)


def test_a_stolen_database_without_its_key_opens_nothing(hall: Hall, tmp_path: Path) -> None:
    credential = hall.deposit()
    stolen = elsewhere(hall, tmp_path / "thief.key")
    make_key(stolen.settings.root_key_file)
    with stolen.reading() as session, pytest.raises(KeyTrouble, match="Put the first key back"):
        open_vault(session, stolen.settings)
    sealed = sealed_of(hall, credential)
    with pytest.raises(Unreadable):
        envelope.open({envelope.key_id(sealed): os.urandom(32)}, b"", sealed)


def test_no_table_holds_a_value_in_any_spelling(hall: Hall) -> None:
    credential = hall.deposit(label="Main", notes="Shared mailbox")
    hall.look(credential)
    with hall.world.house.reading() as session:
        tables = Credential.metadata.sorted_tables
        dump = "\n".join(repr(tuple(row)) for table in tables for row in session.execute(select(table)))
    assert "Shared mailbox" in dump
    for spelling in spellings(VALUE):
        assert spelling not in dump


def spellings(value: str) -> list[str]:
    """A value as itself, escaped, quoted, and in the encodings in which it might slip out."""
    raw = value.encode()
    return [
        value,
        html.escape(value),
        json.dumps(value)[1:-1],
        repr(raw)[2:-1],
        quote(value),
        quote(value, safe=""),
        quote_plus(value),
        raw.hex(),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        base64.b32encode(raw).decode().rstrip("="),
        value[::-1],
    ]


@pytest.mark.parametrize("with_other", [False, True], ids=["missing key", "foreign key"])
def test_a_missing_or_foreign_key_closes_custody_and_never_regenerates(
    hall: Hall, tmp_path: Path, with_other: bool
) -> None:
    hall.deposit()
    before, house = all_rows(hall.world.house), elsewhere(hall, tmp_path / "root.key")
    if with_other:
        make_key(house.settings.root_key_file)
    there = house.settings.root_key_file.read_bytes() if with_other else None
    with house.reading() as session:
        found = custody_status(session, house.settings)
    assert not found.is_open
    assert ("Put the first key back" if with_other else "Put it back from its safe place") in found.sentence
    with house.work(hall.ann.id, hall.world.council, "test") as work, pytest.raises(KeyTrouble):
        open_vault(work.session, house.settings)
    assert all_rows(hall.world.house) == before
    path = house.settings.root_key_file
    assert (path.read_bytes() if path.exists() else None) == there


def test_starting_again_with_the_key_gone_makes_no_new_one(
    app: Flask, hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.deposit()
    settings: Settings = hall.world.house.settings
    for name in ("SECRET_KEY", "DATABASE_URL"):
        monkeypatch.setenv(f"REGISTER_{name}", str(getattr(settings, name.lower())))
    folder = tmp_path / "started"
    make_files(folder)
    assert not (folder / "root.key").exists()


def test_a_database_that_was_never_set_up_says_so(house: House) -> None:
    with house.reading() as session:
        found = custody_status(session, house.settings)
    assert found.sentence == "Custody was never set up in this database. Run: flask --app app init"


def test_a_canary_taken_away_closes_custody(hall: Hall) -> None:
    with hall.world.work() as work:
        work.session.query(RootKeyRecord).one().canary = b""
        work.record(Event.DEMO_MADE)
    with hall.world.house.reading() as session:
        assert not custody_status(session, hall.world.house.settings).is_open


def test_an_open_custody_says_where_its_key_came_from(hall: Hall) -> None:
    settings = hall.world.house.settings
    with hall.world.house.reading() as session:
        found = custody_status(session, settings)
    assert found.is_open
    assert FileRootKey(settings.root_key_file).id() == found.key_id
    assert found.key_id in found.sentence


def test_the_root_key_may_come_from_the_environment(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = os.urandom(32)
    monkeypatch.setenv("SCR_ROOT_KEY", base64.urlsafe_b64encode(key).decode())
    monkeypatch.setattr(roots, "_taken", {})
    made = roots.from_environment()
    assert made is not None
    assert "variable SCR_ROOT_KEY" in made.status()
    assert "SCR_ROOT_KEY" not in os.environ
    assert roots.from_environment() is made
    settings = dataclasses.replace(house.settings, root_key_file=tmp_path / "not there")
    with house.work(None, None, "test") as work:
        set_up(work, is_demo=False)
        record = set_up_custody(work, settings)
    assert (record.id, record.provider) == (made.id(), roots.ENVIRONMENT)
    with house.reading() as session:
        assert custody_status(session, settings).is_open
