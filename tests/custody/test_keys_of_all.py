"""What serves every council here is out of reach of every council but the one that keeps it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.core.errors import NotFound, Refused
from registry.core.house import House
from registry.core.secret import Secret
from registry.councils.actions import name_keeper
from registry.councils.queries import get_council_by_id
from registry.custody.actions import recovery
from registry.custody.key_queries import find_recovery, find_unconfirmed, get_root_key, list_shares, shares_of
from registry.identity.actions import people
from registry.identity.models import Person
from registry.vocabulary.permissions import Role
from tests.councils.test_keeping import nobody_keeps
from tests.custody.hall import Hall, build
from tests.custody.test_recovery import kept as kept
from tests.custody.test_recovery import make, type_back
from tests.custody.test_sealing import WORDS, is_open, unseal
from tests.custody.test_sealing import sealed as sealed
from tests.world import World

ELSEWHERE = "kept by Exampleton Council"


@pytest.fixture
def evil(app: Flask, kept: Hall) -> World:
    """Another council of the same host, whose every officer is an attacker."""
    app.extensions["house"] = kept.world.house
    return kept.world.another("evil")


def test_the_clerk_of_another_council_cannot_take_the_root_key_by_shares(
    kept: Hall, evil: World, client: FlaskClient
) -> None:
    papers = make(kept)
    type_back(kept, *papers)
    clerk, accomplice = evil.person("Eve Clerk", Role.CLERK), evil.person("Mal Accomplice")
    evil.sign_in(client, clerk)
    chosen = {"holders": [str(clerk.id), str(accomplice.id)], "needed": "2"}
    for answer in (
        client.get(evil.path("keys/shares/new")),
        client.post(evil.path("keys/shares/new"), data=chosen),
        client.get(evil.path("keys/my-share")),
    ):
        assert answer.status_code == 403
        assert ELSEWHERE in answer.text
    with pytest.raises(Refused, match=ELSEWHERE), evil.work(clerk) as work:
        recovery.make_shares(work, evil.house.settings, [clerk.id, accomplice.id], 2)
    with evil.house.reading() as session:
        assert find_unconfirmed(session) is None
        assert find_recovery(session).retired_at is None
    with pytest.raises(Refused, match=ELSEWHERE), evil.work(clerk) as work:
        recovery.rehearse(work, [Secret(paper) for paper in papers])


def test_people_of_another_council_hold_no_share_even_when_the_keepers_clerk_names_them(
    kept: Hall, evil: World
) -> None:
    stranger = evil.person("Eve Clerk", Role.CLERK)
    with pytest.raises((Refused, NotFound)), kept.world.work() as work:  # PostgreSQL does not even show them there
        recovery.make_shares(work, kept.world.house.settings, [kept.ann.id, stranger.id], 2)
    nobody_keeps(kept.world)
    with pytest.raises(Refused, match="No council is named"), kept.world.house.work(None, None, "test") as work:
        recovery.make_shares(work, kept.world.house.settings, [kept.ann.id, stranger.id], 2)


def test_a_share_made_before_the_keeper_was_named_is_neither_shown_nor_counted_elsewhere(
    kept: Hall, evil: World, client: FlaskClient
) -> None:
    """What an attacker had made before an upgrade is worth nothing after it."""
    holders = [evil.person("Eve Clerk", Role.CLERK), evil.person("Mal Accomplice")]
    _keeper(kept.world, evil)
    with kept.world.house.work(None, None, "test") as work:
        recovery.make_shares(work, kept.world.house.settings, [person.id for person in holders], 2)
    _keeper(kept.world, kept.world)
    evil.sign_in(client, holders[0])
    assert "You hold a recovery share" not in client.get(evil.path()).text
    assert client.post(evil.path("keys/my-share/show")).status_code == 403
    with kept.world.house.reading() as session:
        (share, _), *_ = shares_of(session, holders[0].id)
    with pytest.raises(Refused, match="does not work"), kept.world.house.work(None, None, "test") as work:
        recovery.show_share(work, kept.world.house.settings, share.id)


def _keeper(world: World, keeper: World) -> None:
    with world.house.work(None, None, "test") as work:
        name_keeper(work, get_council_by_id(work.session, keeper.council.id))


def test_the_keys_page_of_another_council_tells_of_its_own_key_only(
    kept: Hall, evil: World, client: FlaskClient
) -> None:
    type_back(kept, *make(kept))
    with kept.world.house.reading() as session:
        root_key = get_root_key(session).id
    evil.sign_in(client, evil.person("Eve Clerk", Role.CLERK))
    shown = client.get(evil.path("keys")).text
    assert ELSEWHERE in shown
    assert "Renewing the council’s keys" in shown
    for told in (root_key, kept.ann.name, str(kept.world.house.settings.root_key_file.parent), "shares/new"):
        assert told not in shown
    theirs = build(evil, handle="EvilTwin", name="Ed Editor", area="Parks")
    theirs.deposit()
    assert client.post(evil.path("keys/rotate"), data={"renews": "council"}).status_code == 302
    kept.world.sign_in(client, kept.world.person("Cora Clerk", Role.CLERK))
    shown = client.get(kept.world.path("keys")).text
    assert root_key in shown
    assert "shares/new" in shown


def test_where_a_missing_key_lay_is_told_to_no_other_council(kept: Hall, evil: World, client: FlaskClient) -> None:
    place = kept.world.house.settings.root_key_file
    place.unlink()
    for hall, is_told in ((kept, True), (build(evil, handle="EvilTwin", name="Ed Editor", area="Parks"), False)):
        hall.world.sign_in(client, hall.ann)
        answer = client.get(hall.world.path(f"accounts/{hall.account.id}/custody/deposit/password"))
        assert answer.status_code == 503
        assert (str(place) in answer.text) is is_told
        assert (ELSEWHERE in answer.text) is not is_told


def test_a_holder_who_left_the_keeping_council_is_gone_though_they_work_elsewhere(
    kept: Hall, evil: World, client: FlaskClient
) -> None:
    type_back(kept, *make(kept))
    with kept.world.house.reading() as session:
        holder = session.get_one(Person, list_shares(session, find_recovery(session).id)[0].person_id)
    evil.joins(holder)
    clerk = kept.world.person("Cora Clerk", Role.CLERK)
    kept.world.sign_in(client, clerk)
    assert "Has left" not in client.get(kept.world.path("keys")).text
    with kept.world.work(clerk) as work:
        people.leave(work, holder.id, kept.world.day(-1))
    assert "Has left" in client.get(kept.world.path("keys")).text


@pytest.fixture
def locked(sealed: House, clock) -> tuple[World, World]:
    """A host under a passphrase: the council that keeps it, and another."""
    world = World(sealed, clock)
    return world, world.another("evil")


def test_another_council_can_neither_seal_for_all_nor_keep_custody_sealed(
    locked: tuple[World, World], client: FlaskClient
) -> None:
    keeper, evil = locked
    unseal(keeper.house)
    evil.sign_in(client, evil.person("Eve Administrator", Role.ADMINISTRATOR))
    assert "Seal custody" not in client.get(evil.path("keys")).text
    assert client.post(evil.path("keys/seal")).status_code == 403
    assert is_open(keeper.house)
    keeper.sign_in(client, keeper.person("Ada Administrator", Role.ADMINISTRATOR))
    client.post(keeper.path("keys/seal"))
    evil.sign_in(client, evil.person("Eve Clerk", Role.CLERK))
    home = client.get(evil.path()).text
    assert "Custody is sealed." in home
    assert "Unseal it" not in home
    hall = build(evil, handle="EvilTwin", name="Ed Editor", area="Parks")
    evil.sign_in(client, hall.ann)
    closed = client.get(evil.path(f"accounts/{hall.account.id}/custody/deposit/password"))
    assert "kept by Exampleton Council. Ask them to unseal it." in closed.text
    evil.sign_in(client, evil.person("Ed Clerk", Role.CLERK))
    assert client.get(evil.path("keys/unseal")).status_code == 403
    for _ in range(30):
        assert client.post(evil.path("keys/unseal"), data={"passphrase": "wrong"}).status_code == 403
    keeper.sign_in(client, keeper.person("Cora Clerk", Role.CLERK))
    client.post(keeper.path("keys/unseal"), data={"passphrase": WORDS.reveal()})
    assert is_open(keeper.house)
