"""The pages that keep the register, for those who may and those who may not."""

import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from registry.accounts.models import Account, AccountState, ImportBatch, ServiceArea
from registry.accounts.queries import get_account
from registry.accounts.spreadsheet import read_table
from registry.audit.models import Entry
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.world import World

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture
def clerk(client: FlaskClient, world: World):
    person = world.person("Clerk Example", Role.CLERK)
    world.sign_in(client, person)
    return person


def read(world: World, account: Account) -> Account:
    with world.house.reading() as session:
        return get_account(session, world.council.id, account.id)


def cost(world: World, client: FlaskClient, path: str) -> int:
    with statements(world.house) as sent:
        assert client.get(path).status_code == 200
    return len(sent)


ENTRY = {"name": "Waste", "language": "English", "risk": "normal", "version": "1"}


def test_a_clerk_changes_an_entry(client: FlaskClient, world: World, clerk) -> None:
    area, other = world.area(), world.area("Parks")
    account = world.account(area)
    path = world.path(f"accounts/{account.id}/change")
    page = client.get(path)
    assert page.status_code == 200
    assert 'value="1"' in page.text
    sent = {**ENTRY, "service_area_id": other.id, "responsible_id": clerk.id, "two_step_on": "y", "purpose": "Bins",
            "trial_ends_on": ["3", "May", "2027"]}  # fmt: skip
    assert client.post(path, data=sent).headers["Location"].endswith(f"/accounts/{account.id}")
    now = read(world, account)
    assert (now.service_area_id, now.responsible_id, now.two_step_on, now.branded) == (other.id, clerk.id, True, False)
    assert str(now.trial_ends_on) == "2027-05-03"


def test_a_wrong_entry_keeps_what_was_typed_and_says_what_is_wrong(client: FlaskClient, world: World, clerk) -> None:
    account = world.account(world.area())
    path = world.path(f"accounts/{account.id}/change")
    answer = client.post(path, data={**ENTRY, "name": "", "purpose": "Typed with care", "paired": "nonsense here"})
    assert answer.status_code == 422
    assert "Enter the name that residents see" in answer.text
    assert "Typed with care" in answer.text
    sent = {**ENTRY, "service_area_id": account.service_area_id, "paired": "x:@Nobody"}
    answer = client.post(path, data=sent)
    assert answer.status_code == 422
    assert "That is not another account in this register" in answer.text


def test_whoever_saves_second_sees_both_versions(client: FlaskClient, world: World, clerk) -> None:
    account = world.account(world.area())
    path = world.path(f"accounts/{account.id}/change")
    sent = {**ENTRY, "service_area_id": account.service_area_id}
    assert client.post(path, data={**sent, "purpose": "Theirs"}).status_code == 302
    for version in ("1", "no number", "99999999999"):
        answer = client.post(path, data={**sent, "purpose": "Mine", "version": version})
        assert answer.status_code == 409
        assert "Theirs" in answer.text
        assert "Mine" in answer.text


def test_an_owner_who_left_and_an_area_that_ended_stay_chosen(client: FlaskClient, world: World, clerk) -> None:
    gone = world.person("Gone Example", ends_on=world.day(-1))
    area = world.area("Old team")
    account = world.account(area, responsible_id=gone.id)
    with world.work() as work:
        work.session.get_one(ServiceArea, area.id).ended_on = world.day(-1)
        work.record(Event.DEMO_MADE)
    page = client.get(world.path(f"accounts/{account.id}/change")).text
    assert "Gone Example (left)" in page
    assert "Old team (ended)" in page


def test_a_closed_account_offers_only_its_leftovers(client: FlaskClient, world: World, clerk) -> None:
    account = world.account(world.area(), state=AccountState.CLOSED)
    path = world.path(f"accounts/{account.id}/change")
    page = client.get(path).text
    assert 'name="purpose"' not in page
    assert client.post(path, data={"version": "1", "public_note": "Ask us by phone"}).status_code == 302
    assert (read(world, account).branded, read(world, account).public_note) == (False, "Ask us by phone")


