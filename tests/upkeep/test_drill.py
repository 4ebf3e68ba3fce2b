"""The drill: a backup is made while people work, the register is lost, and comes back from it, whole and closed."""

import base64
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest
import sqlalchemy as sa

from registry.accounts.actions import add_area
from registry.accounts.models import ServiceArea
from registry.audit.chain import list_chains, verify
from registry.audit.models import INSTALLATION_CHAIN, Entry
from registry.core.database import Database
from registry.core.house import House
from registry.core.keyfile import make_key
from registry.core.tenants import Beyond
from registry.identity.models import PasswordLink, SignInSession
from registry.jobs.models import JobRun, RunState
from registry.upkeep import backup as backups
from registry.upkeep.backup import make_backup, prune
from registry.upkeep.check import Level
from registry.upkeep.checks import examine
from registry.upkeep.invariants import check
from registry.upkeep.manifest import COPY, MANIFEST, BadBackup, list_backups, read
from registry.upkeep.restore import restore
from tests.conftest import _administer, _named, served
from tests.custody.canary import spellings
from tests.custody.hall import VALUE
from tests.upkeep.test_doctor import set_to
from tests.upkeep.town import Town
from tests.world import World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is asked of a backup, which is the same whatever it was made of."""


@pytest.fixture
def elsewhere(
    request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """An empty place of the same kind, with the same keys."""
    instance = tmp_path_factory.mktemp("elsewhere")
    if world.house.database.is_sqlite:
        house = at(world.house, f"sqlite:///{instance / 'register.sqlite'}", instance)
        yield house
        house.database.engine.dispose()
        return
    server, name = request.getfixturevalue("postgresql_server"), f"elsewhere_{os.urandom(6).hex()}"
    _administer(server, f"CREATE DATABASE {name}")
    house = at(world.house, served(_named(server, name)), instance, owned_by=_named(server, name))
    yield house
    house.database.engine.dispose()
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def at(house: House, url: str, instance: Path, owned_by: str = "") -> House:
    """The same house in another place."""
    placed = set_to(house, database_url=url, migrations_url=owned_by, instance=instance)
    return replace(placed, database=Database(url))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def acts(house: House, act: str) -> list[dict[str, object]]:
    """What the trail of the installation tells of one sort of act."""
    with house.reading() as session:
        query = sa.select(Entry.body).where(Entry.chain == INSTALLATION_CHAIN, Entry.act == act).order_by(Entry.seq)
        return [json.loads(body)["detail"] for body in session.scalars(query)]


class Busy:
    """People who add service areas, each an act with its entry, until they are told to stop."""

    def __init__(self, town: Town, people: int = 3) -> None:
        self.town, self.stop, self.done = town, Signal(), 0
        self.threads = [Thread(target=self._work, args=(n,)) for n in range(people)]

    def _work(self, which: int) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            with self.town.world.work(self.town.asking.clerk) as work:
                add_area(work, f"Area {which}.{number}")
            self.done += 1

    def __enter__(self) -> "Busy":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(30)


def test_the_drill(world: World, folder: Path, elsewhere: House) -> None:
    town = Town(world)
    signed_in = town.hall.session_of(town.ann)
    with Busy(town) as busy:
        while busy.done < 5:
            pass
        made = make_backup(world.house, folder)
        seen = busy.done
        while busy.done < seen + 5:
            pass
    assert check(world.house) == []
    world.clock.advance(minutes=10)

    done = restore(elsewhere, read(made.folder))
    assert (done.breaches, done.missing) == ([], [])
    assert [name for name, finding in examine(elsewhere) if finding.level is Level.BROKEN] == []
    with elsewhere.reading() as session:
        for chain in list_chains(session):
            proof, kept = verify(session, chain), made.manifest.entries(chain)
            assert proof.broken is None
            assert proof.length == kept + (1 if chain == INSTALLATION_CHAIN else 0)
        areas = session.scalar(sa.select(sa.func.count()).select_from(ServiceArea)) or 0
        assert 5 <= areas - 1 <= seen + 5
        assert session.get_one(SignInSession, signed_in).ended_why == "restored from a backup"
        unused = sa.select(sa.func.count()).select_from(PasswordLink).where(PasswordLink.used_at.is_(None))
        assert session.scalar(unused) == 0
    assert acts(elsewhere, "backup.restored") == [{"backup": made.folder.name, "ended": done.ended}]
    assert not list(elsewhere.settings.instance.glob(".half*"))

    back = Town.__new__(Town)  # the same people, at work in the restored register
    back.hall = replace(town.hall, world=at_work(world, elsewhere))
    assert back.hall.look(town.credential) == VALUE
    assert check(elsewhere) == []


def at_work(world: World, house: House) -> World:
    """The same council's people in another house."""
    there = World.__new__(World)
    there.house, there.clock, there.council = house, world.clock, world.council
    return there


