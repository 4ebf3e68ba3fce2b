"""Who reviews, when a review is whole, and who puts right what it found, as truth tables (004 §6.5)."""

from datetime import date, timedelta
from itertools import product

import pytest

from registry.core.errors import Conflict
from registry.reviews.lifecycle import REVIEW_LIFE
from registry.reviews.models import Finding, ReviewState, SecurityReview
from registry.reviews.rules import (
    MAY_ABANDON,
    MAY_COMPLETE,
    MAY_FINISH,
    MAY_REVIEW,
    MAY_STAND,
    OWNABLE,
    TIMELY,
    Answering,
    Finishing,
    Planning,
    Reviewing,
    time_to_mend,
)

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)


@pytest.mark.parametrize("facts", list(product((False, True), (False, True), (False, True), (0, 1, 2))))
def test_comms_and_the_clerk_review_accounts_in_use_and_complete_what_is_whole(
    facts: tuple[bool, bool, bool, int],
) -> None:
    reviewing = Reviewing(*facts)
    wrong = [not reviewing.is_employed, not reviewing.acts_by_role, not reviewing.is_account_in_use]
    assert len(MAY_REVIEW.judge(reviewing, TODAY).reasons) == sum(wrong)
    assert len(MAY_COMPLETE.judge(reviewing, TODAY).reasons) == sum(wrong) + (reviewing.unanswered > 0)
    assert len(MAY_ABANDON.judge(reviewing, TODAY).reasons) == sum(wrong[:2])
    assert all(reason.clause for reason in MAY_COMPLETE.judge(reviewing, TODAY))


def test_what_is_not_answered_is_counted_in_words() -> None:
    told = [MAY_COMPLETE.judge(Reviewing(True, True, True, count), TODAY).reasons[0].text for count in (1, 2)]
    assert told == ["1 question is not answered yet.", "2 questions are not answered yet."]


@pytest.mark.parametrize(("finding", "has_note"), list(product(Finding, (False, True))))
def test_everything_but_met_needs_a_note(finding: Finding, has_note: bool) -> None:
    verdict = MAY_STAND.judge(Answering(finding, has_note), TODAY)
    assert bool(verdict) == (has_note or finding is Finding.MET)
    assert all(reason.text.startswith("Say in the note") for reason in verdict)


@pytest.mark.parametrize(("can", "days"), list(product((False, True), (-1, 0, 1))))
def test_an_action_belongs_to_somebody_who_can_do_it_by_a_day_to_come(can: bool, days: int) -> None:
    planning = Planning(can, TODAY + days * DAY)
    assert bool(OWNABLE.judge(planning, TODAY)) == can
    assert bool(TIMELY.judge(planning, TODAY)) == (days >= 0)


@pytest.mark.parametrize("facts", list(product((False, True), repeat=3)))
def test_an_action_is_marked_done_by_its_owner_comms_or_the_clerk(facts: tuple[bool, bool, bool]) -> None:
    finishing = Finishing(*facts)
    allowed = finishing.is_employed and (finishing.is_owner or finishing.acts_by_role)
    assert bool(MAY_FINISH.judge(finishing, TODAY)) == allowed


@pytest.mark.parametrize(
    ("item", "finding", "days"),
    [("two_step", Finding.NOT_MET, 1), ("two_step", Finding.PARTLY, 14), ("mailbox", Finding.NOT_MET, 14)],
)
def test_two_step_sign_in_that_is_off_cannot_wait(item: str, finding: Finding, days: int) -> None:
    assert time_to_mend(item, finding) == days * DAY


@pytest.mark.parametrize(
    ("state", "verb"), list(product(ReviewState, ("take_answers", "be_completed", "be_abandoned")))
)
def test_only_an_open_review_goes_anywhere(state: ReviewState, verb: str) -> None:
    review = SecurityReview(state=state)
    if state is not ReviewState.OPEN:
        with pytest.raises(
            Conflict, match=f"This security review is {state}, so it cannot {verb.replace('_', ' ')} now"
        ):
            REVIEW_LIFE.move(review, verb)
        return
    REVIEW_LIFE.move(review, verb)
    ends = {"be_completed": ReviewState.COMPLETE, "be_abandoned": ReviewState.ABANDONED}
    assert review.state is ends.get(verb, ReviewState.OPEN)
