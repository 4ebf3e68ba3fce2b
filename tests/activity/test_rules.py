"""Who may say that an account posted, and on which days, as truth tables (002 §12.3, §15.1)."""

from datetime import date, timedelta
from itertools import product

import pytest

from registry.activity.rules import MAY_TELL, MAY_WITHDRAW, POSSIBLE, PostingDay, TakingBack, Telling

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)


@pytest.mark.parametrize("facts", list(product((False, True), repeat=5)))
def test_named_editors_the_manager_comms_and_the_clerk_record_activity(facts: tuple[bool, ...]) -> None:
    telling = Telling(*facts)
    knows = telling.is_named or telling.manages_area or telling.acts_by_role
    wrong = [not telling.is_employed, not knows, not telling.is_account_in_use]
    verdict = MAY_TELL.judge(telling, TODAY)
    assert bool(verdict) == (not any(wrong))
    assert len(verdict.reasons) == sum(wrong)
    assert all(reason.clause for reason in verdict)


@pytest.mark.parametrize("facts", list(product((False, True), repeat=3)))
def test_a_record_is_withdrawn_by_its_maker_comms_or_the_clerk(facts: tuple[bool, ...]) -> None:
    back = TakingBack(*facts)
    verdict = MAY_WITHDRAW.judge(back, TODAY)
    assert bool(verdict) == (back.is_employed and (back.is_own or back.acts_by_role))
    assert all(reason.clause for reason in verdict)


@pytest.mark.parametrize(
    ("posted_on", "said"),
    [
        (TODAY, []),
        (TODAY + DAY, ["The day of a post cannot be in the future"]),
        (TODAY - 10 * DAY, []),
        (TODAY - 11 * DAY, ["The account was authorised on 10 November 2026 and did not post before"]),
    ],
)
def test_a_post_is_neither_ahead_nor_before_the_account_was_authorised(posted_on: date, said: list[str]) -> None:
    verdict = POSSIBLE.judge(PostingDay(posted_on, TODAY - 10 * DAY), TODAY)
    assert [reason.text for reason in verdict] == said
