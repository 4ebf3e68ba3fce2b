"""What ended after a backup was made does not begin again with it: who was erased, and what two people agreed to."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from registry.application import make_house
from registry.audit.erasures import FILE, erase, erase_again, list_returned
from registry.audit.keys import TrailKeys
from registry.audit.models import Entry, PersonKey
from registry.audit.night import night
from registry.audit.replay import replay
from registry.core.house import House
from registry.identity.actions.resets import agree, ask_reset, stop_own
from registry.identity.factors import FactorReset
from registry.identity.models import Person
from registry.upkeep.backup import make_backup
from registry.upkeep.check import Level
from registry.upkeep.manifest import MANIFEST, Backup
from registry.upkeep.restore import restore
from registry.vocabulary.permissions import Role
from tests.upkeep.test_doctor import set_to, told
from tests.upkeep.test_drill import ON_SQLITE, at, elsewhere
from tests.world import World

__all__ = ["elsewhere"]


@pytest.fixture
def edith(world: World) -> Person:
    return world.person("Edith Editor")


@pytest.fixture
def clara(world: World) -> Person:
    return world.person("Clara Clerk", Role.CLERK)


@pytest.fixture
def before(world: World, edith: Person, tmp_path: Path) -> Backup:
    """A backup, after which somebody was erased."""
    made = make_backup(world.house, tmp_path / "backups")
    world.clock.advance(minutes=10)
    erase(world.house, edith.id)
    return made


def keyless(house: House) -> House:
    """The same place, to which the keys have not come back yet."""
    none = house.settings.instance / "none.key"
    return make_house(set_to(house, root_key_file=none, auth_key_file=none).settings, house.clock)


def is_erased(house: House, person: Person) -> bool:
    with house.reading() as session:
        return session.get_one(PersonKey, person.id).sealed is None


def is_as_told(house: House) -> bool:
    with house.reading() as session:
        return replay(session, TrailKeys.of(house)) == []


def test_whoever_was_erased_stays_erased_when_an_older_backup_is_put_back(
    world: World, edith: Person, before: Backup, elsewhere: House
) -> None:
    (elsewhere.settings.instance / FILE).write_text((world.house.settings.instance / FILE).read_text())
    assert restore(elsewhere, before).breaches == []
    assert (is_erased(elsewhere, edith), is_as_told(elsewhere)) == (True, True)
    assert told(elsewhere, "erasures") == [(Level.WELL, "Nobody who was erased has come back.")]


@pytest.mark.parametrize("key", ["the same key", "another key"])
@ON_SQLITE
def test_newer_backups_tell_an_older_one_who_was_erased(
    world: World, edith: Person, clara: Person, before: Backup, elsewhere: House, key: str
) -> None:
    """The server is lost, and with it the file; the manifests are where the backups are."""
    for person in (edith, clara):
        world.clock.advance(minutes=10)
        newer = make_backup(world.house, before.folder.parent).folder / MANIFEST
        if person is clara:  # somebody writes her in by hand
            body = newer.read_text().replace(f" {edith.id} ", f" {clara.id} ")
            newer.write_text(body.replace(world.house.auth_key.id(), "0" * 16) if key == "another key" else body)
    assert restore(elsewhere, before, accept_rollback=True).breaches == []
    assert (is_erased(elsewhere, edith), is_erased(elsewhere, clara)) == (True, False)


@ON_SQLITE
def test_without_the_registers_key_they_are_erased_as_soon_as_it_is_back(
    world: World, edith: Person, before: Backup, elsewhere: House, tmp_path: Path
) -> None:
    (elsewhere.settings.instance / FILE).write_text((world.house.settings.instance / FILE).read_text())
    done = restore(keyless(elsewhere), before)
    assert "People who were erased since, and are in this backup: 1." in done.missing[-1]
    assert told(elsewhere, "erasures") == [(Level.BROKEN, "People who were erased and came back: 1.")]
    assert (erase_again(elsewhere), is_erased(elsewhere, edith), is_as_told(elsewhere)) == (1, True, True)
    assert erase_again(elsewhere) == 0


@ON_SQLITE
def test_somebody_else_who_gets_the_number_of_an_erased_person_is_not_erased(world: World, tmp_path: Path) -> None:
    made = make_backup(world.house, tmp_path / "backups")
    gone = world.person("Edith Editor")
    erase(world.house, gone.id)
    there = at(world.house, f"sqlite:///{tmp_path / 'there.sqlite'}", world.house.settings.instance)
    try:
        restore(there, made, accept_rollback=True)
        world.clock.advance(days=1)
        again = World.__new__(World)
        again.house, again.clock, again.council = there, world.clock, world.council
        assert again.person("Nina Newcomer").id == gone.id
        assert list_returned(there) == []
    finally:
        there.database.engine.dispose()


@ON_SQLITE
def test_an_erasure_that_was_cut_off_before_it_was_noted_is_noted_at_night(world: World, edith: Person) -> None:
    erase(world.house, edith.id)
    noted = (world.house.settings.instance / FILE).read_text()
    (world.house.settings.instance / FILE).unlink()
    night(world.house)
    assert (world.house.settings.instance / FILE).read_text() == noted


@pytest.mark.parametrize("with_keys", [True, False])
@ON_SQLITE
def test_a_reset_that_waited_is_stopped_and_the_councils_trail_tells(
    world: World, edith: Person, elsewhere: House, tmp_path: Path, with_keys: bool
) -> None:
    clerk, deputy = world.person("Clara Clerk", Role.CLERK), world.person("Dan Deputy", Role.CLERK)
    with world.work(clerk) as work:
        asked = ask_reset(work, deputy.id, "She knows him").id
    with world.work(world.person("Tess Third", Role.CLERK)) as work:
        agree(work, asked)
    made = make_backup(world.house, tmp_path / "backups")
    with world.house.work(deputy.id, None, "test") as work:
        stop_own(work, deputy.id)
    restore(elsewhere if with_keys else keyless(elsewhere), made)
    assert is_as_told(elsewhere)
    with elsewhere.reading() as session:
        assert session.query(FactorReset).count() == 0
        last = sa.select(Entry.act, Entry.actor_id).where(Entry.chain == world.council.id).order_by(Entry.seq.desc())
        assert tuple(session.execute(last).first() or ()) == ("two_step.reset_stopped", None)
