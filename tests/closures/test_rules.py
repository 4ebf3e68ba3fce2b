"""The sentences of the policy about an account's end, as truth tables."""

from datetime import date, timedelta
from itertools import product

import pytest

from registry.accounts.models import AccountState
from registry.closures.lifecycle import CLOSURE
from registry.closures.models import ClosureState
from registry.closures.rules import (
    LAST_DAY,
    MAY_BE_COMPLETED,
    MAY_BE_DROPPED,
    MAY_BEGIN,
    MAY_REST,
    MAY_WORK,
    PROOF,
    REST_DAY,
    REVIEW_DAY,
    STEP_DAY,
    Beginning,
    Completion,
    Days,
    Dropping,
    Finish,
    NewDay,
    Rest,
    Worker,
)
from registry.closures.tasks import Ending

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
IN_USE = (AccountState.AUTHORISED, AccountState.LIVE)


@pytest.mark.parametrize(("state", "ending"), list(product(AccountState, Ending)))
def test_an_account_in_use_may_end_any_way_and_a_mothballed_one_be_closed_or_handed_over(
    state: AccountState, ending: Ending
) -> None:
    may = state in IN_USE or (state is AccountState.MOTHBALLED and ending is not Ending.MOTHBALL)
    verdict = MAY_BEGIN.judge(Beginning(state, ending), TODAY)
    assert bool(verdict) is may
    assert all(state.value.replace("_", " ") in reason.text and reason.clause for reason in verdict)


@pytest.mark.parametrize(
    ("last_day", "said"),
    [
        (TODAY - DAY, "today or later"),
        (TODAY, ""),
        (TODAY + DAY, ""),
        (date(2027, 11, 20), ""),
        (date(2027, 11, 21), "within 12 months: by 20 November 2027"),
    ],
)
def test_the_last_day_is_neither_past_nor_more_than_a_year_away(last_day: date, said: str) -> None:
    assert said in " ".join(reason.text for reason in LAST_DAY.judge(Days(last_day, date.max), TODAY))
    assert bool(LAST_DAY.judge(Days(last_day, date.max), TODAY)) is (not said)


@pytest.mark.parametrize(
    ("review", "said"),
    [
        (TODAY, "after the last day"),
        (TODAY + DAY, ""),
        (date(2027, 11, 20), ""),
        (date(2027, 11, 21), "by 20 November 2027"),
    ],
)
def test_a_mothballed_account_is_looked_at_again_within_twelve_months_of_its_last_day(review: date, said: str) -> None:
    verdict = REVIEW_DAY.judge(Days(TODAY, review), TODAY)
    assert bool(verdict) is (not said)
    assert said in " ".join(reason.text for reason in verdict)


@pytest.mark.parametrize("facts", list(product((False, True), repeat=6)))
def test_a_step_is_for_its_owner_the_area_s_people_communications_and_the_clerk(facts: tuple[bool, ...]) -> None:
    employed, *concerned, workable = facts
    verdict = MAY_WORK.judge(Worker(*facts), TODAY)
    assert bool(verdict) is (employed and any(concerned) and workable)
    assert len(verdict.reasons) == (not employed) + (not any(concerned)) + (not workable)
    assert all(reason.clause for reason in verdict)


@pytest.mark.parametrize(("must", "proof"), list(product((False, True), repeat=2)))
def test_what_must_be_done_is_proven(must: bool, proof: bool) -> None:
    assert bool(PROOF.judge(Finish(must, proof), TODAY)) is (proof or not must)


@pytest.mark.parametrize("must", [False, True])
def test_a_step_that_must_be_done_is_never_not_needed(must: bool) -> None:
    assert bool(MAY_BE_DROPPED.judge(Dropping(must), TODAY)) is (not must)


@pytest.mark.parametrize(
    ("due", "said"), [(-1, "today or later"), (0, ""), (5, ""), (6, "done by 25 November 2026. Change the last day")]
)
def test_a_step_s_new_day_is_today_or_later_and_not_beyond_the_end(due: int, said: str) -> None:
    verdict = STEP_DAY.judge(NewDay(TODAY + due * DAY, TODAY + 5 * DAY), TODAY)
    assert said in " ".join(reason.text for reason in verdict)
    assert bool(verdict) is (not said)


@pytest.mark.parametrize("faults", list(product((False, True), repeat=4)))
def test_an_account_ends_only_when_all_is_done_its_day_has_come_and_the_sentence_is_whole(
    faults: tuple[bool, ...],
) -> None:
    open_musts, early, gap, review_passed = faults
    facts = Completion(
        ("Export the archive", "Keep the log") if open_musts else (),
        TODAY + DAY if early else TODAY,
        TODAY if review_passed else TODAY + DAY,
        gap,
    )
    verdict = MAY_BE_COMPLETED.judge(facts, TODAY)
    assert len(verdict.reasons) == sum(faults)
    assert all(reason.clause for reason in verdict)
    if open_musts:
        assert "2 steps that must be done are open: Export the archive; Keep the log." in str(verdict.reasons[0])


def test_one_open_step_is_told_in_the_singular() -> None:
    verdict = MAY_BE_COMPLETED.judge(Completion(("Export the archive",), TODAY, date.max, False), TODAY)
    assert verdict.reasons[0].text == "1 step that must be done is open: Export the archive."


@pytest.mark.parametrize(("mothballed", "ending"), list(product((False, True), repeat=2)))
def test_only_a_mothballed_account_that_is_not_being_ended_rests_on(mothballed: bool, ending: bool) -> None:
    assert bool(MAY_REST.judge(Rest(mothballed, ending, TODAY + DAY), TODAY)) is (mothballed and not ending)


@pytest.mark.parametrize(
    ("until", "said"),
    [(TODAY, "after today"), (TODAY + DAY, ""), (date(2027, 11, 20), ""), (date(2027, 11, 21), "by 20 November 2027")],
)
def test_an_account_rests_on_for_at_most_twelve_months(until: date, said: str) -> None:
    verdict = REST_DAY.judge(Rest(True, False, until), TODAY)
    assert said in " ".join(reason.text for reason in verdict)
    assert bool(verdict) is (not said)


def test_of_many_open_steps_three_are_named_and_the_rest_counted() -> None:
    verdict = MAY_BE_COMPLETED.judge(Completion(("A", "B", "C", "D", "E"), TODAY, date.max, False), TODAY)
    assert verdict.reasons[0].text == "5 steps that must be done are open: A; B; C; and 2 more."


def test_nothing_leads_on_from_a_closure_that_is_complete_or_abandoned() -> None:
    assert CLOSURE.verbs(ClosureState.OPEN) == ("complete", "abandon", "change")
    assert CLOSURE.verbs(ClosureState.COMPLETE) == CLOSURE.verbs(ClosureState.ABANDONED) == ()