def test_a_new_name_is_recorded_and_the_old_one_listed(client: FlaskClient, world: World, clerk) -> None:
    account = (
        world.account(world.area(), handle="@OldName", handle_key="oldname") if False else world.account(world.area())
    )
    path = world.path(f"accounts/{account.id}/rename")
    wrong = client.post(path, data={"version": "1", "address": "not a handle", "name": "New"})
    assert wrong.status_code == 422
    assert "not a handle" in wrong.text
    assert client.post(path, data={"version": "1", "address": "@NewName", "name": "New"}).status_code == 302
    assert read(world, account).handle == "@NewName"
    assert "ExampleWaste, until 20 November 2026" in client.get(path).text


def test_service_areas_are_listed_with_their_managers_and_counts(client: FlaskClient, world: World, clerk) -> None:
    assert "There is no service area yet" in client.get(world.path("service-areas")).text
    area = world.area("Waste", clerk)
    world.account(area, last_posted_on=world.day(-3))
    world.account(area, handle="Closed", state=AccountState.CLOSED)
    page = client.get(world.path("service-areas")).text
    assert "Clerk Example" in page
    assert re.search(r'data-label="Accounts"[^>]*>1</td>', page)
    detail = client.get(world.path(f"service-areas/{area.id}")).text
    assert "ExampleWaste" in detail
    assert "17 November 2026 (3 days ago)" in detail
    assert "Closed" in detail


def test_a_service_area_is_added_changed_ended_and_brought_back(client: FlaskClient, world: World, clerk) -> None:
    assert client.get(world.path("service-areas/new")).status_code == 200
    made = client.post(
        world.path("service-areas/new"), data={"name": "Waste", "manager_id": clerk.id}, follow_redirects=True
    )
    assert "Waste is added." in made.text
    assert "It answers for no account" in made.text
    twin = client.post(world.path("service-areas/new"), data={"name": "waste"})
    assert twin.status_code == 422
    assert "already a service area “Waste”" in twin.text
    with world.house.reading() as session:
        area_id = session.scalar(select(ServiceArea.id))
    here = world.path(f"service-areas/{area_id}")
    assert client.get(f"{here}/change").status_code == 200
    assert (
        "Changed here"
        in client.post(
            f"{here}/change", data={"name": "Waste", "description": "Changed here"}, follow_redirects=True
        ).text
    )
    assert client.get(f"{here}/end").status_code == 200
    assert client.post(f"{here}/end", data={"last_day": ["", "", ""]}).status_code == 422
    ended = client.post(f"{here}/end", data={"last_day": ["19", "11", "2026"]}, follow_redirects=True)
    assert "Bring it back" in ended.text
    assert "answers for accounts again" in client.post(f"{here}/reopen", follow_redirects=True).text


def test_a_service_area_with_accounts_says_why_it_cannot_end(client: FlaskClient, world: World, clerk) -> None:
    area = world.area()
    world.account(area)
    path = world.path(f"service-areas/{area.id}/end")
    page = client.get(path).text
    assert "It still answers for 1 account." in page
    assert '<form method="post" novalidate>' not in page
    assert client.post(path, data={"last_day": ["20", "11", "2026"]}).status_code == 403


def test_platforms_are_listed_and_each_has_a_page(client: FlaskClient, world: World, clerk) -> None:
    world.account(world.area(), last_posted_on=world.day(-3))
    assert "X (formerly Twitter)" in client.get(world.path("platforms")).text
    page = client.get(world.path("platforms/x")).text
    for told in ("Twitter", "ExampleWaste", "twitter.com", "13"):
        assert told in page
    assert "MySpace is retired" in client.get(world.path("platforms/myspace")).text
    assert client.get(world.path("platforms/friendface")).status_code == 404


