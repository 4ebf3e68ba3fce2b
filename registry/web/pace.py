"""How fast one person may act: no faster than anybody does by hand, so that a script with a stolen session is slow.

Counted are acts that landed, by the forms that were taken (see `once`): one for each request, however many things it
was about. What was refused changed nothing, and is in the trail.
"""

from datetime import timedelta

from sqlalchemy import func, select

from registry.core.errors import Throttled
from registry.core.work import Work
from registry.vocabulary.events import Event
from registry.web.models import FormSent

WITHIN = timedelta(minutes=1)


class TooFast(Throttled):
    """So many acts within a minute are not made by hand (429)."""


def keep_pace(work: Work, person_id: int, most: int) -> None:
    """Refuse an act more than `most` within a minute; the trail has it of whoever makes the last of them.

    Those who come at once may each find room: as many more as the server has threads.
    """
    lately = FormSent.person_id == person_id, FormSent.sent_at > work.now - WITHIN
    made = work.session.scalar(select(func.count()).where(*lately)) or 0
    if made >= most:
        filling = select(FormSent.sent_at).where(*lately).order_by(FormSent.sent_at.desc()).offset(most - 1)
        raise TooFast(work.session.scalars(filling.limit(1)).one() + WITHIN - work.now)
    if made == most - 1:
        work.record(Event.PACE_REACHED, most=most)
