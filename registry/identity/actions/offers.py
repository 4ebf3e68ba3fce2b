"""Somebody whom the register knows already is asked to work for another council, and answers for themselves.

Otherwise whoever runs one council could make an officer of another's their own, by an address alone.
"""

from dataclasses import fields
from datetime import timedelta

from sqlalchemy import and_, func, or_, select, update

from registry.core.database import change_one
from registry.core.errors import Conflict, Invalid, NotFound
from registry.core.tenants import beyond
from registry.core.work import Subject, Work
from registry.councils.queries import get_council_by_id
from registry.identity.actions.links import invite
from registry.identity.actions.people import Joiner, add_person, assert_may_join, is_listed
from registry.identity.actions.sign_in import end_all_sessions
from registry.identity.link_queries import is_new
from registry.identity.models import Employment, Person
from registry.identity.models_joining import LASTS, Offer, Outcome
from registry.identity.offer_queries import IS_OPEN, waits
from registry.identity.queries import find_person_by_email, may_sign_in, people_who_may, works_here
from registry.outbox.actions import post
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Permission

REST, MOST_ASKED = timedelta(days=30), 3
"""For which whoever said no is not asked again by the same council, and how often it asks anybody within that time:
each question is a message to them, and it could ask and take back without end."""
QUESTION = """Hello {name},

{council} asks you to work with it in the register of social media accounts, where you are known already.

Sign in as you always do; your first page has the question. Until you answer, {council} sees nothing of you. If you do
not know why it asks, say no. After {days} days nobody can answer it any more.
"""
ANSWER = """Hello {name},

{who} was asked to work for the council and {outcome}.
"""
RENAMED = """Hello {name},

{before} goes by the name {now} from now on, by their own word, when they joined another council too. If that is not who
they are, speak with them.
"""


def take_in(work: Work, joiner: Joiner, address_of: str) -> Employment | Offer:
    """Add somebody new to the council and send them their first link; whoever is in the register already is asked."""
    if find_person_by_email(work.session, joiner.email) is not None:
        return offer(work, joiner, address_of)
    employment = add_person(work, joiner)
    invite(work, employment.person, address_of)
    return employment


def offer(work: Work, joiner: Joiner, address_of: str) -> Offer:
    """Ask somebody who is in the register already; the council learns nothing of them by it."""
    assert_may_join(work, joiner)
    person = find_person_by_email(work.session, joiner.email)
    if person is None:
        raise NotFound
    _assert_may_be_asked(work, person)
    made = Offer(
        council_id=work.council,
        person_id=person.id,
        offered_by=work.actor_id,
        offered_at=work.now,
        **{known.name: getattr(joiner, known.name) for known in fields(Joiner)},
    )
    work.session.add(made)
    work.flush()
    work.record(Event.JOINING_ASKED, made)
    council = get_council_by_id(work.session, work.council).name
    words = {"name": joiner.name, "council": council, "days": str(LASTS.days)}
    _write(work, made, joiner.email, f"{council} asks you to work with it", QUESTION, **words)
    if is_new(work.session, person.id):  # entered by another council, and never here
        with beyond(work.session):
            invite(work, person, address_of, joiner.name)
    return made


def accept(work: Work, offer_id: int, name: str) -> Employment:
    """Work for the council that asked, under the name one goes by from now on."""
    offered = _own(work, offer_id)
    _settle(work, offered, Outcome.ACCEPTED)
    joiner = Joiner(**{known.name: getattr(offered, known.name) for known in fields(Joiner)})
    employment = add_person(work, joiner)
    work.record(Event.JOINING_ACCEPTED, offered)
    if employment.person.name != name:
        employment.person.name = name
        work.record(Event.PERSON_CHANGED, Subject("Person", employment.person_id), fields=["name"])
    _tell_asker(work, offered, "accepted")
    _end_if_out(work, offered)
    return employment


