"""Somebody goes, for good or for a while: everything that follows from it, in one transaction.

What they saw becomes due by the sink of the rotations' room, in the same transaction as well.
"""

from datetime import date, timedelta

from registry.core.wording import long_day
from registry.core.work import Work
from registry.custody.actions.holding import take_back_from_the_gone
from registry.editors.actions import end_editorships
from registry.identity.actions import absence, people
from registry.identity.models import DeviceLoss, Employment
from registry.identity.queries import get_employment
from registry.leavers.queries import to_be_told
from registry.outbox.actions import post

NOTICE = """Hello {name},

{what}

What ended at once, what they have seen of the council's credentials and what is left to do stands here:

{address}
"""


def leave(work: Work, person_id: int, last_day: date, address: str) -> Employment:
    """Record somebody's last day: their sign-ins, roles and editorships end with it, and what they saw is due (T04).

    What they have checked out is taken back; where the last day is to come, in the night after it.
    """
    employment = people.leave(work, person_id, last_day)
    take_back_from_the_gone(work)
    ended = end_editorships(work, person_id, last_day, "Left the council")
    what = f"{employment.person.name} leaves the council; the last day is {long_day(last_day)}."
    _tell(work, employment, what, address, {editorship.service_area_id for editorship in ended})
    return employment


def leave_now(work: Work, person_id: int, address: str) -> Employment:
    """Somebody leaves this minute: yesterday was their last day; whoever began today is here until the day is over."""
    employment = get_employment(work.session, work.council, person_id)
    return leave(work, person_id, max(work.today - timedelta(days=1), employment.starts_on), address)


def suspend(work: Work, person_id: int, why: str, address: str) -> Employment:
    """Suspend somebody's work: they are signed out and nothing opens to them, but what they are named for stays."""
    employment = absence.suspend(work, person_id, why)
    take_back_from_the_gone(work)
    _tell(work, employment, f"Nothing opens to {employment.person.name} here until further notice.", address)
    return employment


def lose_device(work: Work, person_id: int, device: str, address: str) -> DeviceLoss:
    """Somebody lost a device: they are signed out everywhere, and what they knew till now is due to be rotated."""
    loss = absence.lose_device(work, person_id, device)
    employment = get_employment(work.session, work.council, person_id)
    _tell(work, employment, f"{employment.person.name} lost a device and is signed out everywhere.", address)
    return loss


def _tell(work: Work, who: Employment, what: str, address: str, areas: set[int] | None = None) -> None:
    """Write to the Clerk, to communications and to the managers of these areas; to nobody about themselves."""
    for person in to_be_told(work.session, work.council, areas or set(), work.today):
        if person.id != who.person_id:
            post(
                work,
                person.email,
                f"To do for {who.person.name} in the social media register",
                NOTICE.format(name=person.name, what=what, address=address),
                dedupe=f"leaver:{work.council}:{who.person_id}:{person.id}:{work.now.isoformat()}",
                person_id=person.id,
            )
