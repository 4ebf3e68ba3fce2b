"""Recovery shares, and that they do recover: from a restored database without any key file."""

import dataclasses
import itertools
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from registry.cli.custody import custody
from registry.core.authkey import AuthKey
from registry.core.errors import Conflict, Invalid, NotFound
from registry.core.house import House
from registry.core.keyfile import KeyTrouble, make_key
from registry.core.secret import Secret
from registry.custody import roots
from registry.custody.actions import keys, recovery, root
from registry.custody.key_queries import find_recovery, find_unconfirmed, get_root_key, list_shares, shares_of
from registry.custody.models_keys import RecoveryShare, RecoveryWrap, RootKeyRecord
from registry.custody.shares import LETTERS, Share, new_shares, open_for_group, read_share, seal_for_groups
from registry.vocabulary.permissions import Role
from tests.custody.hall import VALUE, Hall
from tests.custody.test_rotation_of_keys import is_open, own_root_key, present_root, rotate_root
from tests.custody.test_sealing import CHEAP, WORDS, KeyService

INSTALLATION, ROOT = b"\x07" * 16, bytes(range(32))


@pytest.mark.parametrize(("holders", "needed"), [(2, 2), (3, 2), (5, 3), (4, 4)])
def test_any_group_that_suffices_opens_and_a_smaller_one_does_not(holders: int, needed: int) -> None:
    drawn = new_shares(holders, needed)
    wraps = dict(seal_for_groups(drawn, INSTALLATION, ROOT))
    for group in itertools.combinations(drawn, needed):
        assert open_for_group(tuple(reversed(group)), INSTALLATION, wraps) == ROOT
    for group in itertools.combinations(drawn, needed - 1):
        with pytest.raises(Invalid):
            open_for_group(group, INSTALLATION, wraps)
    with pytest.raises(Invalid):
        open_for_group(drawn[:needed], b"\x08" * 16, wraps)


@pytest.mark.parametrize(("holders", "needed"), [(1, 1), (3, 1), (2, 3), (10, 3)])
def test_one_alone_never_suffices_and_holders_are_few(holders: int, needed: int) -> None:
    with pytest.raises(Invalid):
        new_shares(holders, needed)


@given(st.binary(min_size=32, max_size=32), st.integers(1, 9), st.integers(0, LETTERS - 1), st.sampled_from("0123XYZ"))
def test_a_share_is_read_as_it_was_written_and_a_slip_is_found(secret: bytes, number: int, at: int, slip: str) -> None:
    share = Share(number, 2, "a1b2c3", Secret(secret))
    text = share.text()
    assert read_share(Secret(text.lower().replace(" ", "\n").replace("0", "o").replace("1", "l"))) == share
    letters = list(text.replace(" ", ""))
    if letters[at] != slip:
        letters[at] = slip
        with pytest.raises(Invalid, match="mistyped"):
            read_share(Secret("".join(letters)))


@pytest.mark.parametrize("typed", ["", "ABCD", "U" * LETTERS])
def test_what_cannot_be_a_share_is_said(typed: str) -> None:
    with pytest.raises(Invalid, match="A share has"):
        read_share(Secret(typed))


@pytest.fixture
def kept(hall: Hall) -> Hall:
    """A hall with a root key and a key of the register of its own, and something in custody."""
    own_root_key(hall)
    settings = hall.world.house.settings
    folder = settings.root_key_file.parent
    (folder / "auth.key").write_bytes(settings.auth_key_file.read_bytes())
    (folder / "auth.key").chmod(0o600)
    moved = dataclasses.replace(settings, auth_key_file=folder / "auth.key")
    hall.world.house = dataclasses.replace(hall.world.house, settings=moved, auth_key=AuthKey(moved.auth_key_file))
    return hall


def make(hall: Hall, holders: int = 3, needed: int = 2) -> list[str]:
    """Shares made and each shown to its holder, not yet typed back."""
    people = [hall.world.person(f"Holder {hall.world.clock.now():%H%M%S}{n}").id for n in range(holders)]
    with hall.world.work() as work:
        recovery.make_shares(work, hall.world.house.settings, people, needed)
    return [show(hall, person) for person in people]


def show(hall: Hall, person: int) -> str:
    with hall.world.house.reading() as session:
        share_id = shares_of(session, person)[0][0].id
    with hall.world.work() as work:
        return recovery.show_share(work, hall.world.house.settings, share_id, person).text()


def type_back(hall: Hall, *texts: str) -> None:
    for text in texts:
        with hall.world.work() as work:
            recovery.type_back(work, Secret(text))


