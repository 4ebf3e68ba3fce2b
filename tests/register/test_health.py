"""How an account stands, in one line."""

from datetime import date, timedelta
from typing import Any

import pytest

from registry.accounts.models import Account, AccountState
from registry.register.health import Health

TODAY = date(2026, 11, 20)
S = AccountState


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("facts", "named", "cleared", "said"),
    [
        (
            {"last_reviewed_on": ago(12), "next_review_on": ago(-78), "last_posted_on": ago(1)},
            *(2, 2),
            "Live. Two cleared editors. Reviewed 12 days ago. Posted yesterday.",
        ),
        (
            {"last_reviewed_on": ago(100), "next_review_on": ago(10), "last_posted_on": ago(40), "open_flags": 2},
            *(2, 1),
            "Live. One of 2 editors cleared. Reviewed 3 months ago. Next review 10 days late. "
            "Posted 5 weeks ago, 26 days beyond the agreed 14 days. 2 open flags.",
        ),
        (
            {"under_closure": True},
            1,
            1,
            "Live, and being closed. One cleared editor. Never reviewed. No post is recorded.",
        ),
        ({"state": S.AUTHORISED}, 0, 0, "Authorised, not live yet. No editor is named. Never reviewed."),
        ({"state": S.PROPOSED}, 0, 0, "Proposed, not agreed yet. No editor is named. Never reviewed."),
        ({"state": S.MOTHBALLED}, 12, 12, "Mothballed. 12 cleared editors. Never reviewed."),
        (
            {"state": S.MOTHBALLED, "mothball_review_on": ago(-6), "last_posted_on": ago(400)},
            *(1, 0),
            "Mothballed, its review due in 6 days. None of 1 editor cleared. Never reviewed.",
        ),
        ({"state": S.CLOSED, "ended_on": ago(1), "open_flags": 1}, 2, 2, "Closed on 19 November 2026."),
        ({"state": S.HANDED_OVER}, 0, 0, "Handed over: no longer the council’s."),
    ],
)
def test_one_line_tells_how_an_account_stands(facts: dict[str, Any], named: int, cleared: int, said: str) -> None:
    made = Account(**{"state": S.LIVE, "open_flags": 0, "under_closure": False, **facts})
    assert str(Health(made, named, cleared, 14, TODAY)) == said
