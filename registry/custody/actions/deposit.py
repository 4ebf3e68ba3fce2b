"""Deposit a credential, and replace it by another value."""

from dataclasses import dataclass

from registry.core.errors import Conflict
from registry.core.secret import Secret
from registry.core.work import Work
from registry.custody.actions.codes import doubt_codes
from registry.custody.actions.entry import enter_account, enter_credential, tell_apart, told
from registry.custody.actions.sealing import envelope_hash, seal_next, usable, warnings
from registry.custody.models import Credential, Kind
from registry.custody.vault import Vault
from registry.vocabulary.events import Event


@dataclass(frozen=True)
class Deposit:
    """What somebody brings into custody."""

    kind: Kind
    value: Secret[str]
    label: str = ""
    sign_in_name: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Kept:
    """What is in custody now, and what is weak about its value, in sentences that never show it."""

    credential: Credential
    warnings: tuple[str, ...]


def deposit(work: Work, vault: Vault, account_id: int, brought: Deposit) -> Kept:
    """Take a credential of an account into custody (002 §19.2)."""
    account = enter_account(work, account_id)
    tell_apart(work, account, brought.kind, brought.label)
    value = usable(brought.kind, brought.value)
    credential = Credential(
        council_id=work.council,
        account_id=account.id,
        kind=brought.kind,
        label=brought.label,
        sign_in_name=brought.sign_in_name,
        notes=brought.notes,
        current_version=0,
        deposited_at=work.now,
        changed_at=work.now,
    )
    work.session.add(credential)
    work.flush()
    version = seal_next(work, vault, account, credential, value)
    work.record(Event.CREDENTIAL_DEPOSITED, credential, **told(credential, account, envelope=envelope_hash(version)))
    return Kept(credential, warnings(work, account, version))


def replace(work: Work, vault: Vault, credential_id: int, seen_version: int, brought: Secret[str]) -> Kept:
    """Put a new value in place of the one in force, unless somebody else has done so meanwhile."""
    credential, account = enter_credential(work, credential_id)
    if credential.current_version != seen_version:
        raise Conflict("Somebody else has replaced this credential meanwhile. Look at what is in custody now.")
    value = usable(credential.kind, brought)
    version = seal_next(work, vault, account, credential, value)
    credential.doubted_at = None
    if credential.kind is Kind.PASSWORD:
        doubt_codes(work, account.id)
    work.record(Event.CREDENTIAL_REPLACED, credential, **told(credential, account, envelope=envelope_hash(version)))
    return Kept(credential, warnings(work, account, version))
