"""The gate, as a truth table, and the same answer in both tongues (002 §19.2)."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from registry.editors.rules import CLEARED, GATE
from registry.editors.standing import Standing, standing_of, standings
from registry.vocabulary.permissions import Role
from tests.world import World

TODAY = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)
FINE = Standing(
    1,
    is_employed=True,
    is_named=True,
    acts_by_role=False,
    trained_until=TODAY,
    signed_until=TODAY,
    is_account_in_use=True,
)
FAULTS = (
    ({"is_employed": False}, "You do not work for this council now"),
    ({"is_named": False}, "You are not named as an editor"),
    ({"trained_until": YESTERDAY}, "Your editor training lapsed on 19 November 2026."),
    ({"signed_until": YESTERDAY}, "Your days of grace"),
    ({"is_account_in_use": False}, "The account is closed or handed over"),
)


@pytest.mark.parametrize("present", list(product((False, True), repeat=len(FAULTS))))
def test_the_gate_gives_every_reason_that_applies_and_no_other(present: tuple[bool, ...]) -> None:
    faults = [fault for fault, is_there in zip(FAULTS, present, strict=True) if is_there]
    standing = FINE
    for change, _ in faults:
        standing = replace(standing, **change)
    verdict = GATE.judge(standing, TODAY)
    assert bool(verdict) == (not faults)
    assert len(verdict.reasons) == len(faults)
    for reason, (_, text) in zip(verdict, faults, strict=True):
        assert reason.text.startswith(text)
        assert reason.clause


def test_somebody_never_trained_or_signed_is_told_so() -> None:
    verdict = GATE.judge(replace(FINE, trained_until=date.min, signed_until=date.min), TODAY)
    assert [r.text for r in verdict] == [
        "You have no confirmed editor training.",
        "You have not signed the social media policy that is in force.",
    ]


def test_a_role_that_acts_for_every_account_stands_in_for_being_named() -> None:
    assert GATE.judge(replace(FINE, is_named=False, acts_by_role=True), TODAY)


def test_judging_a_person_and_asking_the_whole_table_agree(world: World) -> None:
    area = world.area()
    account = world.account(area)
    world.policy("1", world.day(-300))
    old = world.policy("2", world.day(-100))
    new = world.policy("3", world.day(-5))
    world.policy("3.1", world.day(-1), is_minor=True)
    people = {}
    for index, (trained, signed) in enumerate(product((-1, 0, 30, None), (None, old, new))):
        person = world.person(f"Person {index}")
        world.editor(area, person)
        if trained is not None:
            world.trained(person, world.day(trained))
        if signed is not None:
            world.signed(person, signed)
        people[person.id] = person
    with world.house.reading() as session:
        table = standings(world.today).subquery()
        cleared = {
            row.person_id
            for row in session.query(table).filter(
                CLEARED.holds(table.c, world.today), table.c.council_id == world.council.id
            )
        }
        for person_id in people:
            judged = CLEARED.judge(standing_of(session, account, person_id, world.today), world.today)
            assert bool(judged) == (person_id in cleared)
    assert len(cleared) == 4


def test_days_of_grace_end_and_a_minor_correction_asks_nobody(world: World) -> None:
    area = world.area()
    account = world.account(area)
    person = world.person("Ann Example", Role.COMMS)
    world.trained(person)
    world.signed(person, world.policy("1", world.day(-200)))
    world.policy("2", world.day(-3), sign_by_on=world.day(4))
    with world.house.reading() as session:
        standing = standing_of(session, account, person.id, world.today)
    assert standing.signed_until == world.day(4)
    assert GATE.judge(standing, world.day(4))
    assert not GATE.judge(standing, world.day(5))
