"""The pages of the flags, as a Clerk, a manager, an editor and a stranger meet them."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from registry.flags.queries import open_flags_for, open_flags_of_account
from registry.flags.rule import FlagRule
from registry.flags.rules import RULES
from registry.flags.shown import SUBJECTS, as_shown, mend_of
from registry.flags.sweep import sweep
from registry.identity.models import Person
from registry.vocabulary.permissions import Role
from registry.web import context
from tests.flags.looking import open_flags
from tests.flags.test_sweep import fill, statements
from tests.world import World


@pytest.fixture
def clerk(world: World, client: FlaskClient) -> Person:
    """The Clerk, signed in."""
    person = world.person("Cleo Clerk", Role.CLERK)
    world.sign_in(client, person)
    return person


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.text


def test_when_nothing_needs_attention_the_page_says_so(world: World, client: FlaskClient, clerk: Person) -> None:
    assert "Nothing needs attention" in page(client, world.path("flags"))


def test_flags_are_grouped_by_what_mends_them_with_word_account_and_link(
    world: World, client: FlaskClient, clerk: Person
) -> None:
    account = world.account(world.area(), last_posted_on=world.day(-50), cadence_days=20)
    sweep(world.house)
    text = page(client, world.path("flags"))
    headings = [h.strip() for h in re.findall(r'<h2 class="govuk-heading-m">([^<]+)<', text)]
    assert "Record a post, or decide how the account ends" in headings
    assert "Deposit the credentials" in headings
    assert len(headings) == len(set(headings))
    assert "Breach" in text
    assert "Warning" in text
    assert world.path(f"accounts/{account.id}/activity") in text
    assert "since 11 November 2026 (9 days ago)" in text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("severity=breach", "no cleared editor", "Nothing has been posted"),
        ("rule=neglected", "Nothing has been posted", "no cleared editor"),
        ("mine=1", "no cleared editor", "until 20 November 2027"),
        ("rule=no_such_rule", "No flag matches these filters", "Nothing has been posted"),
        ("show=acknowledged", "No flag matches these filters", "Nothing has been posted"),
        ("show=all", "Nothing has been posted", "No flag matches"),
    ],
)
def test_the_list_can_be_narrowed_in_its_address(
    world: World, client: FlaskClient, clerk: Person, query: str, shown: str, hidden: str
) -> None:
    world.account(world.area(), last_posted_on=world.day(-50), cadence_days=20)
    sweep(world.house)
    text = page(client, world.path(f"flags?{query}"))
    assert shown in text
    assert hidden not in text


def test_the_list_can_be_narrowed_to_one_account(world: World, client: FlaskClient, clerk: Person) -> None:
    area = world.area()
    first, _ = world.account(area, handle="First"), world.account(area, handle="Second")
    sweep(world.house)
    text = page(client, world.path(f"flags?account={first.id}"))
    assert "First" in text
    assert "Second" not in text


@pytest.mark.parametrize("query", ["severity=dire", "account=x", "account=99999999999", "account=²", "after=nonsense"])
def test_an_address_that_makes_no_sense_is_not_there(
    world: World, client: FlaskClient, clerk: Person, query: str
) -> None:
    page(client, world.path(f"flags?{query}"), 404)


def test_the_list_is_paged_and_asks_no_more_for_more_rows(world: World, client: FlaskClient, clerk: Person) -> None:
    fill(world, 30)
    sweep(world.house)
    page(client, world.path("flags"))  # the first page ever also asks whether this is a demonstration
    with statements(world.house) as sent:
        text = page(client, world.path("flags"))
    many = len(sent)
    following = re.search(r'href="(\?[^"]*after=[^"]*)" rel="next"', text)
    assert following
    assert "Previous" in page(client, world.path("flags") + following[1].replace("&amp;", "&"))
    with statements(world.house) as sent:
        page(client, world.path("flags?rule=never_trained"))
    assert len(sent) == many


def test_every_rule_has_a_page_that_says_what_it_looks_for(world: World, client: FlaskClient, clerk: Person) -> None:
    world.account(world.area(), last_posted_on=world.day(-50), cadence_days=20)
    sweep(world.house)
    listed = page(client, world.path("flags/rules"))
    for rule in RULES:
        assert rule.title in listed
        text = page(client, world.path(f"flags/rules/{rule.name}"))
        assert rule.clause in text
        assert "The same numbers as a table" in text
    text = page(client, world.path("flags/rules/neglected"))
    assert re.search(r"November 2026</th><td[^>]*>1</td>", text)
    assert "December 2025" in text
    page(client, world.path("flags/rules/no_such_rule"), 404)


def test_a_flag_is_acknowledged_shown_so_and_taken_back(world: World, client: FlaskClient, clerk: Person) -> None:
    world.account(world.area(), last_posted_on=world.day(-50), cadence_days=20)
    sweep(world.house)
    (flag,) = open_flags(world, "neglected")
    address = world.path(f"flags/{flag.id}/acknowledge")
    until = world.day(30)
    assert "Until 18 February 2027 at the latest" in page(client, address)
    typed = {"until-day": until.day, "until-month": until.month, "until-year": until.year, "why": "Back on Monday"}
    typed = {"until": [until.day, until.month, until.year], "why": "Back on Monday"}
    answer = client.post(address, data=typed, follow_redirects=True)
    assert "It is acknowledged" in answer.text
    assert "Nothing has been posted" not in answer.text
    quiet = page(client, world.path("flags?show=acknowledged"))
    assert "Acknowledged by Cleo Clerk until 20 December 2026: Back on Monday" in quiet
    answer = client.post(f"{address}/end", follow_redirects=True)
    assert "Nothing has been posted" in answer.text


def test_an_acknowledgement_too_long_or_without_a_reason_keeps_what_was_typed(
    world: World, client: FlaskClient, clerk: Person
) -> None:
    world.account(world.area(), last_posted_on=world.day(-50), cadence_days=10)
    sweep(world.house)
    (flag,) = open_flags(world, "neglected")
    address, late = world.path(f"flags/{flag.id}/acknowledge"), world.day(15)
    answer = client.post(address, data={"until": [late.day, late.month, late.year], "why": "A long holiday"})
    assert answer.status_code == 422
    assert "A breach can be acknowledged until 4 December 2026 at the latest" in answer.text
    assert "A long holiday" in answer.text
    answer = client.post(address, data={"until": [1, 12, 2026]})
    assert answer.status_code == 422
    assert "Say why it can wait" in answer.text


def test_another_councils_flag_and_a_healed_one_are_not_there(world: World, client: FlaskClient, clerk: Person) -> None:
    other = world.another()
    other.account(other.area())
    sweep(world.house)
    (flag,) = open_flags(other, "no_cleared_editor")
    page(client, world.path(f"flags/{flag.id}/acknowledge"), 404)
    assert client.post(world.path(f"flags/{flag.id}/acknowledge/end")).status_code == 404
    assert "Nothing needs attention" in page(client, world.path("flags"))


def test_staff_see_flags_but_no_button_to_acknowledge_and_no_door_they_cannot_open(
    world: World, client: FlaskClient
) -> None:
    world.sign_in(client, world.person("Sam Staff"))
    account = world.account(world.area(), last_posted_on=world.day(-50))
    sweep(world.house)
    text = page(client, world.path("flags"))
    assert "Nothing has been posted" in text
    assert f"accounts/{account.id}/custody" not in text
    assert "acknowledge" not in text.lower().replace("acknowledged", "")
    (flag,) = open_flags(world, "neglected")
    page(client, world.path(f"flags/{flag.id}/acknowledge"), 403)


def test_what_mends_a_flag_about_oneself_is_ones_own_page(app: Flask, world: World, client: FlaskClient) -> None:
    person = world.person("Ann Example")
    world.policy()
    world.editor(world.area(), person)
    sweep(world.house)
    world.sign_in(client, person)
    text = page(client, world.path("flags?mine=1"))
    assert world.path("training") in text
    assert world.path("policies/sign") in text


def test_each_person_is_told_of_what_is_theirs(world: World) -> None:
    manager, editor = world.person("Max Manager", Role.MANAGER), world.person("Ann Example")
    comms, keeper = world.person("Con Comms", Role.COMMS), world.person("Rea Responsible")
    area = world.area(manager=manager)
    world.editor(area, editor)
    world.account(area, last_posted_on=world.day(-50), responsible_id=keeper.id)
    world.account(world.area("Parks"), handle="Parks", last_posted_on=world.day(-50))
    sweep(world.house)
    told = {}
    with world.house.reading() as session:
        for person, roles in ((manager, {Role.MANAGER}), (editor, set()), (comms, {Role.COMMS}), (keeper, set())):
            found = open_flags_for(session, world.council.id, person.id, frozenset(roles), world.today)
            told[person.name] = sorted((flag.rule, flag.account_name or "") for flag in found)
    waste = ("neglected", "ExampleWaste")
    assert waste in told["Max Manager"]
    assert ("never_trained", "") in told["Max Manager"]
    assert told["Ann Example"] == sorted([waste, ("never_trained", ""), ("no_credential_in_custody", "ExampleWaste")])
    assert ("neglected", "Parks") in told["Con Comms"]
    assert ("neglected", "Parks") not in told["Max Manager"]
    assert ("never_reviewed", "ExampleWaste") in told["Rea Responsible"]
    assert all(name != "Parks" for _, name in told["Rea Responsible"])


def test_an_accounts_flags_are_shown_the_gravest_first_and_the_acknowledged_last(
    app: Flask, world: World, client: FlaskClient, clerk: Person
) -> None:
    from registry.flags.actions import acknowledge

    account = world.account(world.area(), last_posted_on=world.day(-50), cadence_days=20)
    sweep(world.house)
    (gravest,) = open_flags(world, "no_cleared_editor")
    with world.house.reading() as session:
        found = open_flags_of_account(session, world.council.id, account.id, world.today)
        assert found[0].rule == "no_cleared_editor"
    with world.work(clerk) as work:
        acknowledge(work, gravest.id, world.day(3), "Naming on Monday")
    with client, world.house.reading() as session:
        client.get(world.path("flags"))  # whose address and reader the links are for
        found = open_flags_of_account(session, world.council.id, account.id, context.today())
        shown = as_shown(found, context.today(), with_account=False)
        assert shown[-1]["quiet_until"] == world.day(3)
        assert shown[-1]["about"] is None
        assert all(flag["mend"]["href"] == mend_of(row)[1] for flag, row in zip(shown, found, strict=True))


def test_a_flag_of_a_rule_that_is_gone_is_shown_until_the_next_sweep(
    world: World, client: FlaskClient, clerk: Person
) -> None:
    from dataclasses import replace

    from registry.flags.rules import BY_NAME

    world.account(world.area(), last_posted_on=world.day(-50))
    sweep(world.house, rules=(replace(BY_NAME["neglected"], name="asleep"),))
    world.clock.moment += timedelta(minutes=1)
    assert "Run the sweep" in page(client, world.path("flags"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_mends_a_flag_is_a_page_that_its_columns_can_address(app: Flask, rule: FlagRule) -> None:
    for mend in (rule.mend, rule.mend_own):
        (door,) = [each for each in app.url_map.iter_rules(mend.endpoint) if "GET" in each.methods]
        part = SUBJECTS.get(mend.endpoint)
        assert door.arguments - {"council"} == ({part[0]} if part else set())