@pytest.mark.parametrize("rest", ["service-areas", "service-areas/{area}", "platforms/x"])
def test_a_list_asks_no_more_of_the_database_for_more_rows(client: FlaskClient, world: World, clerk, rest: str) -> None:
    area = world.area()
    path = world.path(rest.format(area=area.id))
    world.account(area)
    few = cost(world, client, path)
    for number in range(60):
        world.account(area if number % 2 else world.area(f"Area {number}", clerk), handle=f"Example{number}")
    assert cost(world, client, path) <= few + 1
    first = client.get(path).text
    if "Next" in first:
        further = re.search(r'href="([^"]+)" rel="next"', first)
        assert further
        assert client.get(path + further[1].replace("&amp;", "&")).status_code == 200


def choose(client: FlaskClient, world: World, name: str) -> str:
    data = {"file": (io.BytesIO((EXAMPLES / name).read_bytes()), name)}
    answer = client.post(world.path("accounts/import"), data=data, content_type="multipart/form-data")
    assert answer.status_code == 302
    return answer.headers["Location"].removesuffix("/columns")


def columns(client: FlaskClient, here: str) -> dict[str, str]:
    """What the form of the columns would send if nobody touched it."""
    page = client.get(f"{here}/columns").text
    selects = re.findall(r'<select class="govuk-select" id="([^"]+)".*?</select>', page, re.DOTALL)
    bodies = re.findall(r'<select class="govuk-select".*?</select>', page, re.DOTALL)
    chosen = (re.search(r'<option value="([^"]*)" selected', body) for body in bodies)
    return {name: found[1] if found else "" for name, found in zip(selects, chosen, strict=True)}


@pytest.mark.parametrize("name", ["register-districts.csv", "register-districts.xlsx"])
def test_the_example_register_is_imported_in_three_steps(client: FlaskClient, world: World, clerk, name: str) -> None:
    here = choose(client, world, name)
    guessed = columns(client, here)
    assert guessed["column_0"] == "platform"
    assert "A spreadsheet waits" in client.get(world.path("accounts/import")).text
    assert client.post(f"{here}/columns", data=guessed).headers["Location"] == here
    page = client.get(here).text
    assert "11 accounts can be imported" in page
    assert "Create 7 new service areas" in page or "new service areas" in page
    unticked = client.post(here, data={})
    assert unticked.status_code == 422
    assert "Tick to create the new service areas" in unticked.text
    done = client.post(here, data={"create_areas": "y"})
    assert done.headers["Location"].endswith("/accounts")
    with world.house.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 11
        assert session.scalar(select(func.count()).select_from(Entry).where(Entry.act == "account.added")) == 11
    assert client.get(here).status_code == 404


def test_a_faulty_register_shows_each_fault_at_its_cell_and_cannot_be_applied(
    client: FlaskClient, world: World, clerk
) -> None:
    here = choose(client, world, "register-with-errors.csv")
    page = client.get(here).text
    assert "19 rows need mending" in page
    assert "We do not know a platform called “Friendface”" in page
    assert "Example Waste" not in page
    assert "Example Waste" in client.get(f"{here}?show=all&page=nonsense").text
    refused = client.post(here, data={"create_areas": "y"})
    assert refused.status_code == 422
    assert "An import is all or nothing" in refused.text
    assert "Nothing of it was entered" in client.post(f"{here}/discard", follow_redirects=True).text
    with world.house.reading() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_two_columns_for_one_thing_and_none_for_the_account_are_refused(
    client: FlaskClient, world: World, clerk
) -> None:
    here = choose(client, world, "register-districts.csv")
    twice = client.post(f"{here}/columns", data={**columns(client, here), "column_5": "handle"})
    assert twice.status_code == 422
    assert "“Handle” holds that already: choose one of the two" in twice.text
    none = client.post(f"{here}/columns", data={"column_4": "service_area"})
    assert none.status_code == 422
    assert "No column says which account it is" in none.text


def test_one_area_answers_for_a_file_that_names_none(client: FlaskClient, world: World, clerk) -> None:
    area = world.area()
    here = choose(client, world, "register-districts.csv")
    chosen = {**columns(client, here), "column_4": "", "area_id": str(area.id)}
    assert client.post(f"{here}/columns", data=chosen).status_code == 302
    assert columns(client, here)["area_id"] == str(area.id)
    assert client.post(here, data={}).status_code == 302


