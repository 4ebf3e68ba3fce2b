"""What the policies say about policies, as truth tables (000 §4; 004 §9.1, §10.1)."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from registry.policies.lifecycle import VERSION
from registry.policies.models import VersionState
from registry.policies.rules import (
    DAY_FITS,
    MAY_BE_EDITED,
    MAY_BE_PUBLISHED,
    MINOR_FITS,
    Publication,
    Text,
    hash_of_text,
    last_day_of_grace,
    usual_review,
)

TODAY = date(2026, 11, 20)
FINE = Publication(
    is_draft=True, has_text=True, is_first=False, is_minor=False, effective_on=TODAY, last_effective_on=date(2026, 1, 1)
)


@pytest.mark.parametrize("is_draft", [True, False])
def test_only_a_draft_may_be_edited(is_draft: bool) -> None:
    verdict = MAY_BE_EDITED.judge(Text(is_draft), TODAY)
    assert bool(verdict) == is_draft
    assert all("frozen for good" in reason.text and reason.clause == "000 §4" for reason in verdict)


@pytest.mark.parametrize(("is_draft", "has_text", "is_first", "is_minor"), list(product((True, False), repeat=4)))
def test_a_version_is_published_with_text_and_a_first_one_is_never_minor(
    is_draft: bool, has_text: bool, is_first: bool, is_minor: bool
) -> None:
    asked = replace(FINE, is_draft=is_draft, has_text=has_text, is_first=is_first, is_minor=is_minor)
    verdict = MAY_BE_PUBLISHED.judge(asked, TODAY) & MINOR_FITS.judge(asked, TODAY)
    assert len(verdict.reasons) == (not is_draft) + (not has_text) + (is_first and is_minor)
    assert all(reason.clause for reason in verdict)


@pytest.mark.parametrize(
    ("is_first", "is_minor", "days", "after_last", "allowed"),
    [
        (False, False, 0, 1, True),
        (False, False, 30, 1, True),
        (False, False, 0, 0, False),
        (False, True, 0, 0, True),
        (False, True, 0, -1, False),
        (False, False, -1, 1, False),
        (False, True, -1, 1, False),
        (True, False, -900, 1, True),
    ],
)
def test_a_version_takes_effect_after_the_one_before_it_and_never_before_it_could_be_read(
    is_first: bool, is_minor: bool, days: int, after_last: int, allowed: bool
) -> None:
    effective_on = TODAY + timedelta(days=days)
    last = date.min if is_first else effective_on - timedelta(days=after_last)
    asked = replace(FINE, is_first=is_first, is_minor=is_minor, effective_on=effective_on, last_effective_on=last)
    assert bool(DAY_FITS.judge(asked, TODAY)) == allowed


def test_a_policy_falls_due_for_review_a_year_on() -> None:
    assert usual_review(TODAY) == date(2027, 11, 20)
    assert usual_review(date(2028, 2, 29)) == date(2029, 2, 28)


def test_days_of_grace_count_from_the_day_a_version_takes_effect() -> None:
    assert last_day_of_grace(TODAY, 14) == date(2026, 12, 4)


def test_a_fingerprint_is_of_the_text_in_utf_8() -> None:
    assert hash_of_text("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_what_is_published_has_no_way_back() -> None:
    assert VERSION.verbs(VersionState.DRAFT) == ("be_published",)
    assert VERSION.verbs(VersionState.PUBLISHED) == ()