def go_by(work: Work, before: str, now: str, *, from_here: bool) -> None:
    """Somebody goes by another name: enter it in the trail of a council for which they work already, and tell who
    manages people there. Nobody takes a colleague's name unseen, so `from_here` comes last: the name changes in the
    transaction that tells the last of these councils, and before they join another under it."""
    if from_here:
        work.session.get_one(Person, work.actor).name = now
    work.record(Event.PERSON_CHANGED, Subject("Person", work.actor), fields=["name"])
    for keeper in people_who_may(work.session, work.council, Permission.PEOPLE_MANAGE, work.today, (work.actor,)):
        body = RENAMED.format(name=keeper.name, before=before, now=now)
        dedupe = f"renamed:{work.actor}:{work.now.isoformat()}:{keeper.id}:{work.council}"
        post(work, keeper.email, f"{before} goes by another name now"[:200], body, dedupe=dedupe)


def decline(work: Work, offer_id: int) -> None:
    """Say no to a council that asked."""
    offered = _own(work, offer_id)
    _settle(work, offered, Outcome.DECLINED)
    work.record(Event.JOINING_DECLINED, offered)
    _tell_asker(work, offered, "declined")
    _end_if_out(work, offered)


def withdraw(work: Work, offer_id: int) -> Offer:
    """Take the question back, as one of the council that asked."""
    offered = _found(work, offer_id)
    _settle(work, offered, Outcome.WITHDRAWN)
    work.record(Event.JOINING_WITHDRAWN, offered)
    _end_if_out(work, offered)
    return offered


def _assert_may_be_asked(work: Work, person: Person) -> None:
    if is_listed(work, person):
        raise Invalid("email", "Somebody with this address is already on the council's list")
    said_no = and_(Offer.outcome == Outcome.DECLINED, Offer.settled_at > work.now - REST)
    theirs = select(Offer).where(Offer.council_id == work.council, Offer.person_id == person.id)
    for over in work.session.scalars(theirs.where(IS_OPEN, ~waits(work.now.date()))).all():
        withdraw(work, over.id)  # what ran out makes room for what is asked anew
    earlier = work.session.scalars(theirs.where(or_(IS_OPEN, said_no)).limit(1)).first()
    if earlier is not None:
        answer = "said no to this council in the last 30 days" if earlier.outcome else "has not answered yet"
        raise Invalid("email", f"Somebody with this address was asked already, and {answer}")
    lately = select(func.count()).where(Offer.council_id == work.council, Offer.person_id == person.id)
    if (work.session.scalar(lately.where(Offer.offered_at > work.now - REST)) or 0) >= MOST_ASKED:
        raise Invalid("email", f"Somebody with this address was asked {MOST_ASKED} times in the last 30 days")


def _found(work: Work, offer_id: int) -> Offer:
    found = work.session.scalar(select(Offer).where(Offer.id == offer_id, Offer.council_id == work.council))
    if found is None:
        raise NotFound
    return found


def _own(work: Work, offer_id: int) -> Offer:
    found = _found(work, offer_id)
    if found.person_id != work.actor:
        raise NotFound
    return found


def _settle(work: Work, offered: Offer, outcome: Outcome) -> None:
    """Of an answer and a withdrawal at once, one counts. What ran out can be taken back, and not answered."""
    still = IS_OPEN if outcome is Outcome.WITHDRAWN else waits(work.now.date())
    mine = update(Offer).where(Offer.id == offered.id, still)
    if not change_one(work.session, mine.values(outcome=outcome, settled_at=work.now)):
        raise Conflict("This was answered or taken back already, or it has run out.")
    work.session.refresh(offered)


def _end_if_out(work: Work, offered: Offer) -> None:
    """Whoever came in to answer alone, and works for no council today, is out again."""
    work.flush()
    if not may_sign_in(work.session, offered.person_id, work.today):
        with beyond(work.session):  # nobody's colleague
            end_all_sessions(work, offered.person_id, "works for no council")


def _tell_asker(work: Work, offered: Offer, outcome: str) -> None:
    if works_here(work.session, work.council, offered.offered_by, work.today):  # nobody who left meanwhile
        asker = work.session.get_one(Person, offered.offered_by)
        subject = f"{offered.name} {outcome}"
        _write(work, offered, asker.email, subject, ANSWER, name=asker.name, who=offered.name, outcome=outcome)


def _write(work: Work, offered: Offer, to: str, subject: str, body: str, **words: str) -> None:
    dedupe = f"offer:{offered.id}:{'answered' if offered.outcome else 'asked'}"
    post(work, to, subject, body.format(**words), dedupe=dedupe)
