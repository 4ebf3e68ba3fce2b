"""Destroy a credential for good: its sealed values go, the record of it stays."""

from sqlalchemy import update

from registry.accounts.queries import get_account
from registry.core.errors import Invalid
from registry.core.work import Work
from registry.custody.actions.entry import told
from registry.custody.actions.holding import take_back
from registry.custody.actions.sealing import envelope_hash
from registry.custody.models import Credential, RevealGrant
from registry.custody.models_looking import CheckOut
from registry.custody.queries import get_credential, list_versions
from registry.custody.rules import MAY_BE_DESTROYED, Destruction
from registry.vocabulary.events import Event


def destroy(work: Work, credential_id: int, typed_handle: str, reason: str) -> Credential:
    """Destroy every version of a credential and every leave to see one; whoever has it checked out has it no longer.

    The data keys lie in the envelopes, so with these the values are gone; copies in backups go when the backups do.
    """
    credential = get_credential(work.session, work.council, credential_id)
    account = get_account(work.session, work.council, credential.account_id)
    MAY_BE_DESTROYED.judge(Destruction(account.is_ended, bool(reason)), work.today).or_refuse()
    if _bare(typed_handle) != _bare(account.handle):
        raise Invalid("handle", f"Type {account.handle} to confirm")
    take_back(work, CheckOut.credential_id == credential.id)
    versions = list_versions(work.session, credential)
    hashes = [envelope_hash(version) for version in versions]
    for version in versions:
        version.envelope, version.destroyed_at = None, work.now
    credential.destroyed_at = credential.changed_at = work.now
    work.session.execute(
        update(RevealGrant)
        .where(
            RevealGrant.council_id == work.council,
            RevealGrant.secret_version_id.in_([version.id for version in versions]),
            RevealGrant.used_at.is_(None),
        )
        .values(expires_at=work.now)
    )
    work.record(Event.CREDENTIAL_DESTROYED, credential, **told(credential, account, reason=reason, envelopes=hashes))
    return credential


def _bare(handle: str) -> str:
    return handle.strip().removeprefix("@").casefold()
