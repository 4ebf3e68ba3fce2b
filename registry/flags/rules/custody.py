"""Credentials that should be in custody."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Select, case, func

from registry.accounts.models import Account, AccountState
from registry.accounts.platforms import PLATFORMS, AccessModel
from registry.activity.cadence import counted_from_column
from registry.custody.queries import has_credential
from registry.flags.rule import Severity, Tell, about_account, flag

TIME_TO_DEPOSIT = timedelta(days=7)
WITHOUT_PASSWORD = tuple(platform.key for platform in PLATFORMS if platform.access is AccessModel.ROLES)
"""Platforms run through people's own logins: there is no password of the account's own to keep."""


@flag(
    Severity.WARNING,
    clause="002 §19.2",
    message="Nothing that opens it is in custody.",
    tell=(Tell.EDITORS, Tell.RESPONSIBLE, Tell.COMMS),
    mend=("custody.account", "Deposit the credentials"),
)
def no_credential_in_custody(on: date) -> Select[Any]:
    """A live account, or one authorised more than 7 days ago, has no credential in custody.

    What opens it is then known only to whoever set it up. Accounts on platforms where people hold roles with
    their own logins have no password of their own and are left out.
    """
    live = Account.state == AccountState.LIVE
    authorised = func.coalesce(Account.authorised_on, counted_from_column(), type_=Date)
    since = case((live, func.coalesce(Account.live_on, authorised, type_=Date)), else_=authorised)
    allowed_until = case((live, since <= on), else_=authorised < on - TIME_TO_DEPOSIT)
    return about_account(since).where(
        Account.state.in_((AccountState.AUTHORISED, AccountState.LIVE)),
        Account.platform.not_in(WITHOUT_PASSWORD),
        allowed_until,
        ~has_credential(),
    )
