"""Half a sign-in: the first step is done, and the second is asked for before anything else."""

from datetime import timedelta

from sqlalchemy import delete, update

from registry.core.database import change_one
from registry.core.errors import Conflict
from registry.core.work import Subject, Work
from registry.identity.actions.notices import tell
from registry.identity.actions.resets import carry_out_due
from registry.identity.actions.sign_in import Admitted, admit
from registry.identity.factors import FirstStep, HalfSignIn, Step
from registry.identity.models import Person
from registry.identity.session_queries import MOST_WRONG, wrong_second_steps
from registry.identity.tokens import hash_of, new_token
from registry.vocabulary.events import Event

DAY = timedelta(days=1)
GUESSED = {
    FirstStep.PASSWORD: "Somebody who has your password gave wrong codes as your second step",
    FirstStep.OUTSIDE: "Somebody signed in as you at work, then gave wrong codes as your second step",
}
OVER = "This sign-in took too long or was finished already. Sign in again."


def after_first_step(work: Work, person: Person, first: FirstStep) -> str:
    """Let somebody who passed the first step take the second; gives the token of their half sign-in.

    Nobody is in yet: the token opens the pages of the second step for ten minutes and no other. Whoever calls has
    made sure that the person works for a council today.
    """
    carry_out_due(work, person)
    work.record(Event.FIRST_STEP_PASSED, Subject("Person", person.id), how=first.value)
    return _begin(work, first, person.id)


def ask_for_passkey(work: Work) -> str:
    """Begin a sign-in in which a passkey says by itself who it is; gives the token of the half sign-in."""
    return _begin(work, FirstStep.PASSKEY, None)


def note_wrong(work: Work, half: HalfSignIn, person: Person) -> None:
    """Count a wrong second step; at the fifth within a day its person is told that somebody is past their first."""
    # of two at once, one finds itself the fifth; keys stay free, as whoever gets in meanwhile refers to the person
    work.session.get_one(Person, person.id, with_for_update={"key_share": True})
    work.session.execute(update(HalfSignIn).where(HalfSignIn.id == half.id).values(wrong=HalfSignIn.wrong + 1))
    wrong, _ = wrong_second_steps(work.session, person.id, work.now - DAY)
    if wrong == MOST_WRONG:
        tell(work, person, GUESSED[half.first_step], f"guessed:{person.id}:{work.now.isoformat()}")


def complete(work: Work, half_id: int, person: Person, step: Step, browser: str, network: str) -> Admitted:
    """Let somebody in who took both steps; of two who finish the same half at once, one gets in."""
    half = work.session.get(HalfSignIn, half_id)
    if half is None or not change_one(work.session, delete(HalfSignIn).where(HalfSignIn.id == half_id)):
        raise Conflict(OVER)
    return admit(work, person, browser, confirmed=True, first=half.first_step, second=step, network=network)


def _begin(work: Work, first: FirstStep, person_id: int | None) -> str:
    token = new_token()
    work.session.add(
        HalfSignIn(token_hash=hash_of(token), person_id=person_id, first_step=first, begun_at=work.now, wrong=0)
    )
    return token
