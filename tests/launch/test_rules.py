"""The way to live, as a truth table, and the same answer in both tongues."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from registry.launch.checklist import checklist
from registry.launch.rules import FULLY_STAFFED, MAY_BE_TICKED, READY, Readiness, Ticking

TODAY = date(2026, 11, 20)
FINE = Readiness(
    has_credential=True,
    opens_by_roles=False,
    two_step_on=True,
    is_reviewed=True,
    is_linked=True,
    named=2,
    cleared=2,
    ideal=2,
)
FAULTS = (
    ({"has_credential": False}, "No password of this account is in custody."),
    ({"two_step_on": False}, "Two-step sign-in is not recorded as switched on."),
    ({"is_reviewed": False}, "The first review of its security settings is not completed."),
    ({"is_linked": False}, "It is not recorded as linked from the council’s website."),
    ({"cleared": 0}, "None of its editors is cleared: named, trained and signed up to the policy."),
)


@pytest.mark.parametrize("present", list(product((False, True), repeat=len(FAULTS))))
def test_an_account_goes_live_only_when_every_step_is_done(present: tuple[bool, ...]) -> None:
    faults = [fault for fault, is_there in zip(FAULTS, present, strict=True) if is_there]
    facts = FINE
    for change, _ in faults:
        facts = replace(facts, **change)
    verdict = READY.judge(facts, TODAY)
    assert [reason.text for reason in verdict] == [text for _, text in faults]
    assert all(reason.clause for reason in verdict)
    shown = checklist(facts, TODAY)
    assert [step.is_done for step in shown.steps] == [not fault for fault in present]
    assert shown.done == len(FAULTS) - len(faults)
    assert bool(shown.verdict) == (not faults)


def test_a_platform_entered_by_own_logins_needs_no_password_in_custody() -> None:
    facts = replace(FINE, has_credential=False, opens_by_roles=True)
    assert READY.judge(facts, TODAY)
    assert checklist(facts, TODAY).steps[0].said.startswith("People get in with their own logins")


@pytest.mark.parametrize(
    ("cleared", "ideal", "enough"), [(2, 2, True), (3, 2, True), (1, 2, False), (1, 1, True), (0, 2, False)]
)
def test_two_editors_are_ideal_and_a_shortfall_stops_nothing(cleared: int, ideal: int, enough: bool) -> None:
    facts = replace(FINE, cleared=cleared, ideal=ideal)
    assert bool(FULLY_STAFFED.judge(facts, TODAY)) is enough
    assert bool(READY.judge(facts, TODAY)) is (cleared > 0)


def test_a_shortfall_is_put_in_numbers() -> None:
    facts = replace(FINE, cleared=1)
    assert [reason.text for reason in FULLY_STAFFED.judge(facts, TODAY)] == ["1 of 2 editors are cleared."]
    assert checklist(facts, TODAY).steps[-1].said == "1 of 2 cleared; the council wants 2."


def test_nothing_is_ticked_on_an_account_that_has_ended() -> None:
    assert MAY_BE_TICKED.judge(Ticking(True), TODAY)
    assert not MAY_BE_TICKED.judge(Ticking(False), TODAY)
