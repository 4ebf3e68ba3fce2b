"""Telling people what was done to their own sign-in, so that they notice when it was not them."""

from registry.core.wording import long_day
from registry.core.work import Work
from registry.identity.models import Person
from registry.outbox.actions import post

NOTICE = """Hello {name},

{happened}, on {day}.

If this was you, there is nothing to do. If it was not, tell your Clerk today: somebody may be using your sign-in.
"""


def tell(work: Work, person: Person, happened: str, dedupe: str) -> None:
    """Write to somebody about their own sign-in. It shows among a council's messages only where the council acts."""
    post(
        work,
        person.email,
        f"Social media register: {happened[0].lower()}{happened[1:]}",
        NOTICE.format(name=person.name, happened=happened, day=long_day(work.today)),
        dedupe=dedupe,
        person_id=person.id,
    )
