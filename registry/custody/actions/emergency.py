"""Break the glass: look at once where a second person should agree, told to others at once and reviewed afterwards."""

from datetime import date, timedelta

from sqlalchemy import update

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.core.database import change_one
from registry.core.errors import Conflict
from registry.core.work import Work
from registry.custody.actions.entry import told
from registry.custody.actions.telling import tell_of_glass
from registry.custody.looks import looked_at
from registry.custody.models import Credential, RevealGrant
from registry.custody.models_looking import BreakGlass
from registry.custody.pending import get_glass
from registry.custody.rules import MAY_REVIEW, Reviewing
from registry.identity.queries import name_of
from registry.vocabulary.events import Event

FRIDAY = 4
NEEDED, NOT_NEEDED = "it was needed", "it was not needed"


def break_glass(work: Work, credential: Credential, account: Account, grant: RevealGrant) -> BreakGlass:
    """Let somebody whom the gate lets in look now; the Clerk and the auditors hear of it, and somebody reviews it."""
    glass = BreakGlass(
        council_id=work.council,
        account_id=account.id,
        credential_id=credential.id,
        secret_version_id=grant.secret_version_id,
        purpose=grant.purpose,
        person_id=work.actor,
        reason=grant.reason,
        at=work.now,
        due_on=next_working_day(work.today),
    )
    work.session.add(glass)
    work.flush()
    named = looked_at(credential.kind, grant.purpose)
    work.record(Event.BROKE_GLASS, glass, **told(credential, account, look=named, reason=grant.reason))
    tell_of_glass(work, glass, account, named)
    return glass


def review(work: Work, glass_id: int, words: str, *, was_needed: bool) -> BreakGlass:
    """Say afterwards, as somebody else, whether it was needed and what was put right."""
    glass = get_glass(work.session, work.council, glass_id)
    MAY_REVIEW.judge(Reviewing(glass.person_id, work.actor), work.today).or_refuse()
    open_still = update(BreakGlass).where(
        BreakGlass.council_id == work.council, BreakGlass.id == glass.id, BreakGlass.reviewed_at.is_(None)
    )
    said = {"reviewed_by": work.actor, "reviewed_at": work.now, "was_needed": was_needed, "words": words}
    if not change_one(work.session, open_still.values(said)):
        raise Conflict("Somebody else has reviewed this meanwhile.")
    work.session.refresh(glass)
    account = get_account(work.session, work.council, glass.account_id)
    person = name_of(work.session, glass.person_id)
    found = f"{NEEDED if was_needed else NOT_NEEDED}. {words}"
    work.record(Event.BREAK_GLASS_REVIEWED, glass, account=account.name, person=person, found=found)
    return glass


def next_working_day(day: date) -> date:
    """The next Monday to Friday; holidays differ between councils, and a review on one of them is only early."""
    return day + timedelta(days=1 if day.weekday() < FRIDAY else 7 - day.weekday())
