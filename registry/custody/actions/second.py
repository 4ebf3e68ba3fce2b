"""A request for a second person: made or found waiting, settled by the recorded exception, and moved on."""

from datetime import timedelta

from sqlalchemy import update

from registry.accounts.models import Account
from registry.core.database import change_one
from registry.core.errors import Conflict
from registry.core.wording import long_moment
from registry.core.work import Work
from registry.councils.models import Council
from registry.custody.actions.entry import told
from registry.custody.actions.telling import tell_approvers, tell_of_exception
from registry.custody.looks import looked_at
from registry.custody.models import Credential, RevealGrant
from registry.custody.models_looking import LookRequest, LookState
from registry.custody.pending import find_open_look
from registry.vocabulary.events import Event

WAITS, STANDS = timedelta(hours=24), timedelta(hours=4)
"""How long a request waits for a second person, and how long their agreement stands."""
OVER = "This request waits no more: somebody else decided, it was withdrawn, or it ran out."


def ask_for_second(
    work: Work, council: Council, credential: Credential, account: Account, grant: RevealGrant
) -> LookRequest:
    """The open request of whoever acts for what `grant` would show; a new one is told to those who may agree.

    The recorded exception of a one-officer council settles it at once, one that already waited as well.
    """
    found = find_open_look(work.session, work.council, grant, work.actor, work.now)
    look = found or _new(work, credential, account, grant)
    named = looked_at(credential.kind, grant.purpose)
    details = told(credential, account, look=named, reason=grant.reason)
    if council.custody_exception and look.state is LookState.WAITING:
        settled = {"decided_at": work.now, "expires_at": work.now + STANDS, "reason": grant.reason}
        move(work, look, state=LookState.APPROVED, by_exception=True, **settled)
        work.record(Event.LOOK_BY_EXCEPTION, look, **details, minute=council.exception_minute)
        tell_of_exception(work, look, account, named)
    elif found is None:
        work.record(Event.LOOK_ASKED, look, **details)
        tell_approvers(work, look, account, named, long_moment(look.expires_at, work.zone))
    return look


def _new(work: Work, credential: Credential, account: Account, grant: RevealGrant) -> LookRequest:
    look = LookRequest(
        council_id=work.council,
        account_id=account.id,
        credential_id=credential.id,
        secret_version_id=grant.secret_version_id,
        purpose=grant.purpose,
        asker_id=work.actor,
        reason=grant.reason,
        asked_at=work.now,
        expires_at=work.now + WAITS,
        state=LookState.WAITING,
    )
    work.session.add(look)
    work.flush()
    return look


def move(work: Work, look: LookRequest, **values: object) -> None:
    """Move a request on that still waits; of any number who do so at once, one does."""
    waiting = update(LookRequest).where(
        LookRequest.council_id == work.council,
        LookRequest.id == look.id,
        LookRequest.state == LookState.WAITING,
        LookRequest.expires_at > work.now,
    )
    if not change_one(work.session, waiting.values(**values)):
        raise Conflict(OVER)
    work.session.refresh(look)
