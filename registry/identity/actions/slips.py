"""Wrong second factors are counted; at the fifth within a day their person is told, whether they were given to come in
or, by whoever is in, to confirm that it is them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from registry.core.work import Subject, Work
from registry.identity.actions.notices import tell
from registry.identity.factors import FirstStep, HalfSignIn
from registry.identity.models import Person, SignInSession
from registry.identity.session_queries import MOST_WRONG, wrong_in_halves, wrong_in_sessions
from registry.vocabulary.events import Event

DAY = timedelta(days=1)
GUESSED = {
    FirstStep.PASSWORD: "Somebody who has your password gave wrong codes as your second step",
    FirstStep.OUTSIDE: "Somebody signed in as you at work, then gave wrong codes as your second step",
}
GUESSED_WITHIN = "Somebody who is signed in as you gave wrong codes when asked to confirm that it is them"


def note_wrong(work: Work, holder: HalfSignIn | SignInSession, person: Person) -> None:
    """Count a wrong second factor, enter it in the trail, and tell its person at the fifth within a day."""
    is_within = isinstance(holder, SignInSession)
    kind: Any = type(holder)
    # of two at once, one finds itself the fifth; keys stay free, as whoever gets in meanwhile refers to the person
    work.session.get_one(Person, person.id, with_for_update={"key_share": True})
    work.session.execute(update(kind).where(kind.id == holder.id).values(wrong=kind.wrong + 1))
    count = wrong_in_sessions if is_within else wrong_in_halves
    if count(work.session, person.id, work.now - DAY)[0] == MOST_WRONG:
        happened = GUESSED_WITHIN if is_within else GUESSED[holder.first_step]
        tell(work, person, happened, f"guessed:{person.id}:{work.now.isoformat()}")
    error = "wrong second step when confirming" if is_within else "wrong second step"
    work.record(Event.SIGN_IN_FAILED, Subject("Person", person.id), error=error)
