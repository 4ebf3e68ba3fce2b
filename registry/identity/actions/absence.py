"""What makes somebody's access end, or suspect, at once: a suspension, a lost device."""

from datetime import timedelta

from sqlalchemy import select

from registry.core.errors import Conflict
from registry.core.wording import long_moment
from registry.core.work import Subject, Work
from registry.councils.queries import get_council_by_id
from registry.identity.actions.putting_out import assert_may_put_out
from registry.identity.actions.sign_in import end_all_sessions
from registry.identity.models import DeviceLoss, Employment, Person
from registry.identity.queries import councils_of, get_employment, has_role
from registry.identity.rules.people import MAY_REPORT_LOSS, MAY_SUSPEND, Reporting
from registry.outbox.actions import post
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Permission, roles_with

A_DAY = timedelta(days=1)
LOST = """Hello {name},

{council} reported on {at} that you lost a device, and you were signed out everywhere. Sign in again as you always do.

If you did lose it, and work for another council too, report it there yourself. If you did not, tell your Clerk today,
at each council you work for: somebody keeps you out.
"""


def suspend(work: Work, person_id: int, why: str) -> Employment:
    """Suspend somebody's work for the council: from this moment nothing opens to them here.

    Why is kept beside their record for those who manage people; the trail holds only that it happened.
    """
    employment = get_employment(work.session, work.council, person_id)
    MAY_SUSPEND.judge(Reporting(work.actor == person_id, True, employment.holds_on(work.today)), work.today).or_refuse()
    assert_may_put_out(work, person_id)
    if employment.suspended_on is not None:
        raise Conflict("They are suspended already.")
    employment.suspended_on, employment.suspended_why = work.today, why
    work.record(Event.PERSON_SUSPENDED, Subject("Person", person_id))
    work.flush()
    if not councils_of(work.session, person_id, work.today):
        end_all_sessions(work, person_id, "suspended")
    return employment


def lift_suspension(work: Work, person_id: int) -> Employment:
    """Let somebody work again. What became due meanwhile stays due."""
    employment = get_employment(work.session, work.council, person_id)
    if employment.suspended_on is None:
        raise Conflict("They are not suspended.")
    employment.suspended_on, employment.suspended_why = None, ""
    work.record(Event.SUSPENSION_LIFTED, Subject("Person", person_id))
    return employment


def lose_device(work: Work, person_id: int, device: str) -> DeviceLoss:
    """Note that somebody lost a device: they are signed out everywhere, and what they knew till now is known to a
    stranger perhaps. Whoever lost it may say so; and whoever manages people, once in a day, since whoever did so again
    and again would keep them out."""
    employment = get_employment(work.session, work.council, person_id)
    manages = has_role(work.session, work.council, work.actor, roles_with(Permission.PEOPLE_MANAGE), work.today)
    facts = Reporting(work.actor == person_id, manages, employment.holds_on(work.today))
    MAY_REPORT_LOSS.judge(facts, work.today).or_refuse()
    if work.actor != person_id and _was_reported_lately(work, person_id):
        raise Conflict("This was reported in the last 24 hours, and they were signed out then.")
    loss = DeviceLoss(
        council_id=work.council, person_id=person_id, device=device, reported_by=work.actor, reported_at=work.now
    )
    work.session.add(loss)
    work.record(Event.DEVICE_LOST, Subject("Person", person_id), device=device)
    end_all_sessions(work, person_id, "lost a device")
    if work.actor != person_id:
        _tell(work, employment.person)
    return loss


def _tell(work: Work, person: Person) -> None:
    """Whoever is signed out at another's word hears whose it was: a council they share could do it once a day."""
    council = get_council_by_id(work.session, work.council).name
    body = LOST.format(name=person.name, council=council, at=long_moment(work.now, work.zone))
    dedupe = f"device-lost:{work.council}:{person.id}:{work.now.isoformat()}"
    post(work, person.email, "Social media register: you were signed out everywhere", body, dedupe=dedupe)


def _was_reported_lately(work: Work, person_id: int) -> bool:
    """Whether somebody else in this council said so within a day."""
    query = select(DeviceLoss.id).where(DeviceLoss.council_id == work.council, DeviceLoss.person_id == person_id)
    query = query.where(DeviceLoss.reported_by != person_id, DeviceLoss.reported_at > work.now - A_DAY)
    return work.session.scalar(query.limit(1)) is not None
