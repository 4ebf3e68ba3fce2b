"""Proving that what is in custody opens, without anybody seeing it: for backups, restores and the doctor."""

from collections.abc import Iterator

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from registry.accounts.models import Account
from registry.core.database import Rows
from registry.core.keyfile import KeyTrouble
from registry.core.settings import Settings
from registry.councils.models import Council
from registry.custody import envelope
from registry.custody.envelope import Unreadable
from registry.custody.key_queries import as_wrapped
from registry.custody.models import CouncilKey, Credential, SecretVersion
from registry.custody.opening import open_vault
from registry.custody.queries import is_current
from registry.custody.vault import Place


def unopenable(session: Session, settings: Settings) -> Iterator[tuple[int, int, str]]:
    """Every credential whose value in force does not open: its council, its number and why.

    Where custody itself is closed nothing can be proved, and nothing is told here: its status says so.
    """
    try:
        vault = open_vault(session, settings)
    except KeyTrouble:
        return
    there = session.scalars(select(CouncilKey).where(CouncilKey.wrapped.is_not(None)))
    keys = {(key.council_id, key.id): as_wrapped(key) for key in there}
    for row in session.execute(_values_in_force()):
        place = Place(row.council, row.account, row.Credential.field, row.version)
        try:
            key = keys.get((row.Credential.council_id, envelope.key_id(row.envelope)))
            if key is None:
                raise Unreadable(envelope.Fault.UNKNOWN_KEY)
            vault.reveal(key, place, row.envelope)
        except Unreadable as fault:
            yield row.Credential.council_id, row.Credential.id, str(fault.reason)
        except KeyTrouble as trouble:
            yield row.Credential.council_id, row.Credential.id, trouble.sentence


def _values_in_force() -> Rows:
    return (
        select(
            Credential,
            SecretVersion.version,
            SecretVersion.envelope,
            Account.public_id.label("account"),
            Council.public_id.label("council"),
        )
        .join(SecretVersion, is_current(SecretVersion))
        .join(Account, and_(Account.council_id == Credential.council_id, Account.id == Credential.account_id))
        .join(Council, Council.id == Credential.council_id)
        .where(Credential.destroyed_at.is_(None), SecretVersion.envelope.is_not(None))
        .execution_options(yield_per=200)
    )