def test_a_register_moves_from_one_kind_of_database_to_the_other(world: World, folder: Path, tmp_path: Path) -> None:
    Town(world)
    made = make_backup(world.house, folder)
    other = at(world.house, f"sqlite:///{tmp_path / 'other' / 'register.sqlite'}", tmp_path / "other")
    (tmp_path / "other").mkdir()
    assert restore(other, made).breaches == []
    assert made.manifest.database == world.house.database.engine.dialect.name
    other.database.engine.dispose()


@ON_SQLITE
def test_a_backup_holds_no_key_and_no_secret(world: World, folder: Path) -> None:
    Town(world)
    made, settings = make_backup(world.house, folder), world.house.settings
    for path in (settings.root_key_file, settings.auth_key_file):
        key = path.read_bytes()
        for form in (key, key.hex().encode(), base64.b64encode(key)[:-2], base64.urlsafe_b64encode(key)[:-2]):
            for file in made.folder.iterdir():
                assert form not in file.read_bytes()
    assert settings.secret_key not in (made.folder / MANIFEST).read_text()
    for file in made.folder.iterdir():
        assert [form for form in spellings(VALUE) if form in file.read_bytes()] == []
    assert {file.stat().st_mode & 0o777 for file in made.folder.iterdir()} == {0o600}
    assert made.folder.stat().st_mode & 0o777 == 0o700


@ON_SQLITE
def test_what_was_destroyed_does_not_lie_about_in_the_copy(world: World, folder: Path) -> None:
    with world.house.behind.writer(Beyond.KEEPER) as session:
        session.execute(sa.text("PRAGMA secure_delete=OFF"))
        session.execute(sa.text("CREATE TABLE shredded AS SELECT 'a wrapped key of old' AS x"))
        session.execute(sa.text("DROP TABLE shredded"))
        session.commit()
    assert b"a wrapped key of old" not in make_backup(world.house, folder).copy.read_bytes()


@ON_SQLITE
def test_a_copy_of_the_file_alone_would_have_lost_what_is_in_the_log(
    world: World, tmp_path: Path, folder: Path
) -> None:
    """F4: why backups are never file copies."""
    live = Path(world.house.database.engine.url.database or "")
    with world.house.reading() as session:  # keeps the log from being folded in
        session.execute(sa.text("SELECT 1"))
        town = Town(world)
        shutil.copy(live, tmp_path / "copied.sqlite")
        made = make_backup(world.house, folder)
        copied, backed_up = (Database(f"sqlite:///{path}") for path in (tmp_path / "copied.sqlite", made.copy))
    count = sa.text("SELECT count(*) FROM people")
    with copied.reading(Beyond.KEEPER) as lost, backed_up.reading(Beyond.KEEPER) as kept:
        assert (lost.scalar(count) or 0) < (kept.scalar(count) or 0)
        assert town.ann.id
    for opened in (copied, backed_up):
        opened.engine.dispose()


HARMS: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "cut off": (COPY, lambda data: data[:-4096], "not whole"),
    "one bit": (COPY, lambda data: data[:9000] + bytes([data[9000] ^ 1]) + data[9001:], "not what was written"),
    "manifest": (MANIFEST, lambda data: data.replace(b'"councils": 1', b'"councils": 2'), "manifest of .* was altered"),
    "no manifest": (MANIFEST, lambda data: b"{", "cannot be read"),
    "newer": (
        MANIFEST,
        lambda data: data.replace(b'"format": 1', b'"format": 9'),
        "form that this version does not know",
    ),
}


@ON_SQLITE
def test_a_harmed_backup_is_refused_and_nothing_is_changed(world: World, folder: Path, elsewhere: House) -> None:
    made = make_backup(world.house, folder)
    for name, how, sentence in HARMS.values():
        harmed = folder.parent / "harmed" / made.folder.name
        shutil.copytree(made.folder, harmed)
        (harmed / name).write_bytes(how((harmed / name).read_bytes()))
        with pytest.raises(BadBackup, match=sentence):
            restore(elsewhere, read(harmed))
        shutil.rmtree(harmed)
    assert not list(elsewhere.settings.instance.glob(".half*"))
    with elsewhere.database.engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []


