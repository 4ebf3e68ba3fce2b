"""Who may decide, submit and change, as truth tables; and what is noticed (002 §6.3, §12, §16.1, §19.2; 003)."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from registry.requests.rules import (
    MAY_CHANGE,
    MAY_DECIDE,
    MAY_SUBMIT,
    NOTICED,
    Asking,
    Holder,
    Proposal,
    Turn,
    exception_used,
    who_decides,
)
from registry.vocabulary.permissions import Role

TODAY = date(2026, 11, 20)
TURNS = [Turn("Clerk", *facts) for facts in product((False, True), repeat=6)]


@pytest.mark.parametrize("turn", TURNS, ids=str)
def test_whoever_decides_has_the_turn_is_not_the_asker_and_decides_once(turn: Turn) -> None:
    expected = []
    if not turn.is_waiting:
        expected.append("This request is not waiting for a decision.")
    elif not turn.holds_step:
        expected.append("It is the turn of Clerk, and that is not a role you hold for this request.")
    if turn.is_asker and not turn.own_allowed:
        expected.append("Nobody decides on their own request.")
    if turn.has_decided and not turn.twice_allowed:
        expected.append("You have decided an earlier step of this request, and nobody decides two steps.")
    verdict = MAY_DECIDE.judge(turn, TODAY)
    assert [reason.text for reason in verdict] == expected
    assert all(reason.clause for reason in verdict)


@pytest.mark.parametrize(("asker", "decided"), list(product((False, True), repeat=2)))
def test_an_exception_is_told_with_its_minute_only_when_it_was_used(asker: bool, decided: bool) -> None:
    said = exception_used(Turn("Clerk", True, True, asker, True, decided, True), "minute 7/2026")
    assert bool(said) == (asker or decided)
    assert ("own request" in said) == asker
    assert ("second step" in said) == decided
    assert ("minute 7/2026" in said) == (asker or decided)


def test_a_long_minute_still_fits_the_decision() -> None:
    assert len(exception_used(Turn("Clerk", True, True, True, True, True, True), "m" * 200)) == 200


ANN, BOB, CAT, DEPUTY = (
    Holder(1, "Ann", False),
    Holder(2, "Bob", False),
    Holder(3, "Cat", False),
    Holder(4, "Dee", True),
)
EVERYONE = (ANN, BOB, CAT, DEPUTY)


@pytest.mark.parametrize(
    ("role", "manager_id", "asker_id", "expected"),
    [
        (Role.COMMS, 1, 9, EVERYONE),
        (Role.MANAGER, 1, 9, (ANN, DEPUTY)),
        (Role.MANAGER, None, 9, EVERYONE),
        (Role.MANAGER, 7, 9, EVERYONE),
        (Role.MANAGER, 1, 1, EVERYONE),
        (Role.MANAGER, 4, 9, (DEPUTY,)),
    ],
)
def test_the_managers_step_belongs_to_the_areas_own_manager(
    role: Role, manager_id: int | None, asker_id: int, expected: tuple[Holder, ...]
) -> None:
    assert who_decides(role, manager_id, asker_id, EVERYONE) == expected


@pytest.mark.parametrize(("is_asker", "unanswered", "is_taken"), list(product((False, True), (0, 1, 2), (False, True))))
def test_only_the_asker_submits_and_only_what_is_whole_and_new(is_asker: bool, unanswered: int, is_taken: bool) -> None:
    asking = Asking(is_asker, unanswered, is_taken)
    assert len(MAY_SUBMIT.judge(asking, TODAY).reasons) == (not is_asker) + (unanswered > 0) + is_taken
    assert bool(MAY_CHANGE.judge(asking, TODAY)) == is_asker


FINE = Proposal(ends_on=TODAY)
FAULTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"twin": "That is in the register already"}, "That is in the register already."),
    ({"rivals": ("request 4 of Ann",)}, "Another open request asks for the same account: request 4 of Ann."),
    ({"lookalikes": ("“Waste”",)}, "The name could be taken for an account the council has: “Waste”."),
    ({"closed_because": "MySpace is retired."}, "MySpace is retired."),
    ({"has_area": False}, "The service area has ended"),
    ({"editors": 1}, "Fewer than two editors are proposed"),
    ({"unready": ("Ann is untrained.",)}, "Not every proposed editor could be let in today. Ann is untrained."),
    ({"for_children": True, "has_safeguarding": False}, "Under-18s are addressed, and nothing is said"),
    ({"for_children": True, "minimum_age": 13, "platform": "X"}, "Under-18s are addressed, and X is for people of 13"),
    ({"mailbox_is_ours": False}, "The sign-in mailbox is not at an address"),
    ({"ends_on": TODAY - timedelta(days=1)}, "Its planned last day, 19 November 2026, is past."),
    ({"is_viewers_own": True}, "This is your own request."),
)


def test_a_request_without_fault_gives_nothing_to_notice() -> None:
    assert NOTICED.judge(FINE, TODAY)
    assert NOTICED.judge(replace(FINE, for_children=True), TODAY)
    assert NOTICED.judge(replace(FINE, has_safeguarding=False, minimum_age=13), TODAY)


@pytest.mark.parametrize(("fault", "sentence"), FAULTS)
def test_each_fault_is_noticed_in_a_sentence_with_its_clause(fault: dict[str, Any], sentence: str) -> None:
    (reason,) = NOTICED.judge(replace(FINE, **fault), TODAY)
    assert reason.text.startswith(sentence)
    assert reason.clause


def test_every_fault_is_noticed_at_once() -> None:
    proposal = FINE
    for fault, _ in FAULTS:
        proposal = replace(proposal, **fault)
    assert len(NOTICED.judge(proposal, TODAY).reasons) == len(FAULTS)
