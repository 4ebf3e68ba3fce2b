"""Reading the trail's entries by what happened, to compare them with what the register holds."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select

from registry.audit.models import Entry
from registry.upkeep.invariant import Look
from registry.vocabulary.events import Event


class Told(NamedTuple):
    """What an entry of the trail tells, as far as an invariant compares it."""

    council_id: int
    id: int | None
    actor_id: int | None
    at: datetime
    detail: dict[str, Any]


def entries_of(look: Look, *acts: Event) -> Iterator[Told]:
    """The entries of these acts in every council's chain; one that cannot be read is the trail's own breach."""
    query = select(Entry.chain, Entry.body, Entry.actor_id, Entry.at)
    wanted = query.where(Entry.act.in_([act.value for act in acts])).execution_options(yield_per=1000)
    for entry in look.session.execute(wanted):
        try:
            body = json.loads(entry.body)
            subject, detail = body["id"], dict(body["detail"])
        except (ValueError, KeyError, TypeError):
            continue
        yield Told(entry.chain, subject, entry.actor_id, entry.at, detail)
