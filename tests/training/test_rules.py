"""What the policies say about training, as truth tables."""

from datetime import date
from itertools import product

import pytest

from registry.training.lifecycle import RECORD
from registry.training.models import RecordState
from registry.training.rules import MAY_CONFIRM, MAY_RECORD, Confirming, Recording, last_good_day

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("completed_on", "months", "until"),
    [
        (date(2026, 11, 20), 12, date(2027, 11, 20)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 25, date(2028, 12, 30)),
    ],
)
def test_training_holds_for_calendar_months_and_ends_with_a_shorter_one(
    completed_on: date, months: int, until: date
) -> None:
    assert last_good_day(completed_on, months) == until


@pytest.mark.parametrize(("own", "answers", "employed"), list(product((False, True), repeat=3)))
def test_training_is_recorded_by_oneself_or_by_whoever_answers(own: bool, answers: bool, employed: bool) -> None:
    verdict = MAY_RECORD.judge(Recording(own, answers, employed), TODAY)
    assert bool(verdict) == ((own or answers) and employed)
    assert all(reason.clause for reason in verdict)


@pytest.mark.parametrize(("anothers", "exception"), list(product((False, True), repeat=2)))
def test_nobody_decides_on_their_own_training_but_a_council_of_one(anothers: bool, exception: bool) -> None:
    verdict = MAY_CONFIRM.judge(Confirming(anothers, exception), TODAY)
    assert bool(verdict) == (anothers or exception)
    assert all(reason.clause for reason in verdict)


@pytest.mark.parametrize("state", list(RecordState))
def test_a_record_is_confirmed_once_and_refused_until_recorded_again(state: RecordState) -> None:
    allowed = {
        RecordState.RECORDED: ("confirm", "be_refused"),
        RecordState.CONFIRMED: ("be_refused",),
        RecordState.REJECTED: ("be_recorded_again",),
    }
    assert RECORD.verbs(state) == allowed[state]
