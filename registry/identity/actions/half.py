"""Half a sign-in: the first step is done, and the second is asked for before anything else."""

from sqlalchemy import delete

from registry.core.database import change_one
from registry.core.errors import Conflict
from registry.core.work import Subject, Work
from registry.identity.actions.resets import carry_out_due
from registry.identity.actions.sign_in import Admitted, admit
from registry.identity.factors import FirstStep, HalfSignIn, Step
from registry.identity.models import Person
from registry.identity.tokens import hash_of, new_token
from registry.vocabulary.events import Event

OVER = "This sign-in took too long or was finished already. Sign in again."


def after_first_step(work: Work, person: Person, first: FirstStep, provider: str = "") -> str:
    """Let somebody who passed the first step take the second; gives the token of their half sign-in.

    Nobody is in yet: the token opens the pages of the second step for ten minutes and no other. Whoever calls has
    made sure that the person works for a council today. `provider`: the issuer of whoever vouched for them.
    """
    carry_out_due(work, person)
    work.record(Event.FIRST_STEP_PASSED, Subject("Person", person.id), how=first.value)
    return _begin(work, first, person.id, provider)


def ask_for_passkey(work: Work) -> str:
    """Begin a sign-in in which a passkey says by itself who it is; gives the token of the half sign-in."""
    return _begin(work, FirstStep.PASSKEY, None)


def complete(work: Work, half_id: int, person: Person, step: Step, browser: str, network: str) -> Admitted:
    """Let somebody in who took both steps; of two who finish the same half at once, one gets in."""
    half = work.session.get(HalfSignIn, half_id)
    if half is None or not change_one(work.session, delete(HalfSignIn).where(HalfSignIn.id == half_id)):
        raise Conflict(OVER)
    first, provider = half.first_step, half.provider
    return admit(work, person, browser, confirmed=True, first=first, second=step, network=network, provider=provider)


def _begin(work: Work, first: FirstStep, person_id: int | None, provider: str = "") -> str:
    token = new_token()
    begun = {"person_id": person_id, "first_step": first, "provider": provider, "begun_at": work.now}
    work.session.add(HalfSignIn(token_hash=hash_of(token), **begun))
    return token
