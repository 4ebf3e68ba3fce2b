"""A hat of power is given by one and confirmed by another; the Clerk and the auditors are told (T06, T07)."""

from collections.abc import Iterable

from sqlalchemy import select, update

from registry.core.database import change_one
from registry.core.errors import Conflict, NotFound
from registry.core.wording import long_day
from registry.core.work import Subject, Work
from registry.councils.queries import get_council_by_id
from registry.identity.actions.sign_in import renew_soon
from registry.identity.models import Person, RoleGrant
from registry.identity.queries import name_of, people_wearing, people_who_may
from registry.identity.rules.hats import HAT_MAY_BE_CONFIRMED, OF_POWER, Confirmation
from registry.outbox.actions import post
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Permission, Role

ASKED = """Hello {name},

{giver} gave {who} the role of {role}. A role like this takes two people: it is worn only once somebody else has
confirmed it. Confirm it, or say no, on the page of {who} under People.
"""
TOLD = """Hello {name},

{who} has the role of {role} from {day} on. It was given by {giver}{second}.

If you do not know of this, ask today.
"""


def confirm_role(work: Work, grant_id: int) -> RoleGrant:
    """Confirm a hat that waits, as a second person; it is worn from this moment, or from its first day."""
    grant = _waiting(work, grant_id)
    facts = Confirmation(grant.granted_by or 0, grant.person_id, work.actor)
    HAT_MAY_BE_CONFIRMED.judge(facts, work.today).or_refuse()
    _settle(work, grant, confirmed_by=work.actor, confirmed_at=work.now)
    renew_soon(work, grant.person_id)
    work.record(Event.ROLE_GRANTED, Subject("Person", grant.person_id), role=said(grant.role), second=True)
    work.session.refresh(grant)
    tell_watchers(work, grant)
    return grant


def decline_role(work: Work, grant_id: int) -> RoleGrant:
    """Say no to a hat that waits, or take one's own proposal back."""
    grant = _waiting(work, grant_id)
    work.session.delete(grant)
    work.record(Event.ROLE_DECLINED, Subject("Person", grant.person_id), role=said(grant.role))
    return grant


def seconds_for(work: Work, role: Role, person_id: int, *, by_clerk: bool) -> list[Person]:
    """Who can confirm a hat that the actor gives; nobody where it needs none, or where nobody else here may.

    A senior manager, even for a day, decides on requests: the Clerk makes one alone, an administrator does not.
    """
    if work.actor_id is None or role not in (OF_POWER if by_clerk else (*OF_POWER, Role.MANAGER)):
        return []
    besides = (work.actor_id, person_id)
    return people_who_may(work.session, work.council, Permission.ROLES_GRANT, work.today, besides)


def ask_seconds(work: Work, grant: RoleGrant, seconds: Iterable[Person]) -> None:
    """Ask whoever can confirm a hat to do so."""
    for person in seconds:
        _send(work, grant, person, "A role waits for your confirmation", ASKED, "asked")


def tell_watchers(work: Work, grant: RoleGrant) -> None:
    """Tell the Clerk and the auditors of a new hat of power, besides those who took part in it."""
    if work.actor_id is None or grant.role not in OF_POWER:
        return
    watchers, took_part = (Role.CLERK, Role.AUDITOR), (grant.granted_by, grant.confirmed_by)
    for person in people_wearing(work.session, work.council, watchers, work.today, besides=took_part):
        _send(work, grant, person, "A new role in the social media register", TOLD, "told")


def said(role: Role) -> str:
    """A role as the trail says it, whatever title the council gives it."""
    return role.value.replace("_", " ")


def _waiting(work: Work, grant_id: int) -> RoleGrant:
    grant = work.session.scalar(select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.council_id == work.council))
    if grant is None:
        raise NotFound
    if grant.confirmed_at is not None:
        raise Conflict("Somebody else has confirmed this role already.")
    return grant


def _settle(work: Work, grant: RoleGrant, **facts: object) -> None:
    """Of two who confirm at once, one does."""
    mine = update(RoleGrant).where(RoleGrant.id == grant.id, RoleGrant.confirmed_at.is_(None))
    if not change_one(work.session, mine.values(**facts)):
        raise Conflict("Somebody else has confirmed this role already.")


def _send(work: Work, grant: RoleGrant, person: Person, subject: str, body: str, what: str) -> None:
    council = get_council_by_id(work.session, work.council)
    giver, second = (
        work.session.get(Person, number) if number else None for number in (grant.granted_by, grant.confirmed_by)
    )
    facts = {
        "name": person.name,
        "who": name_of(work.session, grant.person_id),
        "role": council.title(grant.role),
        "day": long_day(grant.starts_on),
        "giver": giver.name if giver else "the keeper of the server",
        "second": f" and confirmed by {second.name}" if second else ", with nobody else here to confirm it",
    }
    dedupe = f"role:{work.council}:{grant.id}:{what}:{person.id}:{work.now.isoformat()}"
    post(work, person.email, subject, body.format(**facts), dedupe=dedupe, person_id=person.id)
