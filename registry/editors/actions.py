"""Naming editors for a service area and standing them down (002 §19.2, §18.5)."""

from datetime import date, timedelta

from sqlalchemy import or_, select

from registry.accounts.models import ServiceArea
from registry.accounts.queries import get_area
from registry.core.errors import Conflict, Invalid
from registry.core.work import Work
from registry.councils.queries import get_council_by_id
from registry.editors.models import Editorship
from registry.editors.queries import answers_for_area, count_employed_editors, is_named_from, lock_editorship
from registry.editors.rules import ENOUGH, MAY_NAME, MAY_STAND_DOWN, Naming
from registry.identity.models import Employment
from registry.identity.queries import get_employment, name_of
from registry.vocabulary.events import Event


def name_editor(
    work: Work, area_id: int, person_id: int, starts_on: date | None = None, reason: str = ""
) -> Editorship:
    """Name somebody to act for a service area from a day on (today unless told otherwise).

    They need be neither trained nor signed for it; until they are, no account opens to them.
    """
    starts_on = starts_on or work.today
    area = get_area(work.session, work.council, area_id)
    employment = get_employment(work.session, work.council, person_id)
    naming = _naming(work, area, employment, starts_on, reason)
    MAY_NAME.judge(naming, work.today).or_refuse()
    if starts_on < work.today:
        raise Invalid("starts_on", "The day must be today or later: nobody was an editor before they were named")
    if is_named_from(work.session, work.council, area_id, person_id, starts_on):
        raise Conflict(f"{employment.person.name} is named as an editor for {area.name} already.")
    for missing in ENOUGH.judge(naming, work.today):
        raise Invalid("reason", missing.text)
    editorship = Editorship(
        council_id=work.council,
        service_area_id=area_id,
        person_id=person_id,
        starts_on=starts_on,
        named_by=work.actor,
        named_at=work.now,
        naming_reason=reason,
    )
    work.session.add(editorship)
    work.flush()
    said = {"person": employment.person.name, "area": area.name}
    work.record(Event.EDITOR_NAMED, editorship, **said, person_id=person_id, area_id=area_id, starts_on=starts_on)
    return editorship


def stand_down(work: Work, editorship_id: int, reason: str, *, at_once: bool = True) -> Editorship:
    """Stand an editor down: at once, so that nothing opens to them from this moment, or as today ends.

    Somebody named today (or for a day to come) and stood down at once was never an editor for a whole day:
    the naming is taken back, and the trail keeps both acts.
    """
    editorship = lock_editorship(work.session, work.council, editorship_id)
    area = get_area(work.session, work.council, editorship.service_area_id)
    naming = Naming(answers_for_area(work.session, area, work.actor, work.today))
    MAY_STAND_DOWN.judge(naming, work.today).or_refuse()
    last_day = work.today - timedelta(days=1) if at_once else work.today
    if editorship.ends_on is not None and editorship.ends_on <= last_day:
        raise Conflict("This editor has been stood down already.")
    _end(work, editorship, area, last_day, reason)
    return editorship


def end_editorships(work: Work, person_id: int, last_day: date, reason: str) -> list[Editorship]:
    """End everything somebody is named for as their last day passes; what was to begin later never does."""
    query = select(Editorship).where(Editorship.council_id == work.council, Editorship.person_id == person_id)
    beyond = or_(Editorship.ends_on.is_(None), Editorship.ends_on > last_day)
    ended = list(work.session.scalars(query.where(beyond).with_for_update()))
    for editorship in ended:
        area = get_area(work.session, work.council, editorship.service_area_id)
        _end(work, editorship, area, last_day, reason)
    return ended


def _end(work: Work, editorship: Editorship, area: ServiceArea, last_day: date, reason: str) -> None:
    if editorship.starts_on > last_day:
        work.session.delete(editorship)
    else:
        editorship.ends_on, editorship.ended_by, editorship.ending_reason = last_day, work.actor_id, reason
    person_id = editorship.person_id
    said = {"person": name_of(work.session, person_id), "area": area.name, "reason": reason}
    work.record(Event.EDITOR_STOOD_DOWN, editorship, **said, person_id=person_id, area_id=area.id)


def _naming(work: Work, area: ServiceArea, employment: Employment, starts_on: date, reason: str) -> Naming:
    return Naming(
        answers_for_area=answers_for_area(work.session, area, work.actor, work.today),
        is_employed=employment.holds_on(starts_on),
        is_area_in_use=area.answers_on(starts_on),
        named=count_employed_editors(work.session, work.council, area.id, starts_on),
        ideal=get_council_by_id(work.session, work.council).ideal_editors,
        has_reason=bool(reason.strip()),
    )