@ON_SQLITE
def test_a_backup_of_a_newer_register_is_refused(
    world: World, folder: Path, elsewhere: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups.migrations, "revisions", lambda _connection: {"9999"})
    made = make_backup(world.house, folder)
    monkeypatch.undo()
    with pytest.raises(BadBackup, match="newer than this one"):
        restore(elsewhere, made)


def test_nothing_is_restored_over_a_register(world: World, folder: Path) -> None:
    made = make_backup(world.house, folder)
    with pytest.raises(BadBackup, match="There is a register in this database already"):
        restore(world.house, made)


@ON_SQLITE
def test_an_older_backup_is_only_taken_on_purpose_and_the_trail_tells(
    world: World, folder: Path, elsewhere: House
) -> None:
    old = make_backup(world.house, folder)
    world.clock.advance(hours=1)
    world.area("Parks")
    make_backup(world.house, folder)
    with pytest.raises(BadBackup, match="--accept-rollback"):
        restore(elsewhere, old)
    restore(elsewhere, old, accept_rollback=True)
    ((told),) = acts(elsewhere, "backup.rollback_accepted")
    assert told["backup"] == old.folder.name
    assert int(str(told["lost"])) >= 2


@ON_SQLITE
def test_without_its_keys_a_register_comes_back_and_says_which_are_missing(
    world: World, folder: Path, elsewhere: House, tmp_path: Path
) -> None:
    made = make_backup(world.house, folder)
    bare = set_to(elsewhere, root_key_file=tmp_path / "none", auth_key_file=tmp_path / "none")
    done = restore(replace(bare, auth_key=type(bare.auth_key)(tmp_path / "none")), made)
    assert [made.manifest.root_key_id in done.missing[0], made.manifest.auth_key_id in done.missing[1]] == [True, True]


@ON_SQLITE
@pytest.mark.parametrize("which", ["root_key_file", "auth_key_file"])
def test_a_wrong_key_in_the_place_of_the_right_one_is_refused(
    world: World, folder: Path, elsewhere: House, tmp_path: Path, which: str
) -> None:
    made, other = make_backup(world.house, folder), tmp_path / "other.key"
    make_key(other)
    wrong = set_to(elsewhere, **{which: other})
    wrong = replace(wrong, auth_key=type(wrong.auth_key)(wrong.settings.auth_key_file))
    with pytest.raises(BadBackup, match="key here is"):
        restore(wrong, made)
    with elsewhere.database.engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []


@ON_SQLITE
def test_the_newest_are_kept_and_no_good_backup_goes_for_an_unsound_one(world: World, folder: Path) -> None:
    names = []
    for _ in range(3):
        names.append(make_backup(world.house, folder).folder.name)
        world.clock.advance(days=1)
    now = world.clock.now()
    assert prune(folder, 0, now) == []
    assert prune(folder, 2, now - timedelta(hours=25)) == []
    assert prune(folder, 2, now) == names[:1]
    with world.house.behind.writer(Beyond.KEEPER) as session:
        at, columns = world.clock.now() - timedelta(days=1), {"host": "here", "summary": {}, "error": ""}
        session.add(JobRun(job="night", due_at=at, started_at=at, state=RunState.RUNNING, **columns))
        session.commit()
    made = make_backup(world.house, folder)
    assert made.breaches[0].startswith("I8 runs_once: job night")
    assert prune(folder, 1, world.clock.now()) == []
    assert [each.folder.name for each in list_backups(folder)] == [*names[1:], made.folder.name]


@ON_SQLITE
def test_neither_many_backups_in_one_hour_nor_a_clock_gone_wrong_ends_the_good_ones(world: World, folder: Path) -> None:
    good = make_backup(world.house, folder).folder.name
    for _ in range(3):
        world.clock.advance(seconds=1)
        make_backup(world.house, folder)
    assert prune(folder, 2, world.clock.now()) == []
    gone = prune(folder, 2, world.clock.now() + timedelta(days=4000))
    assert gone[0] == good
    assert len(list_backups(folder)) == 2


@ON_SQLITE
def test_a_backup_is_whole_or_it_never_was(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(backups, "write", full)
    with pytest.raises(OSError, match="no space"):
        make_backup(world.house, folder)
    assert list(folder.iterdir()) == []
    monkeypatch.undo()
    make_backup(world.house, folder)
    with pytest.raises(BadBackup, match="there already"):  # two of one second do not mix
        make_backup(world.house, folder)
