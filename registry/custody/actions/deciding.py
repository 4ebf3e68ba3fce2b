"""A second person agrees to a look, or does not; whoever asked may also think better of it."""

from datetime import date

from sqlalchemy.orm import Session

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.core.errors import Conflict, Invalid, NotFound
from registry.core.work import Work
from registry.custody.actions.entry import told
from registry.custody.actions.second import STANDS, move
from registry.custody.actions.telling import tell_asker
from registry.custody.looks import looked_at
from registry.custody.models_looking import LookRequest, LookState
from registry.custody.pending import get_look
from registry.custody.queries import current_version, get_credential
from registry.custody.rules import MAY_DECIDE, Deciding
from registry.editors.rules import GATE
from registry.editors.standing import standing_of
from registry.identity.queries import name_of
from registry.vocabulary.events import Event


def decide(work: Work, look_id: int, words: str, *, agrees: bool) -> LookRequest:
    """Agree that somebody sees a credential once, or not; of any number who decide at once, one does."""
    look = get_look(work.session, work.council, look_id)
    credential = get_credential(work.session, work.council, look.credential_id)
    account = get_account(work.session, work.council, look.account_id)
    MAY_DECIDE.judge(deciding(work.session, look, account, work.actor, work.today), work.today).or_refuse()
    if not (agrees or words):
        raise Invalid("words", "Say why not: whoever asked reads it")
    if current_version(work.session, credential).id != look.secret_version_id:
        raise Conflict("The value was changed meanwhile, so there is nothing left to decide on.")
    answer = LookState.APPROVED if agrees else LookState.REFUSED
    expires = {"expires_at": work.now + STANDS} if agrees else {}
    move(work, look, state=answer, decided_by=work.actor, decided_at=work.now, words=words, **expires)
    named, person = looked_at(credential.kind, look.purpose), name_of(work.session, look.asker_id)
    happened = Event.LOOK_APPROVED if agrees else Event.LOOK_REFUSED
    work.record(happened, look, **told(credential, account, look=named, person=person, words=words))
    tell_asker(work, look, account, named, "You may look once, within four hours." if agrees else "")
    return look


def deciding(session: Session, look: LookRequest, account: Account, decider_id: int, on: date) -> Deciding:
    """What `MAY_DECIDE` asks of somebody: who they are to the request and to its account."""
    standing = standing_of(session, account, decider_id, on)
    return Deciding(
        asker_id=look.asker_id,
        decider_id=decider_id,
        may_use_account=bool(GATE.judge(standing, on)),
        acts_for_all=standing.acts_for_all,
    )


def withdraw(work: Work, look_id: int) -> LookRequest:
    """Think better of one's own request while it waits."""
    look = get_look(work.session, work.council, look_id)
    if look.asker_id != work.actor:
        raise NotFound
    credential = get_credential(work.session, work.council, look.credential_id)
    account = get_account(work.session, work.council, look.account_id)
    move(work, look, state=LookState.WITHDRAWN)
    work.record(Event.LOOK_WITHDRAWN, look, **told(credential, account, look=looked_at(credential.kind, look.purpose)))
    return look