def test_a_long_file_is_shown_in_pages(client: FlaskClient, world: World, clerk) -> None:
    lines = "".join(f"X,@Example{number},Waste\n" for number in range(120))
    data = {"file": (io.BytesIO(f"Platform,Handle,Team\n{lines}".encode()), "long.csv")}
    sent = client.post(world.path("accounts/import"), data=data, content_type="multipart/form-data")
    here = sent.headers["Location"].removesuffix("/columns")
    first, last = client.get(here).text, client.get(f"{here}?page=99").text
    assert "@Example49" in first
    assert "@Example50" not in first
    assert "?show=all&amp;page=2" in first
    assert "@Example119" in last
    assert "Next" not in last


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.pdf", b"%PDF", ".csv or .xlsx"),
        ("empty.csv", b"", "empty"),
        ("page.csv", b"<html>", "web page"),
        ("", b"", "Choose"),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_refused(
    client: FlaskClient, world: World, clerk, name: str, content: bytes, said: str
) -> None:
    data = {"file": (io.BytesIO(content), name)}
    answer = client.post(world.path("accounts/import"), data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert said in answer.text


def test_the_template_can_be_read_back(client: FlaskClient, world: World, clerk) -> None:
    answer = client.get(world.path("accounts/import/template.csv"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="accounts-template.csv"'
    table = read_table(answer.data, "template.csv")
    assert table.headings[:3] == ["Platform", "Handle", "Link"]
    assert table.rows[0][1] == "@ExampleWaste"


def doors(world: World, account: Account, batch: ImportBatch) -> list[str]:
    keeping = ["accounts/{a}/change", "accounts/{a}/rename", "service-areas/{s}/change", "service-areas/{s}/end"]
    importing = ["accounts/import/{b}", "accounts/import/{b}/columns"]
    return [
        world.path(rest.format(a=account.id, s=account.service_area_id, b=batch.id)) for rest in keeping + importing
    ]


@pytest.fixture
def batch(world: World) -> ImportBatch:
    person = world.person("Uploader", Role.COMMS)
    made: ImportBatch = world.add(
        ImportBatch(
            council_id=world.council.id, person_id=person.id, filename="a.csv", headings=["A"], rows=[[2, "1"]],
            mapping={"columns": {}, "area_id": None}, uploaded_at=world.clock.now(),
        )
    )  # fmt: skip
    return made


def test_staff_read_the_register_but_do_not_keep_it(client: FlaskClient, world: World, batch: ImportBatch) -> None:
    account = world.account(world.area())
    world.sign_in(client, world.person("Ann Example", Role.MANAGER))
    for path in [*doors(world, account, batch), world.path("accounts/import"), world.path("service-areas/new")]:
        assert client.get(path).status_code == 403, path
        assert client.post(path).status_code == 403, path
    for rest in ("service-areas", f"service-areas/{account.service_area_id}", "platforms", "platforms/x"):
        assert client.get(world.path(rest)).status_code == 200


def test_another_councils_accounts_areas_and_files_are_not_there(
    client: FlaskClient, world: World, batch: ImportBatch
) -> None:
    account = world.account(world.area())
    other = world.another()
    world.sign_in(client, other.person("Other Clerk", Role.CLERK))
    for path in doors(world, account, batch):
        assert client.get(path.replace("exampleton", "otherham")).status_code == 404, path
        assert client.get(path).status_code == 404, path
    assert client.get(other.path(f"service-areas/{account.service_area_id}")).status_code == 404
    assert client.post(other.path(f"accounts/import/{batch.id}/discard")).status_code == 404
    assert client.post(other.path(f"service-areas/{account.service_area_id}/reopen")).status_code == 404


def test_columns_nobody_could_use_are_told_on_the_preview(
    client: FlaskClient, world: World, clerk, batch: ImportBatch
) -> None:
    page = client.get(world.path(f"accounts/import/{batch.id}")).text
    assert "The file cannot be imported yet" in page
    assert "No column says which account it is" in page
