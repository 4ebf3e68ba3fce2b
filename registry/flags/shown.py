"""How a flag is shown on any page: its severity's word, what it is about, since when, and the link that mends it.

Rows are those of `flags.queries`. A link is given only to a page that would let the reader in.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import current_app, url_for
from flask_login import current_user

from registry.flags.rule import Severity
from registry.flags.rules import BY_NAME
from registry.requests.queries import sees_request
from registry.web.filters import day as day_in_words
from registry.web.filters import in_days
from registry.web.guard import Open, need_of

SUBJECTS = {
    "closures.closure": ("closure_id", "subject_id"),
    "requests.request_page": ("request_id", "subject_id"),
    "policies.policy": ("policy_id", "subject_id"),
    "rotations.rotation": ("rotation_id", "subject_id"),
    "identity.person": ("person_id", "person_id"),
    "editors.area_editors": ("area_id", "area_id"),
    **dict.fromkeys(
        ("register.account", "accounts.change", "activity.account", "closures.start", "custody.account",
         "editors.account_people", "reviews.account"),
        ("account_id", "account_id"),
    ),
}  # fmt: skip
"""Which column of a flag fills which part of a page's address."""


def mend_of(flag: Any) -> tuple[str, str]:
    """What mends a flag and the address where; no address where the reader would not be let in."""
    rule = BY_NAME.get(flag.rule)
    if rule is None:
        return "Run the sweep", ""
    own = flag.person_id is not None and flag.person_id == current_user.person_id
    mend = rule.mend_own if own else rule.mend
    return mend.text, address(mend.endpoint, flag)


def about(flag: Any) -> dict[str, str] | None:
    """The account a flag is about, as a link."""
    if flag.account_name is None:
        return None
    return {"text": flag.account_name, "href": address("register.account", flag)}


def address(endpoint: str, flag: Any) -> str:
    """The address of a page about what is flagged; empty where its door is closed to the reader."""
    need = need_of(current_app, endpoint, "GET")
    if need is None or not (isinstance(need, Open) or current_user.may(need)):
        return ""
    if endpoint == "requests.request_page" and not sees_request(
        flag.person_id, current_user.person_id, current_user.roles
    ):
        return ""
    part = SUBJECTS.get(endpoint)
    return url_for(endpoint, **{part[0]: getattr(flag, part[1])}) if part else url_for(endpoint)


def as_shown(flags: Iterable[Any], today: date, *, with_account: bool = True) -> list[dict[str, Any]]:
    """Flags as `components/flags.html` and this room's pages draw them."""
    return [_shown(flag, today, with_account) for flag in flags]


def _shown(flag: Any, today: date, with_account: bool) -> dict[str, Any]:
    severity, rule, (text, href) = Severity(flag.severity), BY_NAME.get(flag.rule), mend_of(flag)
    until = flag.acknowledged_until
    return {
        "id": flag.id,
        "rule": flag.rule,
        "severity": severity,
        "severity_text": severity.word,
        "colour": severity.colour,
        "message": flag.message,
        "since": f"since {day_in_words(flag.since_on)} ({in_days(flag.since_on, today)})",
        "mend": {"text": text, "href": href} if href else None,
        "group": rule.mend.text if rule else text,
        "about": about(flag) if with_account else None,
        "quiet_until": until if until and until >= today else None,
        "quiet_why": flag.acknowledged_why,
        "quiet_by": flag.acknowledged_by,
    }
