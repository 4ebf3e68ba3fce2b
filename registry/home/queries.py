"""How the whole register stands."""

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.accounts.models import IN_USE, Account
from registry.flags.rule import Severity


def standing_of_register(session: Session, council_id: int) -> dict[str, int]:
    """How many accounts in use are without a flag, flagged, and gravely flagged: the register's health."""
    worst = session.scalars(
        select(Account.worst_flag).where(Account.council_id == council_id, Account.state.in_(IN_USE))
    )
    found = Counter("grave" if w >= Severity.BREACH else "flagged" if w else "well" for w in worst)
    return {"well": found["well"], "flagged": found["flagged"], "grave": found["grave"]}
