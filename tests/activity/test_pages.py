"""The Activity tab and its forms, as an editor meets them."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from registry.accounts.models import Account, AccountState
from registry.activity import actions
from registry.activity.models import Observation
from registry.identity.models import Person
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.world import World


@pytest.fixture
def comms(world: World, client: FlaskClient) -> Person:
    person = world.person("Comms", Role.COMMS)
    world.sign_in(client, person)
    return person


@pytest.fixture
def account(world: World) -> Account:
    return world.account(world.area(), cadence_days=14)


def tab(world: World, account: Account) -> str:
    return world.path(f"accounts/{account.id}/activity")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-5, "Posts agreed every 14 days; last 5 days ago (15 November 2026); so it is <strong>on time</strong>."),
        (-20, "so it is <strong>6 days late</strong>."),
    ],
)
def test_the_tab_says_how_the_account_stands_against_its_cadence(
    client: FlaskClient, world: World, comms: Person, account: Account, days: int, said: str
) -> None:
    with world.work(comms) as work:
        actions.observe(work, account.id, world.day(days))
    page = client.get(tab(world, account))
    assert said in " ".join(page.text.split())
    assert "The same numbers as a table" in page.text


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"cadence_days": 1}, "Posts agreed every day; none is on record, and it is 365 days since it began;"),
        ({"cadence_days": None}, "(the council’s default)"),
        ({"state": AccountState.AUTHORISED}, "This account is not live yet, so no posts are expected."),
        ({"state": AccountState.MOTHBALLED}, "This account is mothballed, so no posts are expected"),
        ({"state": AccountState.CLOSED}, "This account is closed, so no posts are expected."),
    ],
)
def test_the_tab_says_what_is_expected_in_every_state(
    client: FlaskClient, world: World, comms: Person, facts: dict[str, object], said: str
) -> None:
    page = client.get(tab(world, world.account(world.area(), **facts)))
    assert said in " ".join(page.text.split())
    assert "No post is on record yet" in page.text


def test_one_click_records_that_the_account_posted_today(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    assert "Posted today" in client.get(tab(world, account)).text
    answer = client.post(f"{tab(world, account)}/today")
    assert answer.headers["Location"].endswith(tab(world, account))
    page = client.get(tab(world, account))
    assert "Recorded: ExampleWaste posted today." in page.text
    assert "Today is on record." in page.text
    assert client.post(f"{tab(world, account)}/today", data={"back": "home"}).headers["Location"] == world.path()


def test_another_day_is_recorded_on_a_form_that_keeps_what_was_typed(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    address = f"{tab(world, account)}/new"
    assert "How many posts?" in client.get(address).text
    refused = client.post(address, data={"posted_on": ["24", "12", "2026"], "posts": "7"})
    assert refused.status_code == 422
    assert "The day of a post cannot be in the future" in refused.text
    assert 'value="24"' in refused.text
    assert 'value="7"' in refused.text
    assert client.post(address, data={"posted_on": ["3", "11", "2026"], "posts": "7"}).status_code == 302
    assert "ExampleWaste posted on 3 November 2026." in client.get(tab(world, account)).text


def test_a_record_is_withdrawn_where_it_is_listed(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    with world.work(comms) as work:
        observation = actions.observe(work, account.id, world.today)
    assert "the record of 20 November 2026" in client.get(tab(world, account)).text
    assert client.post(world.path(f"activity/{observation.id}/withdraw")).status_code == 302
    assert "The record is withdrawn." in client.get(tab(world, account)).text
    assert client.post(world.path(f"activity/{observation.id}/withdraw")).status_code == 404


def test_an_editor_of_another_area_sees_why_they_may_not(client: FlaskClient, world: World, account: Account) -> None:
    other = world.person("Ann Example")
    world.editor(world.area("Libraries"), other)
    world.sign_in(client, other)
    page = client.get(tab(world, account))
    assert "You cannot record activity here" in page.text
    assert "002 §12.3, §15.1" in page.text
    assert "Posted today" not in page.text
    assert client.post(f"{tab(world, account)}/today").status_code == 403
    form = client.get(f"{tab(world, account)}/new")
    assert form.status_code == 403
    assert "002 §12.3, §15.1" in form.text


def test_staff_read_the_tab_and_press_nothing(client: FlaskClient, world: World, account: Account) -> None:
    world.sign_in(client, world.person("Ann Example"))
    assert "Posted today" not in client.get(tab(world, account)).text
    for door in ("today", "new", "import", "import/apply"):
        assert client.post(f"{tab(world, account)}/{door}").status_code == 403


def test_a_file_is_previewed_and_then_taken(client: FlaskClient, world: World, comms: Person, account: Account) -> None:
    with world.work(comms) as work:
        actions.observe(work, account.id, world.day(-3))
    address = f"{tab(world, account)}/import"
    assert client.get(address).status_code == 200
    body = b"date,posts\n17/11/2026,4\n2026-11-01,2\n"
    preview = client.post(address, data={"file": (BytesIO(body), "posts.csv")})
    assert preview.status_code == 200
    assert "1 new day; 1 day is on record already and stays as it is." in preview.text
    with world.house.reading() as session:
        assert len(list(session.scalars(select(Observation)))) == 1
    carried = {"days": "date,posts\r\n2026-11-01,2\r\n2026-11-17,4\r\n", "filename": "posts.csv"}
    assert client.post(f"{address}/apply", data=carried).status_code == 302
    assert "1 day recorded from posts.csv." in client.get(tab(world, account)).text
    client.post(f"{address}/apply", data=carried)
    assert "Every day of the file was on record already." in client.get(tab(world, account)).text


def test_a_faulty_file_records_nothing_and_names_every_fault(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    address = f"{tab(world, account)}/import"
    body = b"date,posts\n2026-11-01,2\n2026-12-24,1\nsoon,1\n"
    preview = client.post(address, data={"file": (BytesIO(body), "posts.csv")})
    assert preview.status_code == 422
    assert "Row 3: The day of a post cannot be in the future" in preview.text
    assert "Row 4: “soon” is not a date" in preview.text
    assert client.post(address, data={"file": (BytesIO(b"%PDF-1.7"), "posts.csv")}).status_code == 422
    assert client.post(address, data={}).status_code == 422
    assert client.post(f"{address}/apply", data={"days": "date\n2026-12-24\n", "filename": "x"}).status_code == 422
    assert client.post(f"{address}/apply", data={}).headers["Location"].endswith(address)
    with world.house.reading() as session:
        assert not list(session.scalars(select(Observation)))


def test_another_councils_activity_is_not_there(client: FlaskClient, world: World, comms: Person) -> None:
    other = world.another()
    foreign = other.account(other.area())
    with other.work(other.person("Comms", Role.COMMS)) as work:
        observation = actions.observe(work, foreign.id, other.today)
    for door in ("", "/new", "/import"):
        assert client.get(f"{tab(world, foreign)}{door}").status_code == 404
    assert client.post(f"{tab(world, foreign)}/today").status_code == 404
    assert client.post(world.path(f"activity/{observation.id}/withdraw")).status_code == 404


def test_the_list_asks_no_more_of_the_database_when_it_is_long(
    client: FlaskClient, world: World, comms: Person, account: Account
) -> None:
    def cost() -> int:
        with statements(world.house) as sent:
            assert client.get(tab(world, account)).status_code == 200
        return len(sent)

    with world.work(comms) as work:
        actions.import_days(work, account.id, {world.day(-1): 1}, "one.csv")
    cost()  # the first request of all learns once what kind of installation this is
    few = cost()
    with world.work(comms) as work:
        actions.import_days(work, account.id, {world.day(-day): day for day in range(2, 80)}, "many.csv")
    assert cost() == few
    assert 'rel="next"' in client.get(tab(world, account)).text
