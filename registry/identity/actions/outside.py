"""Who somebody is at an identity provider: connected by themselves, recognised by issuer and subject alone."""

from collections.abc import Mapping

from registry.core.errors import Conflict, NotFound, Refused
from registry.core.providers import Provider
from registry.core.work import NOTHING, Subject, Work
from registry.identity.actions.links import claim
from registry.identity.actions.notices import tell
from registry.identity.actions.sign_in import Admitted, admit, end_all_sessions, prove_fresh
from registry.identity.factors import FirstStep
from registry.identity.models import LinkPurpose, OutsideAnswer, OutsideIdentity, Person, SignInSession
from registry.identity.outside.idtoken import Recognised
from registry.identity.outside.troubles import OutsideTrouble, Trouble
from registry.identity.queries import find_identity, list_identities, slugs_of
from registry.identity.rules.sign_in import MAY_DISCONNECT, WaysIn
from registry.identity.tokens import hash_of
from registry.vocabulary.events import Event


def take_answer(work: Work, state: str) -> None:
    """Take the answer to a question; the same answer a second time is a `Conflict`, also at the same moment."""
    work.session.add(OutsideAnswer(state_hash=hash_of(state), at=work.now))
    work.flush()


def recognise(work: Work, who: Recognised, provider: Provider) -> Person:
    """The person who connected this identity, if they work today for a council it speaks for; they act from here on."""
    identity = find_identity(work.session, who.issuer, who.subject)
    councils = slugs_of(work.session, identity.person_id, work.now.date()) if identity else frozenset()
    if identity is None or not councils:
        raise OutsideTrouble(Trouble.UNKNOWN)
    if not provider.lets_in(councils):
        raise OutsideTrouble(Trouble.ELSEWHERE)
    work.actor_id = identity.person_id
    work.record(Event.OUTSIDE_RECOGNISED, Subject("Person", identity.person_id), provider=provider.name)
    return identity.person


def admit_vouched(work: Work, person: Person, browser: str, network: str, provider: Provider) -> Admitted:
    """Let somebody in by the word of a provider alone, whose two steps count for both."""
    came = FirstStep.OUTSIDE
    return admit(work, person, browser, confirmed=True, first=came, network=network, provider=provider.issuer)


def connect(work: Work, person_id: int, who: Recognised, provider: Provider) -> None:
    """Connect somebody's identity outside, by which they can sign in from now on. Each is one person's, for good."""
    found = find_identity(work.session, who.issuer, who.subject)
    if found is not None and found.person_id != person_id:
        raise Refused([f"This account at {provider.name} is connected to somebody else here."])
    if found is not None:
        return
    if not provider.lets_in(slugs_of(work.session, person_id, work.now.date())):
        raise Refused([f"{provider.name} is not the sign-in of a council that you work for here."])
    if any(mine.issuer == who.issuer for mine in list_identities(work.session, person_id)):
        raise Conflict(f"You have connected another account at {provider.name}. Disconnect that one first.")
    work.session.add(
        OutsideIdentity(
            person_id=person_id,
            issuer=who.issuer,
            subject=who.subject,
            known_as=who.known_as,
            connected_at=work.now,
        )
    )
    work.flush()
    work.record(Event.OUTSIDE_CONNECTED, Subject("Person", person_id), provider=provider.name)
    _tell(work, person_id, f"An account at {provider.name} was connected to you and signs you in from now on")


def connect_by_link(work: Work, token: str, who: Recognised, provider: Provider) -> None:
    """Connect the identity of whoever holds a set-up link, once, in place of a password. It does not sign them in.

    Only of somebody new: a provider may stand for both steps, and a link, which whoever reads their post has, must not
    lead past the second step that somebody has here already.
    """
    person = claim(work, token, (LinkPurpose.SET_UP,))
    connect(work, person.id, who, provider)
    end_all_sessions(work, person.id, "account connected by link")


def disconnect(work: Work, person_id: int, identity_id: int, names: Mapping[str, str]) -> None:
    """Take back a connection: it signs nobody in any more. `names`: of the providers, by issuer."""
    mine = {identity.id: identity for identity in list_identities(work.session, person_id)}
    if identity_id not in mine:
        raise NotFound
    has_password = work.session.get_one(Person, person_id).password_hash is not None
    MAY_DISCONNECT.judge(WaysIn(has_password, len(mine) - 1), work.today).or_refuse()
    gone = mine[identity_id]
    work.session.delete(gone)
    provider = names.get(gone.issuer, gone.issuer)
    work.record(Event.OUTSIDE_DISCONNECTED, Subject("Person", person_id), provider=provider)
    _tell(work, person_id, f"Your account at {provider} was disconnected and signs nobody in any more")


def confirm_outside(work: Work, entry: SignInSession, token: str, who: Recognised, provider: str) -> str | None:
    """Take it that the provider has just recognised them again; gives the session's new token, as `prove_fresh`."""
    identity = find_identity(work.session, who.issuer, who.subject)
    if identity is None or identity.person_id != entry.person_id:
        raise OutsideTrouble(Trouble.ANOTHER)
    work.record(Event.OUTSIDE_RECOGNISED, Subject("Person", entry.person_id), provider=provider)
    return prove_fresh(work, entry.id, token)


def note_trouble(work: Work, provider: str, why: str) -> None:
    """Enter in the trail that a sign-in outside came to nothing, and why; whoever it was is not known."""
    work.record(Event.OUTSIDE_REFUSED, NOTHING, provider=provider, why=why)


def _tell(work: Work, person_id: int, happened: str) -> None:
    """Whoever connects an account of theirs to somebody else comes in as them: they must hear of it."""
    tell(work, work.session.get_one(Person, person_id), happened, f"outside:{person_id}:{work.now.isoformat()}")
