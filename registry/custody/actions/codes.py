"""Recovery codes after the password changed: many platforms then forget the old codes, so somebody looks."""

from sqlalchemy import update

from registry.core.work import Work
from registry.custody.actions.entry import enter_credential, told
from registry.custody.models import Credential, Kind
from registry.vocabulary.events import Event


def doubt_codes(work: Work, account_id: int) -> None:
    """The account's password was changed: its recovery codes may be void."""
    work.session.execute(
        update(Credential)
        .where(
            Credential.council_id == work.council,
            Credential.account_id == account_id,
            Credential.kind == Kind.RECOVERY_CODES,
            Credential.destroyed_at.is_(None),
        )
        .values(doubted_at=work.now, lock=Credential.lock + 1)
    )


def confirm_codes(work: Work, credential_id: int) -> Credential:
    """Somebody looked on the platform, and the codes still hold."""
    credential, account = enter_credential(work, credential_id)
    if credential.doubted_at is not None:
        credential.doubted_at = None
        work.record(Event.RECOVERY_CODES_CONFIRMED, credential, **told(credential, account))
    return credential
