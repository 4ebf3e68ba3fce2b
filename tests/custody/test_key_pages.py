"""The pages on which keys are renewed and recovery shares made, seen once and typed back."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.custody.actions import root, rotation
from registry.custody.key_queries import find_rotation
from registry.identity.actions import people
from registry.vocabulary.permissions import Role
from tests.custody.hall import VALUE, Hall
from tests.custody.test_recovery import kept as kept
from tests.custody.test_rotation_of_keys import rotate_root

PAPER = re.compile(r"<code>([0-9A-Z ]{19})</code>")


@pytest.fixture
def desk(app: Flask, kept: Hall) -> Hall:
    """The hall as the application serves it."""
    app.extensions["house"] = kept.world.house
    return kept


def test_the_clerk_renews_the_keys_at_a_button_and_it_goes_on_when_cut_off(
    desk: Hall, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.world.path("keys")
    desk.world.sign_in(client, desk.world.person("Cora Clerk", Role.CLERK))
    assert "nothing in custody yet" in client.get(page).text
    held = [desk.deposit(value=f"a value of number {n}") for n in range(3)]
    monkeypatch.setattr(rotation, "BATCH", 1)
    monkeypatch.setattr("registry.custody.views.keys.STEPS", 1)
    client.post(f"{page}/rotate", data={"renews": "council"})
    shown = client.get(page)
    assert "1 value done, 2 to go" in shown.text
    assert "Go on with the renewal" in shown.text
    monkeypatch.setattr("registry.custody.views.keys.STEPS", 10)
    client.post(f"{page}/rotate")
    with desk.world.house.reading() as session:
        assert find_rotation(session, desk.world.council.id) is None
    assert "3 values" in client.get(page).text
    desk.world.clock.advance(minutes=1)
    client.post(f"{page}/rotate", data={"renews": "data"})
    assert [desk.look(each) for each in held] == [f"a value of number {n}" for n in range(3)]


def test_a_share_is_seen_once_by_its_holder_typed_back_and_counts(desk: Hall, client: FlaskClient) -> None:
    world, page = desk.world, desk.world.path("keys")
    holders = [world.person(name) for name in ("Hal Holder", "Hana Holder", "Huw Holder")]
    clerk = world.person("Cleo Clerk", Role.CLERK)
    world.sign_in(client, clerk)
    assert "everything in custody is lost" in client.get(page).text
    refused = client.post(f"{page}/shares/new", data={"holders": [str(holders[0].id)], "needed": "2"})
    assert refused.status_code == 422
    chosen = {"holders": [str(person.id) for person in holders], "needed": "2"}
    assert client.post(f"{page}/shares/new", data=chosen).status_code == 302
    assert client.post(f"{page}/my-share/show").status_code == 409  # whoever makes them sees none
    assert "You hold no recovery share" in client.get(f"{page}/my-share").text
    papers = []
    for holder in holders:
        world.sign_in(client, holder)
        assert "You hold a recovery share" in client.get(world.path()).text
        assert "Show my share" in client.get(f"{page}/my-share").text
        shown = client.post(f"{page}/my-share/show")
        papers.append(" ".join(PAPER.findall(shown.text)))
        assert "<svg" in shown.text
        assert "no-store" in shown.headers["Cache-Control"]
        assert client.post(f"{page}/my-share/show").status_code == 409
    wrong = client.post(f"{page}/my-share", data={"share": papers[0]})
    assert wrong.status_code == 422
    assert "not your share" in wrong.text
    assert papers[0] not in wrong.text
    for holder, paper in zip(holders[:2], papers, strict=False):
        world.sign_in(client, holder)
        assert client.post(f"{page}/my-share", data={"share": paper}).status_code == 302
    world.sign_in(client, clerk)
    shown = client.get(page).text
    assert "Any 2 of 3 bring the keys back" in shown
    assert "everything in custody is lost" not in shown


def test_an_administrator_names_no_holders(desk: Hall, client: FlaskClient) -> None:
    """Two people of their own making would hold the root key between them."""
    world, page = desk.world, desk.world.path("keys")
    made = [world.person(name) for name in ("Pia Puppet", "Paul Puppet")]
    world.sign_in(client, world.person("Ada Administrator", Role.ADMINISTRATOR))
    assert "Make new shares" not in client.get(page).text
    chosen = {"holders": [str(person.id) for person in made], "needed": "2"}
    assert client.post(f"{page}/shares/new", data=chosen).status_code == 403


def test_the_page_says_when_shares_need_attention(desk: Hall, client: FlaskClient) -> None:
    world, page = desk.world, desk.world.path("keys")
    clerk, other = world.person("Cora Clerk", Role.CLERK), world.person("Olu Other")
    world.sign_in(client, clerk)
    client.post(f"{page}/shares/new", data={"holders": [str(clerk.id), str(other.id)], "needed": "2"})
    for person in (other, clerk):
        world.sign_in(client, person)
        paper = " ".join(PAPER.findall(client.post(f"{page}/my-share/show").text))
        client.post(f"{page}/my-share", data={"share": paper})
    assert "Has left" not in client.get(page).text
    rotate_root(desk, root.in_file(world.house.settings))
    with world.work(clerk) as work:
        people.leave(work, other.id, world.today)
    world.clock.advance(days=400)
    world.sign_in(client, clerk)
    shown = client.get(page).text
    assert "of an earlier root key" in shown
    assert "not rehearsed for over a year" in shown
    assert "Has left" in shown
    assert VALUE not in shown
