"""What is done for the trail every night, one council at a time, so that one's trouble keeps no other waiting."""

import logging

from registry.audit.actions import make_checkpoint
from registry.audit.keys import TrailKeys
from registry.core.house import House, Place
from registry.councils.queries import list_councils

log = logging.getLogger("registry.audit")
DOOR = "job.trail"


def night(house: House, only: Place | None = None) -> int:
    """Sign and send the checkpoints of all councils and of the installation, or of one; tells where it failed."""
    with house.reading() as session:
        places: list[Place | None] = [only] if only else [None, *list_councils(session)]
    return sum(not _see_to(house, place) for place in places)


def _see_to(house: House, place: Place | None) -> bool:
    try:
        with house.work(None, place, DOOR) as work:
            make_checkpoint(work, TrailKeys.of(house))
    except Exception:
        log.exception("the trail of council %s could not be seen to", place.id if place else 0)
        return False
    return True
