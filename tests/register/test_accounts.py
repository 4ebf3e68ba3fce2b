"""The register's list: found, narrowed down, sorted, paged and taken away."""

import re
from datetime import date
from itertools import product
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from registry.accounts.models import Account, AccountState, FormerName
from registry.accounts.spreadsheet import read_table
from registry.flags.models import Flag
from registry.identity.models import Person
from registry.register.asked import SORTS
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.world import World

AT_MOST = 9
"""Three say who looks and where, three hold the list; three ask whether custody is open, as every page tells."""


@pytest.fixture
def clerk(world: World, client: FlaskClient) -> Person:
    person = world.person("Clara Clerk", Role.CLERK)
    world.sign_in(client, person)
    return person


def shown(client: FlaskClient, world: World, asked: str = "") -> list[str]:
    """The names in the list, in their order."""
    answer = client.get(world.path(f"accounts{asked}"))
    assert answer.status_code == 200
    return names_in(answer.text)


def names_in(page: str) -> list[str]:
    return re.findall(r'scope="row"[^>]*><a[^>]*>([^<]+)</a>', page)


def neighbour(page: str, side: str) -> str | None:
    """The address of the next or the previous page."""
    found = re.search(rf'href="([^"]+)" rel="{side}"', page)
    return found[1].replace("&amp;", "&") if found else None


def everything(world: World) -> dict[str, Account]:
    """Five accounts, each different in something one may filter or sort by."""
    waste, parks = world.area("Waste"), world.area("Parks and gardens")
    me = world.person("Mia Mine")
    made = {
        "bins": world.account(
            waste, "x", "ExampleBins", name="Bins", last_posted_on=world.day(-40), next_review_on=world.day(5)
        ),
        "parks": world.account(
            parks, "facebook", "ExampleParks", name="Parks", last_posted_on=world.day(-1), open_flags=2, worst_flag=3
        ),
        "trees": world.account(parks, "instagram", "example.trees", name="Álamo trees", state=AccountState.AUTHORISED),
        "fair": world.account(
            waste, "x", "ExampleFair", name="Fair", state=AccountState.MOTHBALLED, responsible_id=me.id
        ),
        "gone": world.account(waste, "x", "ExampleGone", name="Gone", state=AccountState.CLOSED),
    }
    world.add(
        FormerName(
            council_id=world.council.id,
            account_id=made["parks"].id,
            platform="facebook",
            handle="OldGreens",
            handle_key="oldgreens",
            until_on=world.day(-90),
        )
    )
    return made


ALL = ["Bins", "Fair", "Parks", "Álamo trees"]


ASKED = {
    "": ALL,
    "?q=bin": ["Bins"],
    "?q=EXAMPLEBINS": ["Bins"],
    "?q=@ExampleBins": ["Bins"],
    "?q=álamo": ["Álamo trees"],
    "?q=oldgreens": ["Parks"],
    "?q=gardens+trees": ["Álamo trees"],
    "?q=twitter": ["Bins", "Fair"],
    "?q=https://twitter.com/examplebins?s=20": ["Bins"],
    "?q=https://www.facebook.com/OldGreens/": ["Parks"],
    "?q=https://nobody.example/else": [],
    "?q=100%25": [],
    "?q=_": [],
    "?platform=x": ["Bins", "Fair"],
    "?q=bins&platform=instagram": [],
    "?state=live": ["Bins", "Parks"],
    "?state=ended": ["Gone"],
    "?state=any": ["Bins", "Fair", "Gone", "Parks", "Álamo trees"],
    "?state=closed&platform=x": ["Gone"],
    "?flags=open": ["Parks"],
    "?responsible=me": [],
    "?state=nonsense&sort=nonsense&area=-1": ALL,
    "?area=99999999999999999999": ALL,
    "?area=2147483647": [],
    "?q=%07": ALL,
    "?sort=area": ["Parks", "Álamo trees", "Bins", "Fair"],
    "?sort=state": ["Álamo trees", "Bins", "Parks", "Fair"],
    "?sort=posted&order=falling": ["Parks", "Bins", "Fair", "Álamo trees"],
    "?sort=review": ["Bins", "Parks", "Álamo trees", "Fair"],
    "?sort=flags&order=falling": ["Parks", "Fair", "Álamo trees", "Bins"],
    "?sort=name&order=falling": ALL[::-1],
}


def test_the_list_shows_what_is_asked_for(world: World, client: FlaskClient, clerk: Person) -> None:
    everything(world)
    for asked, expected in ASKED.items():
        assert shown(client, world, asked) == expected, asked


def test_one_sees_what_one_is_responsible_for_and_what_an_area_answers_for(world: World, client: FlaskClient) -> None:
    made = everything(world)
    with world.house.reading() as session:
        me = session.query(Person).filter_by(name="Mia Mine").one()
    world.sign_in(client, me)
    assert shown(client, world, "?responsible=me") == ["Fair"]
    assert shown(client, world, f"?area={made['parks'].service_area_id}") == ["Parks", "Álamo trees"]


def test_a_flag_narrows_the_list_while_it_is_open(world: World, client: FlaskClient, clerk: Person) -> None:
    made = everything(world)
    for account, cleared in ((made["bins"], None), (made["parks"], world.clock.now())):
        world.add(
            Flag(
                council_id=world.council.id,
                rule="review_overdue",
                subject_kind="Account",
                subject_id=account.id,
                account_id=account.id,
                severity=2,
                message="Late.",
                since_on=world.today,
                raised_at=world.clock.now(),
                cleared_at=cleared,
            )
        )
    assert shown(client, world, "?flag=review_overdue") == ["Bins"]
    assert "Flag: review overdue" in client.get(world.path("accounts?flag=review_overdue")).text


