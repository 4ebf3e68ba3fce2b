"""What the flags await of somebody, but for what a line of its own says already."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from flask import url_for

from registry.flags.queries import open_flags_for
from registry.flags.rule import Severity
from registry.flags.rules import BY_NAME
from registry.flags.shown import mend_of
from registry.home.lines import Asked, Line, When
from registry.web.filters import away, plural

SEVERAL = 2
"""Flags of one rule up to this many are lines of their own; more are one line together."""
SAID_BELOW = frozenset(
    {"request_waiting", "review_action_overdue", "closure_stalled"}
    | {"training_lapsed", "training_lapsing", "never_trained", "policy_unsigned", "grace_ending"}
)
"""Rules whose findings about the person themselves are lines of their own on the first page."""


def flag_lines(asked: Asked) -> Iterator[Line]:
    """The open flags this person is told of, many of one rule as one line."""
    flags = open_flags_for(asked.session, asked.council.id, asked.person_id, asked.roles, asked.today, limit=200)
    silent = {account.account_id for account in asked.silent}
    flags = [flag for flag in flags if not _is_said(asked, flag, silent)]
    counted = Counter(flag.rule for flag in flags)
    told: set[str] = set()
    for flag in flags:
        when = When.NOW if flag.severity == Severity.BREACH else When.WEEK
        listed = url_for("flags.index", rule=flag.rule)
        if counted[flag.rule] <= SEVERAL:
            about = f"{flag.account_name}: " if flag.account_name else ""
            since = f"since {away(flag.since_on, asked.today)}"
            text, href = mend_of(flag)
            yield Line(when, f"{about}{flag.message}", text if href else "See the flag", href or listed, since)
        elif flag.rule not in told:
            told.add(flag.rule)
            what = BY_NAME[flag.rule].title if flag.rule in BY_NAME else flag.rule.replace("_", " ")
            yield Line(when, f"{what}: {plural(counted[flag.rule], 'flag')}", "See them", listed)


def _is_said(asked: Asked, flag: Any, silent: set[int]) -> bool:
    """Whether a line of its own says the same to this person already."""
    if flag.rule == "neglected":
        return flag.account_id in silent
    return flag.rule in SAID_BELOW and (flag.rule == "request_waiting" or flag.person_id == asked.person_id)
