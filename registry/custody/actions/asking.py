"""Ask to see a credential: for a reason, at a door that has just seen that it is you.

What may be seen alone gives leave at once. Where the council wants a second person, a request waits for one; the
recorded exception of a one-officer council stands in for them; and what cannot wait breaks the glass.
"""

from dataclasses import dataclass
from datetime import timedelta

from registry.accounts.models import Account
from registry.core.errors import Conflict, Invalid, NotFound
from registry.core.wording import long_moment
from registry.core.work import Work
from registry.councils.models import Council
from registry.councils.queries import get_council_by_id
from registry.custody.actions import emergency, holding
from registry.custody.actions.entry import enter_credential, told
from registry.custody.actions.second import ask_for_second
from registry.custody.ledger import count_taken, left_of
from registry.custody.looks import USUAL, has_whole, takes_two
from registry.custody.models import Credential, Purpose, RevealGrant, SecretVersion
from registry.custody.models_looking import LookRequest, LookState
from registry.custody.pending import find_check_out, get_look, looks_on
from registry.custody.queries import current_version
from registry.custody.rules import MAY_LOOK, Looking
from registry.custody.wording import LONGEST_REASON, OCCASIONS, SHORTEST_REASON, USUAL_HOURS, Occasion
from registry.identity.queries import name_of
from registry.identity.tokens import hash_of, new_token
from registry.vocabulary.events import Event

LASTS = timedelta(seconds=60)
"""From a leave to the look."""
OVER = "This leave to look has been used or has run out. Ask again."


@dataclass(frozen=True)
class Asking:
    """Why somebody wants to see a credential, how much of it, and whether that can wait for a second person.

    `hours`: for how long they check it out, where only one person has it at a time.
    """

    occasion: Occasion
    words: str
    session_id: int
    whole: bool = False
    cannot_wait: bool = False
    hours: int = USUAL_HOURS


@dataclass(frozen=True)
class Asked:
    """What came of asking: the token of a leave to look now, the request that waits for a second person, or both."""

    token: str = ""
    look: LookRequest | None = None


def ask(work: Work, credential_id: int, asking: Asking) -> Asked:
    """Ask to see a credential; leave to look once within a minute, or a request that waits."""
    credential, account = enter_credential(work, credential_id)
    reason, purpose = reason_of(asking), purpose_of(credential, whole=asking.whole)
    council, version = get_council_by_id(work.session, work.council), current_version(work.session, credential)
    needs_second = takes_two(council, credential.kind, purpose)
    is_counted = purpose is not Purpose.CODE and not (needs_second and asking.cannot_wait)
    left = left_now(work, version, purpose)
    refuse_unless_free(work, council, credential, is_counted=is_counted, left=left)
    grant = RevealGrant(secret_version_id=version.id, purpose=purpose, reason=reason, session_id=asking.session_id)
    if not needs_second:
        return Asked(_leave(work, credential, account, grant, asking.hours))
    if asking.cannot_wait:
        grant.glass_id = emergency.break_glass(work, credential, account, grant).id
        return Asked(_leave(work, credential, account, grant, asking.hours))
    request = ask_for_second(work, council, credential, account, grant)
    if request.by_exception:
        grant.look_id = request.id
        return Asked(_leave(work, credential, account, grant, asking.hours), request)
    return Asked(look=request)


def pick_up(work: Work, look_id: int, session_id: int) -> Asked:
    """Take the leave for which a second person's agreement stands; it is spent by the look, not by the leave."""
    look = get_look(work.session, work.council, look_id)
    if look.asker_id != work.actor:
        raise NotFound
    credential, account = enter_credential(work, look.credential_id)
    version = current_version(work.session, credential)
    if look.state is not LookState.APPROVED or look.expires_at <= work.now or look.secret_version_id != version.id:
        raise Conflict("The agreement has been used or has run out, or the value was changed meanwhile. Ask again.")
    council = get_council_by_id(work.session, work.council)
    left = left_now(work, version, look.purpose)
    refuse_unless_free(work, council, credential, is_counted=True, left=left)
    grant = RevealGrant(
        secret_version_id=version.id, purpose=look.purpose, reason=look.reason, session_id=session_id, look_id=look.id
    )
    return Asked(_leave(work, credential, account, grant, USUAL_HOURS))


def reason_of(asking: Asking) -> str:
    """The reason as the trail keeps it: the occasion and somebody's own words, neither too few nor too many."""
    words = " ".join(asking.words.split())
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON:
        raise Invalid("words", f"Say in {SHORTEST_REASON} to {LONGEST_REASON} characters what you need it for")
    return f"{OCCASIONS[asking.occasion]}: {words}"


def purpose_of(credential: Credential, *, whole: bool) -> Purpose:
    """What is shown: usually the least that serves; the whole only where there is more to see."""
    if whole and not has_whole(credential.kind):
        raise NotFound
    return Purpose.VALUE if whole else USUAL[credential.kind]


def left_now(work: Work, version: SecretVersion, purpose: Purpose) -> int:
    """How many codes are left where one is asked for; for everything else, and lists never counted, there is one."""
    if purpose is not Purpose.ONE_OF_LIST:
        return 1
    left = left_of(version, count_taken(work.session, version))
    return 1 if left is None else left


def refuse_unless_free(work: Work, council: Council, credential: Credential, *, is_counted: bool, left: int) -> None:
    """Refuse whom the gate lets in but who may not look now: enough for today, out with somebody else, none left."""
    out = find_check_out(work.session, work.council, credential.id)
    is_others = out is not None and out.person_id != work.actor
    MAY_LOOK.judge(
        Looking(
            looks=looks_on(work.session, work.council, work.actor, work.today),
            most=council.daily_reveals,
            is_counted=is_counted,
            holder=name_of(work.session, out.person_id) if out and is_others else "",
            until=long_moment(out.due_at, work.zone) if out else "",
            left=left,
        ),
        work.today,
    ).or_refuse()


def _leave(work: Work, credential: Credential, account: Account, grant: RevealGrant, hours: int) -> str:
    """Give leave to look once within a minute, in this session, and its token; only the token's hash is kept."""
    if credential.one_holder and grant.purpose is not Purpose.CODE:
        holding.hold(work, credential, account, grant, hours)
    token = new_token()
    grant.council_id, grant.person_id, grant.token_hash = work.council, work.actor, hash_of(token)
    grant.granted_at, grant.expires_at = work.now, work.now + LASTS
    work.session.add(grant)
    work.record(Event.REVEAL_GRANTED, credential, **told(credential, account, reason=grant.reason))
    return token
