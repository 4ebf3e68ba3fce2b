"""Adding a council and settling what the policies leave to it."""

import os
from typing import Any

from sqlalchemy import select

from registry.core.errors import Invalid
from registry.core.stale import refuse_stale
from registry.core.work import Subject, Work
from registry.councils.models import Council, Installation
from registry.councils.queries import get_installation, keeping_of
from registry.councils.rules import MAY_REACH_ALL, Keeping
from registry.vocabulary.events import Event


def set_up(work: Work, *, is_demo: bool) -> Installation:
    """Make the installation's own row, once."""
    installation = Installation(id=1, public_id=os.urandom(16), is_demo=is_demo, made_at=work.now)
    work.session.add(installation)
    work.flush()
    work.record(Event.INSTALLATION_MADE, Subject("installation", 1), demo=is_demo)
    return installation


def add_council(work: Work, slug: str, name: str, **settings: Any) -> Council:
    """Add a council; its own chain begins with the first act in it. The first keeps what will serve all."""
    if work.session.scalar(select(Council.id).where(Council.slug == slug)):
        raise Invalid("slug", "There is already a council with this short name")
    is_first = work.session.scalar(select(Council.id).limit(1)) is None
    council = Council(public_id=os.urandom(16), slug=slug, name=name, added_at=work.now, **settings)
    work.session.add(council)
    work.flush()
    work.record(Event.COUNCIL_ADDED, Subject("Council", council.id), name=name)
    if is_first:
        name_keeper(work, council)
    return council


def name_keeper(work: Work, council: Council) -> None:
    """Name the council that keeps the installation's keys and runs its jobs; only from the server."""
    get_installation(work.session).keeping_council_id = council.id
    work.record(Event.KEEPER_NAMED, Subject("Council", council.id), name=council.name)


def refuse_elsewhere(work: Work) -> Keeping:
    """Refuse what reaches every council here, unless this is done at the server or in the council that keeps it."""
    keeping = keeping_of(work.session, work.council_id)
    MAY_REACH_ALL.judge(keeping, work.today).or_refuse()
    return keeping


def change_settings(work: Work, council_id: int, seen_version: int, changes: dict[str, Any]) -> Council:
    """Change a council's settings, unless somebody changed them since they were read.

    An exception for a one-officer council needs the minute that allowed it (002 §16.1; 003).
    """
    council = work.session.get_one(Council, council_id)
    refuse_stale("council", council, seen_version, changes)
    changed = {name: value for name, value in changes.items() if getattr(council, name) != value}
    for name, value in changed.items():
        setattr(council, name, value)
    if council.has_exception and not council.exception_minute:
        raise Invalid("exception_minute", "Enter the minute that allowed the exception")
    if changed:
        work.record(Event.COUNCIL_SETTINGS_CHANGED, Subject("Council", council.id), fields=sorted(changed))
    return council
