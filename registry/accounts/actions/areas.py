"""Service areas come, change, end and come back."""

from datetime import date
from typing import Any

from registry.accounts.models import ServiceArea
from registry.accounts.queries import count_answered_for, find_area_by_name, get_area
from registry.accounts.rules import AREA_MAY_END, AreaEnding
from registry.core.errors import Invalid
from registry.core.stale import refuse_stale
from registry.core.work import Work
from registry.identity.queries import works_here
from registry.vocabulary.events import Event


def add_area(work: Work, name: str, description: str = "", manager_id: int | None = None) -> ServiceArea:
    """Add a team that answers for accounts; its manager names its editors (002 §16.2, §19.2)."""
    _refuse_twin(work, name)
    _refuse_stranger(work, manager_id)
    area = ServiceArea(council_id=work.council, name=name, description=description, manager_id=manager_id)
    work.session.add(area)
    work.flush()
    work.record(Event.SERVICE_AREA_ADDED, area, name=name)
    return area


def change_area(work: Work, area_id: int, seen_lock: int, changes: dict[str, Any]) -> ServiceArea:
    """Change a service area's name, description or manager, unless somebody changed it since it was read."""
    area = get_area(work.session, work.council, area_id)
    refuse_stale("service area", area, seen_lock, changes)
    changed = {name: value for name, value in changes.items() if getattr(area, name) != value}
    if "name" in changed:
        _refuse_twin(work, changed["name"], besides=area.id)
    _refuse_stranger(work, changed.get("manager_id"))
    for name, value in changed.items():
        setattr(area, name, value)
    if changed:
        work.record(Event.SERVICE_AREA_CHANGED, area, fields=sorted(changed))
    return area


def end_area(work: Work, area_id: int, last_day: date) -> ServiceArea:
    """End a service area on a day, once it answers for no account any more (002 §16.2)."""
    area = get_area(work.session, work.council, area_id)
    AREA_MAY_END.judge(AreaEnding(count_answered_for(work.session, area)), work.today).or_refuse()
    area.ended_on = last_day
    work.record(Event.SERVICE_AREA_CHANGED, area, fields=["ended_on"])
    return area


def reopen_area(work: Work, area_id: int) -> ServiceArea:
    """Bring back a service area that was ended."""
    area = get_area(work.session, work.council, area_id)
    area.ended_on = None
    work.record(Event.SERVICE_AREA_CHANGED, area, fields=["ended_on"])
    return area


def _refuse_twin(work: Work, name: str, besides: int | None = None) -> None:
    twin = find_area_by_name(work.session, work.council, name)
    if twin is not None and twin.id != besides:
        how = ", which was ended: bring that one back" if twin.ended_on else ""
        raise Invalid("name", f"There is already a service area “{twin.name}”{how}")


def _refuse_stranger(work: Work, manager_id: int | None) -> None:
    if manager_id is not None and not works_here(work.session, work.council, manager_id, work.today):
        raise Invalid("manager_id", "The manager must be somebody who works for the council today")
