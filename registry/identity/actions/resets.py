"""Somebody lost everything they prove themselves with: two people together take it off them, so that they begin anew.

With their password still needed, and for anybody with a role a day later, so that whoever was not lost can stop it.
"""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm.attributes import set_committed_value

from registry.core.database import change_one
from registry.core.errors import Conflict, NotFound
from registry.core.work import Subject, Work
from registry.identity.actions.notices import tell
from registry.identity.actions.sign_in import end_all_sessions
from registry.identity.factors import Factor, FactorReset, HalfSignIn, RecoveryCode
from registry.identity.models import Person
from registry.identity.queries import (
    OPEN_RESET,
    find_open_reset,
    get_employment,
    people_who_may,
    wears_any_role,
    works_here,
    works_only_here,
)
from registry.identity.rules.sign_in import MAY_AGREE_RESET, MAY_ASK_RESET, Reset
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Permission

HOURS = 24
"""After which a reset takes effect for somebody with a role."""
TAKEN_OFF = "Your two-step sign-in was taken off you; set up another at your next sign-in"


def ask_reset(work: Work, person_id: int, evidence: str) -> FactorReset:
    """Ask that somebody may begin their second step anew, noting how it is known that it is really them."""
    person = get_employment(work.session, work.council, person_id).person
    is_employed = works_here(work.session, work.council, person_id, work.today)
    facts = Reset(person_id, work.actor, 0, is_employed, _is_ours(work, work.council, person_id))
    MAY_ASK_RESET.judge(facts, work.today).or_refuse()
    if find_open_reset(work.session, work.council, person_id):
        raise Conflict("This was asked for already. Somebody else is to agree to it, or to stop it.")
    reset = FactorReset(
        council_id=work.council, person_id=person_id, evidence=evidence, asked_by=work.actor, asked_at=work.now
    )
    work.session.add(reset)
    work.flush()
    work.record(Event.RESET_ASKED, Subject("Person", person_id))
    tell(work, person, "Somebody asked to take your two-step sign-in off you", f"reset:{reset.id}:asked")
    besides = (work.actor, person_id)
    for keeper in people_who_may(work.session, work.council, Permission.PEOPLE_MANAGE, work.today, besides):
        happened = f"{person.name} is said to have lost their second step. Agree to a new one, or stop it, under People"
        tell(work, keeper, happened, f"reset:{reset.id}:asked:{keeper.id}")
    return reset


def agree(work: Work, reset_id: int) -> FactorReset:
    """Agree, as a second person. It takes effect at once, or in a day for anybody who wears a role."""
    reset = _open(work, reset_id)
    is_ours = _is_ours(work, work.council, reset.person_id)
    MAY_AGREE_RESET.judge(Reset(reset.person_id, reset.asked_by, work.actor, True, is_ours), work.today).or_refuse()
    is_delayed = wears_any_role(work.session, reset.person_id, work.today)
    hours = HOURS if is_delayed else 0
    _settle(work, reset, agreed_by=work.actor, agreed_at=work.now, due_at=work.now + timedelta(hours=hours))
    work.record(Event.RESET_AGREED, Subject("Person", reset.person_id), hours=hours)
    person = work.session.get_one(Person, reset.person_id)
    if is_delayed:
        happened = f"Your two-step sign-in will be taken off you in {HOURS} hours; stop it under “Two-step sign-in”"
        tell(work, person, happened, f"reset:{reset.id}:agreed")
    else:
        _carry_out(work, reset, person)
    return reset


def stop(work: Work, reset_id: int) -> FactorReset:
    """Stop a reset before it takes effect."""
    reset = _open(work, reset_id)
    _stop(work, reset)
    return reset


def stop_own(work: Work, person_id: int) -> None:
    """Stop every reset of one's own in this council: whoever is signed in has lost nothing."""
    for reset in _waiting(work, person_id):
        _stop(work, reset)


def drop_waiting(work: Work) -> None:
    """Stop every reset of the council that waits, in a register come back from a backup.

    The rows go: to vouch for changed ones the trail needs a key that may not be back yet.
    """
    waiting = select(FactorReset).where(FactorReset.council_id == work.council, *OPEN_RESET)
    for reset in work.session.scalars(waiting.order_by(FactorReset.id)).all():
        work.session.delete(reset)
        work.record(Event.RESET_STOPPED, Subject("Person", reset.person_id))


def carry_out_due(work: Work, person: Person) -> None:
    """Carry out what was agreed and whose day is over; asked when the person comes to the door. Whoever joined another
    council in that day keeps what they have."""
    for reset in _waiting(work, person.id):
        is_due = reset.due_at is not None and reset.due_at <= work.now
        if is_due and _is_ours(work, reset.council_id, person.id):
            _carry_out(work, reset, person)


def reset_at_once(work: Work, person: Person, why: str) -> None:
    """Take somebody's second step off them; the keeper's command line, where no two people are left to do so."""
    _take_off(work, person)
    work.record(Event.TWO_STEP_RESET, Subject("Person", person.id), how=why)
    tell(work, person, TAKEN_OFF, f"reset:{person.id}:{work.now.isoformat()}")


def _is_ours(work: Work, council_id: int, person_id: int) -> bool:
    return works_only_here(work.session, council_id, person_id, work.today)


def _open(work: Work, reset_id: int) -> FactorReset:
    reset = work.session.scalar(
        select(FactorReset).where(FactorReset.id == reset_id, FactorReset.council_id == work.council)
    )
    if reset is None:
        raise NotFound
    if reset.done_at is not None or reset.stopped_at is not None:
        raise Conflict("This is over already: it was carried out or stopped.")
    return reset


def _waiting(work: Work, person_id: int) -> list[FactorReset]:
    waiting = select(FactorReset).where(FactorReset.person_id == person_id, *OPEN_RESET)
    return list(work.session.scalars(waiting.order_by(FactorReset.id)))


def _settle(work: Work, reset: FactorReset, **facts: object) -> None:
    """Change a reset that nobody else has agreed to, stopped or carried out meanwhile."""
    mine = update(FactorReset).where(FactorReset.id == reset.id, *OPEN_RESET)
    if "agreed_by" in facts:
        mine = mine.where(FactorReset.agreed_by.is_(None))
    if not change_one(work.session, mine.values(**facts)):
        raise Conflict("Somebody else was first: look at it again.")
    for name, value in facts.items():
        set_committed_value(reset, name, value)


def _stop(work: Work, reset: FactorReset) -> None:
    _settle(work, reset, stopped_by=work.actor, stopped_at=work.now)
    work.record(Event.RESET_STOPPED, Subject("Person", reset.person_id))


def _carry_out(work: Work, reset: FactorReset, person: Person) -> None:
    _settle(work, reset, done_at=work.now)
    _take_off(work, person)
    work.record(Event.TWO_STEP_RESET, Subject("Person", person.id), how="by two people")
    tell(work, person, TAKEN_OFF, f"reset:{reset.id}:done")


def _take_off(work: Work, person: Person) -> None:
    for kind in (Factor, RecoveryCode, HalfSignIn):
        work.session.execute(delete(kind).where(kind.person_id == person.id))
    end_all_sessions(work, person.id, "two-step sign-in reset")
