"""All that the public may know of an account: these fields and no other, and one sentence that follows its state."""

from datetime import date
from typing import Any

from registry.accounts.models import Account, AccountState, ServiceArea
from registry.accounts.wording import platform_name, state_name
from registry.core.wording import long_day

PUBLIC_STATES = (AccountState.LIVE, AccountState.MOTHBALLED, AccountState.CLOSED, AccountState.HANDED_OVER)
"""An account that was only asked for or agreed is nobody's business yet."""

FIELDS = (
    *("id", "platform", "platform_name", "handle", "url", "name"),
    *("service_area", "language", "state", "state_name", "since", "says"),
)
"""The published fields; nothing here names or leads to a member of staff."""

COLUMNS = (
    Account.id.label("number"),
    Account.public_id,
    Account.platform,
    Account.handle,
    Account.url,
    Account.name,
    Account.sort_name,
    ServiceArea.name.label("service_area"),
    Account.language,
    Account.state,
    Account.live_on,
    Account.ended_on,
    Account.public_note,
)
"""What the published fields are made from."""


def as_published(row: Any, council_name: str) -> dict[str, str]:
    """One account as the public sees it: every field of `FIELDS`, as text."""
    since = row.ended_on if row.ended_on else row.live_on
    made = (
        *(row.public_id.hex(), row.platform, platform_name(row.platform), row.handle, row.url, row.name),
        *(row.service_area, row.language, row.state.value, state_name(row.state)),
        *(since.isoformat() if since else "", says(row, council_name)),
    )
    return dict(zip(FIELDS, made, strict=True))


def says(row: Any, council_name: str) -> str:
    """The public sentence: first what the state makes true, then whatever the council adds (002 §12.12)."""
    sentence = {
        AccountState.LIVE: f"{council_name} uses this account.",
        AccountState.MOTHBALLED: f"{council_name} keeps this account but does not use or monitor it at present.",
        AccountState.CLOSED: f"{council_name} closed this account{_on(row.ended_on)} and no longer uses it.",
        AccountState.HANDED_OVER: (
            f"{council_name} handed this account over{_on(row.ended_on)}. It is no longer the council’s."
        ),
    }[row.state]
    return f"{sentence} {row.public_note}".strip()


def _on(day: date | None) -> str:
    return f" on {long_day(day)}" if day else ""
