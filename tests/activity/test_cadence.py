"""How often an account is to be heard: one answer in Python and in SQL."""

from datetime import timedelta

from sqlalchemy import select

from registry.accounts.models import Account, AccountState
from registry.activity.cadence import (
    cadence_column,
    cadence_of,
    counted_from,
    counted_from_column,
    next_due_column,
)
from registry.activity.queries import accounts_to_ask_posted
from registry.councils.models import Council
from registry.vocabulary.permissions import Role
from tests.world import World


def test_one_account_and_the_whole_table_agree_on_cadence_and_next_day(world: World) -> None:
    area = world.area()
    facts = (
        {"cadence_days": 7, "last_posted_on": world.day(-3)},
        {"cadence_days": None, "last_posted_on": world.day(-30)},
        {"live_on": world.day(-5)},
        {"state": AccountState.AUTHORISED, "authorised_on": world.day(-6)},
        {"state": AccountState.AUTHORISED, "authorised_on": None},
    )
    made = [world.account(area, "x", f"Example{number}", **each) for number, each in enumerate(facts)]
    query = select(Account.id, cadence_column(), counted_from_column(), next_due_column()).join(
        Council, Council.id == Account.council_id
    )
    with world.house.reading() as session:
        told = {row[0]: tuple(row)[1:] for row in session.execute(query)}
    for account in made:
        cadence, since = cadence_of(account, world.council), counted_from(account, world.council)
        assert told[account.id] == (cadence, since, since + timedelta(days=cadence))
    assert [cadence_of(account, world.council) for account in made] == [7, 14, 14, 14, 14]
    assert counted_from(made[-1], world.council) == world.today


def test_editors_are_asked_for_what_is_late_or_silent_for_a_week(world: World) -> None:
    area, other = world.area("Waste"), world.area("Libraries")
    ann = world.person("Ann Example")
    world.editor(area, ann)
    world.editor(other, ann, ends_on=world.day(-1))
    cases = {
        "late": {"cadence_days": 1, "last_posted_on": world.day(-2)},
        "fresh": {"cadence_days": 7, "last_posted_on": world.day(-6)},
        "week": {"cadence_days": 7, "last_posted_on": world.day(-7)},
        "patient": {"cadence_days": 30, "last_posted_on": world.day(-8)},
        "never": {"live_on": world.day(-100)},
        "mothballed": {"state": AccountState.MOTHBALLED, "last_posted_on": world.day(-99)},
        "closing": {"under_closure": True, "last_posted_on": world.day(-99)},
    }
    for name, facts in cases.items():
        world.account(area, "x", name, **facts)
    world.account(other, "x", "elsewhere", last_posted_on=world.day(-99))
    with world.house.reading() as session:
        asked = accounts_to_ask_posted(session, world.council.id, ann.id, world.today)
        nobody = accounts_to_ask_posted(session, world.council.id, world.person("Clerk", Role.CLERK).id, world.today)
    assert [row.name for row in asked] == ["never", "late", "week"]
    assert asked[1].due_on == world.day(-1)
    assert nobody == []