def recover(hall: Hall, *texts: str) -> tuple[Path, ...]:
    house, typed = hall.world.house, [Secret(text) for text in texts]
    with house.reading() as session:
        return recovery.recover(house.settings, lambda: house.work(None, None, "test"), session, typed)


def lose_keys(hall: Hall) -> None:
    settings = hall.world.house.settings
    for path in settings.root_key_file.parent.iterdir():
        path.unlink()
    assert not is_open(hall)


def test_any_holders_that_suffice_bring_both_keys_back(kept: Hall) -> None:
    credential, settings = kept.deposit(), kept.world.house.settings
    before = settings.root_key_file.read_bytes(), settings.auth_key_file.read_bytes()
    papers = make(kept)
    type_back(kept, *papers)
    for group in itertools.permutations(papers, 2):
        lose_keys(kept)
        assert recover(kept, *group) == (settings.root_key_file, settings.auth_key_file)
        assert (settings.root_key_file.read_bytes(), settings.auth_key_file.read_bytes()) == before
    assert kept.look(credential) == VALUE
    assert recover(kept, *papers) == ()  # all there: nothing is written over


def test_recovery_never_writes_over_another_key(kept: Hall) -> None:
    papers = make(kept)
    lose_keys(kept)
    path = kept.world.house.settings.root_key_file
    make_key(path)
    there = path.read_bytes()
    with pytest.raises(KeyTrouble, match="never replaced"):
        recover(kept, *papers)
    assert path.read_bytes() == there


def test_too_few_shares_or_mixed_ones_recover_nothing(kept: Hall) -> None:
    papers = make(kept)
    kept.world.clock.advance(minutes=1)
    others = make(kept)
    for typed in ((), papers[:1], [papers[0], papers[0]], [papers[0], others[1]]):
        with pytest.raises(Invalid, match="different shares"):
            recover(kept, *typed)


def test_a_share_is_shown_once_to_its_holder_and_never_kept_in_clear(kept: Hall) -> None:
    holder, other = kept.world.person("Hal Holder"), kept.world.person("Olu Other")
    with kept.world.work() as work:
        recovery.make_shares(work, kept.world.house.settings, [holder.id, other.id, holder.id], 2)
    with kept.world.house.reading() as session:
        mine, theirs = (shares_of(session, person.id)[0][0] for person in (holder, other))
    with pytest.raises(NotFound), kept.world.work() as work:
        recovery.show_share(work, kept.world.house.settings, theirs.id, holder.id)
    with kept.world.work() as work:
        share = recovery.show_share(work, kept.world.house.settings, mine.id, holder.id)
    with pytest.raises(Conflict, match="shown before"), kept.world.work() as work:
        recovery.show_share(work, kept.world.house.settings, mine.id, holder.id)
    with kept.world.house.reading() as session:
        row = session.get_one(RecoveryShare, mine.id)
        assert row.sealed is None
        assert share.secret.reveal() not in (session.get_one(RecoveryShare, theirs.id).sealed or b"")
    with pytest.raises(Invalid, match="not your share"), kept.world.work() as work:
        recovery.type_back(work, Secret(share.text()), other.id)
    forged = dataclasses.replace(share, secret=Secret(b"\x09" * 32))
    with pytest.raises(Invalid, match="not the share of that number"):
        type_back(kept, forged.text())


def test_shares_count_once_enough_holders_have_typed_theirs_back(kept: Hall) -> None:
    papers = make(kept)
    with kept.world.house.reading() as session:
        assert find_recovery(session) is None
    type_back(kept, papers[0])
    with kept.world.house.reading() as session:
        assert find_recovery(session) is None
        assert find_unconfirmed(session)
    type_back(kept, *papers[1:])
    kept.world.clock.advance(minutes=1)
    newer = make(kept)
    with kept.world.house.reading() as session:
        assert find_recovery(session).mark == read_share(Secret(papers[0])).mark  # until the newer are confirmed
    type_back(kept, *newer[:2])
    with kept.world.house.reading() as session:
        assert find_recovery(session).mark == read_share(Secret(newer[0])).mark
        assert len(session.scalars(select(RecoveryWrap)).all()) == 3
    with pytest.raises(Invalid, match="earlier making"):
        type_back(kept, papers[0])


def test_a_rehearsal_is_noted_for_each_holder_and_for_all(kept: Hall) -> None:
    papers = make(kept)
    type_back(kept, *papers)
    kept.world.clock.advance(days=200)
    type_back(kept, papers[0])
    with kept.world.house.reading() as session:
        assert find_recovery(session).rehearsed_at is None
    type_back(kept, papers[1])
    with kept.world.house.reading() as session:
        of = find_recovery(session)
        assert of.rehearsed_at == kept.world.clock.now()
        assert [bool(row.rehearsed_at) for row in list_shares(session, of.id)] == [True, True, False]
    kept.world.clock.advance(days=200)
    with kept.world.work() as work:
        recovery.rehearse(work, [Secret(paper) for paper in papers[1:]])
    with kept.world.house.reading() as session:
        assert find_recovery(session).rehearsed_at == kept.world.clock.now()


