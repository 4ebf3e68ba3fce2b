"""Signing in and out, and proving that it is still you."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from registry.core.database import change_one
from registry.core.errors import NotFound
from registry.core.work import Subject, Work
from registry.identity.factors import FirstStep, Step
from registry.identity.models import Person, SignInSession
from registry.identity.passwords import Passwords
from registry.identity.queries import find_person_by_email, may_sign_in
from registry.identity.tokens import hash_of, new_token
from registry.vocabulary.events import Event

MOST_SESSIONS = 5
FRESH = timedelta(minutes=5)
"""How long a proof that it is still you counts at the doors that ask for one."""


@dataclass(frozen=True)
class Admitted:
    """A fresh session and the token its browser will show."""

    token: str
    session_id: int


@dataclass(frozen=True)
class Checked:
    """What came of comparing a password: whose it is, if anybody's, and the kept hash it was compared with.

    `renewed`: a hash made with today's settings, where the kept one was made with weaker ones.
    """

    person_id: int | None
    kept: str | None
    matches: bool
    renewed: str | None = None


def check(session: Session, passwords: Passwords, email: str, password: str) -> Checked:
    """Compare a password, which takes time on purpose; before any work, so that strangers at the door cannot keep
    everybody else from writing."""
    person = find_person_by_email(session, email)
    kept = person.password_hash if person else None
    matches = passwords.matches(kept, password)
    renewed = passwords.hash(password) if matches and kept and passwords.is_outdated(kept) else None
    return Checked(person.id if person else None, kept, matches, renewed)


def sign_in(work: Work, checked: Checked) -> Person | None:
    """Whoever has this name and password, who may then take the second step; None, with the same cost and words, for
    any reason not to.

    The refusal is entered in the trail without the name that was typed, which may be a password by mistake.
    """
    person = work.session.get_one(Person, checked.person_id) if checked.matches else None
    if (
        person is None
        or person.password_hash != checked.kept
        or not may_sign_in(work.session, person.id, work.now.date())
    ):
        work.record(Event.SIGN_IN_FAILED, Subject("Person", checked.person_id), error="wrong name or password")
        return None
    person.password_hash = checked.renewed or person.password_hash
    return person


def admit(
    work: Work,
    person: Person,
    browser: str,
    *,
    confirmed: bool,
    first: FirstStep = FirstStep.PASSWORD,
    second: Step | None = None,
    network: str = "",
    provider: str = "",
) -> Admitted:
    """Open a new session for somebody; their oldest ends when they have too many. `provider`: the issuer of whoever
    vouched for them."""
    token = new_token()
    session = SignInSession(
        token_hash=hash_of(token),
        person_id=person.id,
        browser=browser[:80],
        network=network,
        first_step=first,
        second_step=second,
        provider=provider,
        by_passkey=second is Step.PASSKEY,
        started_at=work.now,
        seen_at=work.now,
        confirmed_at=work.now if confirmed else None,
    )
    work.session.add(session)
    work.flush()
    work.actor_id = person.id
    _end_surplus(work, person.id)
    how = second.value.replace("_", " ") if second else first.value
    work.record(Event.SIGNED_IN, Subject("Person", person.id), browser=browser[:80], how=how)
    return Admitted(token, session.id)


def sign_out(work: Work, session_id: int, person_id: int) -> None:
    """End the session in which somebody is."""
    _end(work, (SignInSession.id == session_id,), "signed out")
    work.record(Event.SIGNED_OUT, Subject("Person", person_id))


def end_session(work: Work, session_id: int, person_id: int, why: str = "ended by its owner") -> None:
    """End one of somebody's own sessions, wherever it is."""
    if not _end(work, (SignInSession.id == session_id, SignInSession.person_id == person_id), why):
        raise NotFound
    work.record(Event.SESSION_ENDED, Subject("Person", person_id), why=why)


def end_all_sessions(work: Work, person_id: int, why: str, besides: int | None = None) -> int:
    """End every session of somebody, perhaps besides the one in use; tells how many ended."""
    ended = _end(work, (SignInSession.person_id == person_id, SignInSession.id != (besides or 0)), why)
    if ended:
        work.record(Event.SESSION_ENDED, Subject("Person", person_id), why=why, sessions=ended)
    return ended


def is_own(work: Work, checked: Checked) -> bool:
    """Whether it is the password of whoever is signed in; a wrong one is entered in the trail. It opens no door."""
    person = work.session.get_one(Person, checked.person_id)
    if not checked.matches or person.password_hash != checked.kept:
        work.record(Event.SIGN_IN_FAILED, Subject("Person", person.id), error="wrong password when confirming")
        return False
    return True


def prove_fresh(work: Work, session_id: int, token: str) -> str | None:
    """Open the doors that want fresh proof to a session whose person has just given it; gives its new token.

    Every proof ends here, whatever it was by, so that none leaves the old token good. None: another page of the same
    browser was first.
    """
    fresh = renew(work, session_id, token)
    if fresh is not None:
        mine = update(SignInSession).where(SignInSession.id == session_id)
        work.session.execute(mine.values(confirmed_at=work.now, wrong=0))
    return fresh


def renew(work: Work, session_id: int, token: str) -> str | None:
    """Give a session another token in place of this one, which opens nothing from now on; of two at once, one does."""
    another = new_token()
    mine = update(SignInSession).where(SignInSession.id == session_id, SignInSession.token_hash == hash_of(token))
    return another if change_one(work.session, mine.values(token_hash=hash_of(another), renewal_due=False)) else None


def renew_soon(work: Work, person_id: int) -> None:
    """Have somebody's sessions take new tokens at their next step: their roles have changed."""
    live = update(SignInSession).where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
    work.session.execute(live.values(renewal_due=True))


def see(work: Work, session_id: int, at: datetime) -> None:
    """Note that a session is in use, unless it has ended meanwhile."""
    work.session.execute(
        update(SignInSession).where(SignInSession.id == session_id, SignInSession.ended_at.is_(None)).values(seen_at=at)
    )


def _end(work: Work, which: tuple[object, ...], why: str) -> int:
    statement = update(SignInSession).where(*which, SignInSession.ended_at.is_(None))  # type: ignore[arg-type]
    return int(work.session.execute(statement.values(ended_at=work.now, ended_why=why)).rowcount)  # type: ignore[attr-defined]


def _end_surplus(work: Work, person_id: int) -> None:
    open_ones = work.session.scalars(
        select(SignInSession.id)
        .where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
        .order_by(SignInSession.id.desc())
        .offset(MOST_SESSIONS)
    ).all()
    if open_ones:
        _end(work, (SignInSession.id.in_(open_ones),), "too many sessions")
