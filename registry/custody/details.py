"""Finding recovery details, and how much of one is shown to whom: they are personal data."""

import re
from collections.abc import Collection, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registry.custody.models_recovery import DetailKind, RecoveryDetail

PERSONAL_MAIL = frozenset(
    ["aol.com", "btinternet.com", "gmail.com", "gmx.com", "googlemail.com", "hotmail.co.uk", "hotmail.com",
     "icloud.com", "live.co.uk", "live.com", "me.com", "msn.com", "outlook.com", "proton.me", "protonmail.com",
     "sky.com", "talktalk.net", "virginmedia.com", "yahoo.co.uk", "yahoo.com"]
)  # fmt: skip
"""Where people have mailboxes of their own: a council's account that hangs on one is lost with its owner."""


def find_detail(council_id: int, detail_id: int) -> Select[RecoveryDetail]:
    """A recovery detail of the council that was not removed."""
    return select(RecoveryDetail).where(
        RecoveryDetail.council_id == council_id, RecoveryDetail.id == detail_id, RecoveryDetail.removed_at.is_(None)
    )


def list_details(session: Session, council_id: int, account_id: int) -> Sequence[RecoveryDetail]:
    """The recovery details of an account, by kind."""
    query = select(RecoveryDetail).where(
        RecoveryDetail.council_id == council_id,
        RecoveryDetail.account_id == account_id,
        RecoveryDetail.removed_at.is_(None),
    )
    return session.scalars(query.order_by(RecoveryDetail.kind, RecoveryDetail.id)).all()


def masked(detail: RecoveryDetail) -> str:
    """As much as tells it from another, for those who see what is in custody and may not use it."""
    name, at, domain = detail.value.rpartition("@")
    if detail.kind is DetailKind.EMAIL and at:
        return f"{name[:1]}…@{domain}"
    if detail.kind is DetailKind.DEVICE:
        return detail.value
    digits = re.sub(r"\D", "", detail.value)
    return f"… {digits[-2:]}" if digits else "…"


def doubt_about(detail: RecoveryDetail, domains: Collection[str]) -> str:
    """What is doubtful about an address that is not the council's own; nothing where there is no such doubt."""
    domain = detail.value.rpartition("@")[2].casefold()
    if detail.kind is not DetailKind.EMAIL:
        return ""
    if domain in PERSONAL_MAIL:
        return "This looks like a private mailbox. Whoever owns it can take the account over, and takes it along."
    if domains and not any(domain == ours or domain.endswith(f".{ours}") for ours in domains):
        return "This address is not at the council’s own domain. Make sure that the council decides who reads it."
    return ""
