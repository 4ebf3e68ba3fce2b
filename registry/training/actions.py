"""What is done about courses and training records, a verb each."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from registry.core.errors import Invalid
from registry.core.stale import refuse_stale
from registry.core.work import Work
from registry.councils.queries import get_council_by_id
from registry.identity.models import Employment
from registry.identity.queries import get_employment, has_role, name_of
from registry.training.lifecycle import RECORD
from registry.training.models import Course, CourseKind, RecordState, TrainingRecord
from registry.training.queries import find_course_by_name, get_course, lock_record
from registry.training.rules import MAY_CONFIRM, MAY_RECORD, Confirming, Recording, last_good_day
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Permission, roles_with

RECORD_FOR_ALL = roles_with(Permission.TRAINING_CONFIRM)
"""Who confirms training may record anybody's; a manager records that of their own people."""


def add_course(
    work: Work, name: str, kind: CourseKind, valid_months: int, provider: str = "", description: str = ""
) -> Course:
    """Add a course the council recognises."""
    _assert_name_is_free(work, name)
    course = Course(
        council_id=work.council,
        name=name,
        kind=kind,
        valid_months=valid_months,
        provider=provider,
        description=description,
    )
    work.session.add(course)
    work.flush()
    work.record(Event.COURSE_ADDED, course, name=name, kind=kind, valid_months=valid_months)
    return course


def change_course(work: Work, course_id: int, seen_lock: int, changes: dict[str, Any]) -> Course:
    """Change a course, unless somebody changed it since it was read. What was recorded before keeps its last day."""
    course = get_course(work.session, work.council, course_id)
    refuse_stale("course", course, seen_lock, changes)
    return _change(work, course, changes)


def _change(work: Work, course: Course, changes: dict[str, Any]) -> Course:
    if changes.get("name", course.name).lower() != course.name.lower():
        _assert_name_is_free(work, changes["name"])
    changed = [field for field, value in changes.items() if getattr(course, field) != value]
    for field in changed:
        setattr(course, field, changes[field])
    if changed:
        work.record(Event.COURSE_CHANGED, course, name=course.name, fields=sorted(changed))
    return course


def retire_course(work: Work, course_id: int) -> Course:
    """Take a course out of use from today; training completed in it goes on to count."""
    return _change(work, get_course(work.session, work.council, course_id), {"retired_on": work.today})


def bring_back_course(work: Work, course_id: int) -> Course:
    """Put a retired course to use again."""
    return _change(work, get_course(work.session, work.council, course_id), {"retired_on": None})


@dataclass(frozen=True)
class Completed:
    """That somebody completed a course on a day, and what shows it."""

    person_id: int
    course_id: int
    completed_on: date
    provider: str = ""
    evidence: str = ""


def record_training(work: Work, completed: Completed) -> TrainingRecord:
    """Record that somebody completed a course; it counts at once where the council asks for no confirmation."""
    employment = get_employment(work.session, work.council, completed.person_id)
    MAY_RECORD.judge(_recording(work, employment), work.today).or_refuse()
    course = get_course(work.session, work.council, completed.course_id)
    _assert_day_will_do(work, completed, course)
    record = _record_of_that_day(work, completed)
    record.expires_on = last_good_day(completed.completed_on, course.valid_months)
    record.provider, record.evidence = completed.provider or course.provider, completed.evidence
    record.recorded_by, record.recorded_at = work.actor, work.now
    if not get_council_by_id(work.session, work.council).training_confirmed:
        RECORD.move(record, "confirm")
    work.session.add(record)
    work.flush()
    said = {"person": employment.person.name, "course": course.name, "completed_on": completed.completed_on}
    work.record(Event.TRAINING_RECORDED, record, **said, person_id=completed.person_id, state=record.state)
    return record


def confirm_training(work: Work, record_id: int) -> TrainingRecord:
    """Confirm that somebody completed a course, so that it counts."""
    return _decide(work, record_id, "confirm", "")


def refuse_training(work: Work, record_id: int, reason: str) -> TrainingRecord:
    """Do not accept a training record, for a reason its owner reads; one confirmed by mistake counts no more."""
    return _decide(work, record_id, "be_refused", reason)


def _decide(work: Work, record_id: int, verb: str, note: str) -> TrainingRecord:
    record = lock_record(work.session, work.council, record_id)
    council = get_council_by_id(work.session, work.council)
    is_own = record.person_id == work.actor_id
    MAY_CONFIRM.judge(Confirming(not is_own, council.own_request_exception), work.today).or_refuse()
    RECORD.move(record, verb)
    record.decided_by, record.decided_at, record.decision_note = work.actor, work.now, note
    name = name_of(work.session, record.person_id)
    detail = {"person": name, "person_id": record.person_id, "course": record.course.name}
    if is_own:
        detail["exception"] = council.exception_minute or "a council of one officer"
    happened = Event.TRAINING_CONFIRMED if record.state is RecordState.CONFIRMED else Event.TRAINING_REJECTED
    work.record(happened, record, **detail)
    return record


def _recording(work: Work, employment: Employment) -> Recording:
    answers = employment.manager_id == work.actor_id or has_role(
        work.session, work.council, work.actor, RECORD_FOR_ALL, work.today
    )
    return Recording(employment.person_id == work.actor_id, answers, employment.holds_on(work.today))


def _assert_day_will_do(work: Work, completed: Completed, course: Course) -> None:
    if completed.completed_on > work.today:
        raise Invalid("completed_on", "The day must be today or in the past: record training once it is completed")
    if course.retired_on is not None and completed.completed_on > course.retired_on:
        raise Invalid("course_id", "This course was out of use by then; choose the one that took its place")


def _record_of_that_day(work: Work, completed: Completed) -> TrainingRecord:
    """A new record; or the one that was not accepted, to be put forward again with better evidence."""
    record = work.session.scalar(
        select(TrainingRecord)
        .where(
            TrainingRecord.council_id == work.council,
            TrainingRecord.person_id == completed.person_id,
            TrainingRecord.course_id == completed.course_id,
            TrainingRecord.completed_on == completed.completed_on,
        )
        .with_for_update(of=TrainingRecord)
    )
    if record is None:
        return TrainingRecord(
            council_id=work.council,
            person_id=completed.person_id,
            course_id=completed.course_id,
            completed_on=completed.completed_on,
            state=RecordState.RECORDED,
        )
    if record.state is not RecordState.REJECTED:
        raise Invalid("completed_on", "This course is on record for that day already")
    RECORD.move(record, "be_recorded_again")
    record.decided_by, record.decided_at, record.decision_note = None, None, ""
    return record


def _assert_name_is_free(work: Work, name: str) -> None:
    if find_course_by_name(work.session, work.council, name):
        raise Invalid("name", "There is a course of this name already")
