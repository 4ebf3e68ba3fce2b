"""One account's page: its state in a sentence, its flags, its facts, its history."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from registry.accounts.models import Account, AccountState, FormerName
from registry.closures.models import Closure, ClosureStep
from registry.closures.tasks import Ending
from registry.flags.models import Flag
from registry.identity.models import Person
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role
from tests.counting import statements
from tests.world import World


@pytest.fixture
def clerk(world: World, client: FlaskClient) -> Person:
    person = world.person("Clara Clerk", Role.CLERK)
    world.sign_in(client, person)
    return person


def flag(world: World, account: Account, **facts: Any) -> Flag:
    made: Flag = world.add(
        Flag(
            council_id=world.council.id,
            subject_kind="Account",
            subject_id=account.id,
            account_id=account.id,
            **{"rule": "neglected", "severity": 2, "message": "Nobody has posted for a month.", **facts},
            since_on=world.day(-3),
            raised_at=world.clock.now(),
        )
    )
    return made


def test_the_page_tells_the_account_from_all_sides(world: World, client: FlaskClient, clerk: Person) -> None:
    manager = world.person("Mary Manager")
    area = world.area("Waste", manager)
    twin = world.account(area, "x", "TwinBins", name="Twin bins")
    account = world.account(
        *(area, "x", "ExampleBins"),
        name="Bins",
        purpose="Bin days",
        responsible_id=manager.id,
        paired_account_id=twin.id,
        trial_ends_on=world.day(20),
        planned_end_on=world.day(300),
    )
    world.cleared(area, "Ann Example")
    once = FormerName(
        council_id=world.council.id,
        account_id=account.id,
        platform="x",
        handle="OldBins",
        handle_key="oldbins",
        until_on=world.day(-9),
    )
    world.add(once)
    flag(world, account)
    flag(world, account, rule="other", severity=3, message="Graver.")
    flag(world, account, rule="healed", message="Healed.", cleared_at=world.clock.now())
    flag(
        world,
        account,
        rule="quiet",
        message="Quiet.",
        acknowledged_until=world.day(9),
        acknowledged_why="Staff are away",
    )
    page = client.get(world.path(f"accounts/{account.id}")).text
    for words in (
        *("Live. One cleared editor.", "Mary Manager", "Bin days", "OldBins, until 11 November 2026", "Twin bins"),
        *(
            "10 December 2026 (in 2 weeks)",
            "3 open flags",
            "since 17 November 2026",
            "Staff are away",
            "1 of 1 cleared",
        ),
        *("A post every 14 days, the council’s usual", "Close, mothball or hand it over", "Change the entry"),
    ):
        assert words in page, words
    assert "Healed." not in page
    assert page.index("Graver.") < page.index("Nobody has posted")


def test_the_page_leads_on_from_the_state_the_account_is_in(world: World, client: FlaskClient, clerk: Person) -> None:
    area = world.area()
    for state, offered, withheld in (
        (AccountState.AUTHORISED, "Before it goes live", "Record a post"),
        (AccountState.LIVE, "Record a post", "Before it goes live"),
        (AccountState.MOTHBALLED, "Close it or hand it over", "Record a post"),
        (AccountState.CLOSED, "Ended", "hand it over"),
    ):
        account = world.account(area, "x", f"Example{state.value}", state=state)
        page = client.get(world.path(f"accounts/{account.id}")).text
        assert offered in page, state
        assert withheld not in page, state


def test_an_account_that_is_being_closed_leads_to_its_closure(world: World, client: FlaskClient, clerk: Person) -> None:
    account = world.account(world.area(), under_closure=True)
    closure = world.add(
        Closure(
            council_id=world.council.id,
            account_id=account.id,
            ending=Ending.CLOSE,
            reason="Done",
            decided_by=clerk.id,
            last_day_on=world.day(10),
            started_at=world.clock.now(),
        )
    )
    world.add(ClosureStep(council_id=world.council.id, closure_id=closure.id, key="decision", due_on=world.day(2)))
    page = client.get(world.path(f"accounts/{account.id}")).text
    assert "0 of 1 step done" in page
    assert f"/closures/{closure.id}" in page


def test_staff_see_the_page_without_the_buttons(world: World, client: FlaskClient) -> None:
    account = world.account(world.area(), state=AccountState.AUTHORISED)
    world.sign_in(client, world.person("Sam Staff"))
    page = client.get(world.path(f"accounts/{account.id}")).text
    assert "Before it goes live" in page
    for button in ("Record it as live", "This is done", "Change the entry", "Close it"):
        assert button not in page


def test_another_councils_account_is_not_there(world: World, client: FlaskClient, clerk: Person) -> None:
    other = world.another()
    account = other.account(other.area())
    assert client.get(world.path(f"accounts/{account.id}")).status_code == 404
    assert client.get(world.path(f"accounts/{account.id}/history")).status_code == 404


def test_the_history_tells_what_happened_in_sentences_page_by_page(
    world: World, client: FlaskClient, clerk: Person
) -> None:
    account = world.account(world.area(), name="Bins")
    for number in range(60):
        with world.work(clerk) as work:
            work.record(Event.ACCOUNT_CHANGED, work.session.get_one(Account, account.id), fields=[f"field {number}"])
    with statements(world.house) as first:
        page = client.get(world.path(f"accounts/{account.id}/history")).text
    assert "Clara Clerk changed Bins (field 59)" in page
    assert "field 9)" not in page
    assert 'rel="next"' in page
    assert len(first) <= 10


def test_only_those_who_may_look_into_custody_read_its_history(
    world: World, client: FlaskClient, clerk: Person
) -> None:
    account = world.account(world.area(), name="Bins")
    with world.work(clerk) as work:
        found = work.session.get_one(Account, account.id)
        work.record(Event.CREDENTIAL_DEPOSITED, found, kind="password", account="Bins")
    said = "deposited the password of Bins"
    assert said in client.get(world.path(f"accounts/{account.id}/history")).text
    world.sign_in(client, world.person("Sam Staff"))
    assert said not in client.get(world.path(f"accounts/{account.id}/history")).text


def test_an_account_without_a_past_says_so(world: World, client: FlaskClient, clerk: Person) -> None:
    account = world.account(world.area())
    assert "Nothing is on record yet" in client.get(world.path(f"accounts/{account.id}/history")).text
