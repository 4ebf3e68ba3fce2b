"""What anyone may see, and nothing more."""

import json
import re
from typing import Any

from flask.testing import FlaskClient

from registry.accounts.models import AccountState
from registry.accounts.spreadsheet import read_table
from registry.public.published import FIELDS
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.world import World

S = AccountState
SECRET = "Nobody outside should read this"
PUBLISHED = {
    *("id", "platform", "platform_name", "handle", "url", "name"),
    *("service_area", "language", "state", "state_name", "since", "says"),
}
"""Whatever is added here is shown to the whole world: think, then change this list."""


def fill(world: World) -> None:
    """An account in every state, with something private in every private field."""
    someone = world.person("Private Person")
    waste, parks = world.area("Waste", someone), world.area("Parks")
    private: dict[str, Any] = dict.fromkeys(
        ("purpose", "audience", "engagement", "resources", "benchmarks", "notes"), SECRET
    )
    for number, state in enumerate(S):
        world.account(
            parks if number % 2 else waste,
            "x",
            f"Example{state.value}",
            name=f"Account {state.value}",
            state=state,
            responsible_id=someone.id,
            **private,
        )


def names(text: str) -> list[str]:
    return re.findall(r"<h2[^>]*>Account (\w+)</h2>", text)


def test_the_fields_shown_to_the_world_are_these_and_no_other(world: World, client: FlaskClient) -> None:
    fill(world)
    assert set(FIELDS) == PUBLISHED
    data = json.loads(client.get("/public/exampleton/register.json").text)
    assert {frozenset(account) for account in data["accounts"]} == {frozenset(PUBLISHED)}
    answer = client.get("/public/exampleton/is-this-ours.json?q=@Examplelive").get_json()
    assert set(answer) == {"council", "asked", "finding", "is_ours", "sentence", "caution", "accounts"}
    assert set(answer["accounts"][0]) == PUBLISHED | {"finding", "sentence"}
    assert set(read_table(client.get("/public/exampleton/register.csv").data, "x.csv").headings) == PUBLISHED


def test_no_private_word_and_no_name_of_staff_leaves_the_house(world: World, client: FlaskClient) -> None:
    fill(world)
    for page in (
        "",
        "register.json",
        "register.csv",
        "is-this-ours?q=@Examplelive",
        "is-this-ours.json?q=@Examplelive",
    ):
        text = client.get(f"/public/exampleton/{page}").text
        assert "Examplelive" in text, page
        assert SECRET not in text, page
        assert "Private Person" not in text, page


def test_what_is_only_asked_for_or_agreed_is_not_public_yet(world: World, client: FlaskClient) -> None:
    fill(world)
    assert names(client.get("/public/exampleton/").text) == ["closed", "handed_over", "live", "mothballed"]
    data = json.loads(client.get("/public/exampleton/register.json").text)
    assert {account["state"] for account in data["accounts"]} == {"live", "mothballed", "closed", "handed_over"}


def test_every_account_says_what_its_state_makes_true(world: World, client: FlaskClient) -> None:
    fill(world)
    world.account(world.area("Housing"), "x", "ExampleNoted", state=S.CLOSED, public_note="Please use our website.")
    page = client.get("/public/exampleton/").text
    for sentence in (
        "Exampleton Council uses this account.",
        "keeps this account but does not use or monitor it at present.",
        "Exampleton Council closed this account on 21 October 2026 and no longer uses it. Please use our website.",
        "handed this account over on 21 October 2026. It is no longer the council’s.",
    ):
        assert sentence in page


def test_residents_search_and_narrow_down(world: World, client: FlaskClient) -> None:
    fill(world)
    for asked, expected in {
        "?q=live": ["live"],
        "?q=@EXAMPLElive": ["live"],
        "?q=parks": ["handed_over", "mothballed"],
        "?q=twitter": ["closed", "handed_over", "live", "mothballed"],
        "?state=mothballed": ["mothballed"],
        "?state=proposed": ["closed", "handed_over", "live", "mothballed"],
        "?area=Parks": ["handed_over", "mothballed"],
        "?platform=facebook": [],
        "?q=%07": ["closed", "handed_over", "live", "mothballed"],
    }.items():
        assert names(client.get(f"/public/exampleton/{asked}").text) == expected, asked
    assert "No account matches" in client.get("/public/exampleton/?platform=facebook").text
    assert json.loads(client.get("/public/exampleton/register.json?state=live").text)["accounts"][0]["state"] == "live"


def test_an_empty_register_says_so(world: World, client: FlaskClient) -> None:
    assert "No account is published yet" in client.get("/public/exampleton/").text
    assert json.loads(client.get("/public/exampleton/register.json").text)["accounts"] == []


def test_one_councils_page_shows_nothing_of_another(world: World, client: FlaskClient) -> None:
    other = world.another()
    other.account(other.area(), handle="OtherBins")
    for page in ("", "register.json", "register.csv"):
        assert "OtherBins" not in client.get(f"/public/exampleton/{page}").text
    assert client.get("/public/nowhere/").status_code == 404


def test_the_councils_of_the_installation_are_listed(world: World, client: FlaskClient) -> None:
    world.another()
    page = client.get("/public/").text
    assert "Exampleton Council" in page
    assert 'href="/public/otherham/"' in page


def test_public_answers_may_be_kept_for_a_minute_and_set_no_cookie(world: World, client: FlaskClient) -> None:
    fill(world)
    pages = ("", "register.json", "register.csv", "is-this-ours?q=x", "is-this-ours.json?q=x")
    for page in pages:
        answer = client.get(f"/public/exampleton/{page}")
        assert answer.headers["Cache-Control"] == "public, max-age=60", page
        assert "Set-Cookie" not in answer.headers, page
    assert "public" not in client.get("/public/nowhere/").headers["Cache-Control"]


def test_a_page_that_shows_who_looks_is_kept_by_nobody(world: World, client: FlaskClient) -> None:
    world.sign_in(client, world.person("Clara Clerk", Role.CLERK))
    answer = client.get("/public/exampleton/")
    assert "Clara Clerk" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_list_takes_as_many_statements_for_many_as_for_few(world: World, client: FlaskClient) -> None:
    fill(world)
    area = world.area("Many")
    client.get("/public/exampleton/")
    with statements(world.house) as few:
        client.get("/public/exampleton/")
    for number in range(60):
        world.account(area, "x", f"Many{number:02}")
    with statements(world.house) as many:
        page = client.get("/public/exampleton/").text
    assert len(many) == len(few) <= 4
    following = re.search(r'href="([^"]+)" rel="next"', page)
    assert following
    assert 'rel="prev"' in client.get(f"/public/exampleton/{following[1].replace('&amp;', '&')}").text