def test_after_a_root_rotation_the_shares_recover_until_new_ones_count(kept: Hall) -> None:
    credential, settings = kept.deposit(), kept.world.house.settings
    papers = make(kept)
    type_back(kept, *papers)
    rotate_root(kept, root.in_file(settings))
    rotate_root(kept, root.in_file(settings))
    new = settings.root_key_file.read_bytes()
    lose_keys(kept)
    recover(kept, *papers[:2])
    assert settings.root_key_file.read_bytes() == new
    assert kept.look(credential) == VALUE
    kept.world.clock.advance(minutes=1)
    type_back(kept, *make(kept)[:2])
    with kept.world.house.reading() as session:
        assert session.scalars(select(RootKeyRecord.bridge)).all() == [None] * 3


def test_a_root_rotation_ends_shares_that_nobody_had_confirmed(kept: Hall) -> None:
    papers = make(kept)
    rotate_root(kept, root.in_file(kept.world.house.settings))
    with pytest.raises(Invalid, match="earlier making"):
        recover(kept, *papers)
    assert present_root(kept).bridge is None


def test_a_forgotten_passphrase_is_recovered_into_a_file(kept: Hall) -> None:
    credential, settings = kept.deposit(), kept.world.house.settings
    with kept.world.house.reading() as session:
        installation = keys.get_installation(session).public_id
    rotate_root(kept, root.by_passphrase(settings, installation, WORDS, CHEAP))
    papers = make(kept)
    keys.seal(settings, kept.world.work)
    for aside in settings.root_key_file.parent.glob("root.key*"):
        aside.unlink()
    recover(kept, *papers[1:])
    assert present_root(kept).provider == roots.FILE
    assert kept.look(credential) == VALUE


def test_a_key_service_has_no_shares_and_a_stranger_holds_none(kept: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFound), kept.world.work() as work:
        recovery.make_shares(work, kept.world.house.settings, [1, 987654], 2)
    service = KeyService()
    monkeypatch.setitem(roots.PROVIDERS, "service", lambda *_: service)
    rotate_root(kept, root.NewRoot(service, "service"))
    with pytest.raises(Conflict, match="its own way"):
        make(kept)


def test_a_database_from_before_the_copy_recovers_the_root_key_alone(kept: Hall) -> None:
    papers, settings = make(kept), kept.world.house.settings
    with kept.world.work() as work:
        get_root_key(work.session).auth_key = None
        work.record(keys.Event.ROOT_KEY_MADE)
    settings.root_key_file.unlink()
    assert recover(kept, *papers[:2]) == (settings.root_key_file,)


def test_at_the_server_from_making_to_recovery(app: Flask, kept: Hall) -> None:
    house: House = kept.world.house
    app.extensions["house"] = house
    holders = [kept.world.person(f"Hal {n}", Role.CLERK).email for n in ("One", "Two", "Three")]
    runner = app.test_cli_runner()

    def run(*words: str, typed: str = "") -> str:
        ran = runner.invoke(custody, list(words), input=typed)
        assert ran.exit_code == 0, ran.output
        return ran.output

    assert "recovery shares" not in run("rotate", "root")  # there are none
    run("shares", "make", "--needed", "2", *itertools.chain(*(("--holder", email) for email in holders)))
    papers = ["".join(run("shares", "show", email).splitlines()[1:5]) for email in holders]
    assert "More holders" in run("shares", "confirm", typed=f"{papers[0]}\n")
    assert "The shares count" in run("shares", "confirm", typed=f"{papers[2]}\n")
    assert "Make new recovery shares now" in run("rotate", "root")
    assert "They work" in run("shares", "rehearse", typed=f"2\n{papers[1]}\n{papers[0]}\n")
    lose_keys(kept)
    said = run("recover", typed=f"2\n{papers[2]}\n{papers[1]}\n")
    assert said.count("Written: ") == 2
    assert "is open" in run("status")
    refused = runner.invoke(custody, ["shares", "show", "nobody@else.example"])
    assert refused.exit_code == 1
    assert runner.invoke(custody, ["shares", "show", kept.ann.email]).exit_code == 1
    make_key(house.settings.root_key_file.with_name("spare.key"))
    house.settings.root_key_file.with_name("spare.key").replace(house.settings.root_key_file)
    assert "never replaced" in runner.invoke(custody, ["recover"], input=f"2\n{papers[2]}\n{papers[1]}\n").output