def test_counts_beside_the_filters_say_what_each_would_leave(world: World, client: FlaskClient, clerk: Person) -> None:
    everything(world)
    page = client.get(world.path("accounts?platform=x")).text
    for option in (
        "In use (2)",
        "Ended (1)",
        "Any (3)",
        "Live (1)",
        "X (formerly Twitter) (2)",
        "Facebook page (1)",
        "Waste (2)",
    ):
        assert f">{option}<" in page
    assert "1 ended account is not shown" in page
    assert "Platform: X (formerly Twitter)" in page


def test_the_list_says_how_each_account_stands(world: World, client: FlaskClient, clerk: Person) -> None:
    made = everything(world)
    with world.house.reading() as session:
        waste = session.get_one(Account, made["bins"].id).service_area
    world.cleared(waste, "Ann Example")
    world.editor(waste, world.person("Bob Example"))
    page = client.get(world.path("accounts")).text
    assert "1 of 2 cleared" in page
    assert "None named" in page
    assert "5 weeks ago" in page
    assert "every 14 days, 26 days over" in page
    assert "Due in 5 days" in page
    assert "2 flags" in page


def test_an_empty_register_says_how_it_is_filled(world: World, client: FlaskClient, clerk: Person) -> None:
    page = client.get(world.path("accounts")).text
    assert "The register is empty" in page
    assert "Import a spreadsheet" in page
    world.sign_in(client, world.person("Sam Staff"))
    assert "Ask for an account" in client.get(world.path("accounts")).text


def test_a_search_that_finds_only_ended_accounts_says_so(world: World, client: FlaskClient, clerk: Person) -> None:
    everything(world)
    page = client.get(world.path("accounts?q=gone")).text
    assert "No account matches" in page
    assert "1 ended account would match" in page


def test_another_councils_accounts_are_never_listed(world: World, client: FlaskClient, clerk: Person) -> None:
    other = world.another()
    other.account(other.area(), handle="OtherBins")
    assert "OtherBins" not in client.get(world.path("accounts?state=any")).text
    assert client.get(other.path("accounts")).status_code == 404
    assert "OtherBins" not in client.get(world.path("accounts.csv?state=any")).text


def test_the_spreadsheet_holds_what_is_asked_or_chosen_and_no_formula(
    world: World, client: FlaskClient, clerk: Person
) -> None:
    made = everything(world)
    area = world.area("=1+1")
    world.account(area, "tiktok", "zz", name="=HYPERLINK(1)")
    answer = client.get(world.path("accounts.csv?state=any"))
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "'=HYPERLINK(1)" in answer.text
    table = read_table(answer.data, "accounts.csv")
    assert [row[3] for row in table.rows] == ["=HYPERLINK(1)", "Bins", "Fair", "Gone", "Parks", "Álamo trees"]
    chosen = client.get(
        world.path(f"accounts.csv?account={made['bins'].id}&account=nonsense&account={made['parks'].id}")
    )
    assert [row[3] for row in read_table(chosen.data, "accounts.csv").rows] == ["Bins", "Parks"]


def many(world: World, count: int) -> None:
    """So many live accounts in twenty service areas, with editors."""
    areas = [world.area(f"Area {number:02}") for number in range(20)]
    for number, area in enumerate(areas[:5]):
        world.cleared(area, f"Editor {number}")
    rows: list[dict[str, Any]] = [
        {
            "council_id": world.council.id,
            "public_id": number.to_bytes(16, "big"),
            "service_area_id": areas[number % 20].id,
            "platform": "x",
            "handle": f"Example{number}",
            "handle_key": f"example{number}",
            "url": f"https://x.com/Example{number}",
            "name": f"Account {number % 7} {number}",
            "sort_name": f"account {number % 7} {number}",
            "state": AccountState.LIVE,
            "last_posted_on": None if number % 3 else date(2026, 1 + number % 9, 1),
            "open_flags": number % 2,
            "worst_flag": number % 2,
            "added_at": world.clock.now(),
        }
        for number in range(count)
    ]
    with world.work() as work:
        work.session.execute(insert(Account), rows)
        work.record(Event.DEMO_MADE)


def test_ten_thousand_accounts_take_nine_statements_at_any_depth(
    world: World, client: FlaskClient, clerk: Person
) -> None:
    many(world, 10_000)
    client.get(world.path("accounts"))
    for asked in ("", "?q=account+3", "?sort=flags&order=falling&flags=open", "?sort=posted", "?sort=area"):
        address: str | None = asked
        for _ in range(5):
            with statements(world.house) as sent:
                page = client.get(world.path(f"accounts{address}")).text
            assert len(sent) <= AT_MOST, sent
            address = neighbour(page, "next")
            assert address, "there are more pages"


def test_paging_shows_every_account_once_and_leads_back(world: World, client: FlaskClient, clerk: Person) -> None:
    many(world, 120)
    for sort, order in product(SORTS, ("rising", "falling")):
        seen: list[str] = []
        address: str | None = f"?sort={sort}&order={order}"
        before = None
        while address:
            page = client.get(world.path(f"accounts{address}")).text
            seen += names_in(page)
            address, before = neighbour(page, "next"), neighbour(page, "prev")
        assert len(seen) == len(set(seen)) == 120, sort
        assert names_in(client.get(world.path(f"accounts{before}")).text) == seen[50:100]


NO_POSITIONS = ("x", "W10", "WyJcdTAwMDAiLDFd", "WyJhIiwxMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDBd", "WyJcdWQ4MDAiLDFd")


def test_a_made_up_position_is_no_page(world: World, client: FlaskClient, clerk: Person) -> None:
    for token in NO_POSITIONS:
        assert client.get(world.path(f"accounts?after={token}")).status_code == 404, token
