"""Courses, and who completed which."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from registry.core.database import Rows, get_one
from registry.identity.models import Person
from registry.training.models import Course, CourseKind, RecordState, TrainingRecord

COLUMNS = (
    *("id", "person_id", "completed_on", "expires_on", "provider", "evidence"),
    *("state", "recorded_by", "recorded_at", "decided_by", "decision_note"),
)
"""What a list shows of a training record."""


def get_course(session: Session, council_id: int, course_id: int) -> Course:
    """A course of the council, retired or not."""
    return get_one(session, select(Course).where(Course.council_id == council_id, Course.id == course_id))


def find_course_by_name(session: Session, council_id: int, name: str) -> Course | None:
    """The council's course of this name, however it is spelled in capitals."""
    query = select(Course).where(Course.council_id == council_id, func.lower(Course.name) == name.lower())
    return session.scalar(query.limit(1))


def list_courses(session: Session, council_id: int) -> list[Course]:
    """Every course of the council, those in use first."""
    query = select(Course).where(Course.council_id == council_id)
    return list(session.scalars(query.order_by(Course.retired_on.is_not(None), func.lower(Course.name), Course.id)))


def list_courses_in_use(session: Session, council_id: int) -> list[Course]:
    """The courses that can still be completed: for lists to choose from."""
    return [course for course in list_courses(session, council_id) if course.retired_on is None]


def list_records(session: Session, council_id: int, person_id: int) -> list[TrainingRecord]:
    """Everything recorded of somebody's training, newest first."""
    query = select(TrainingRecord).where(TrainingRecord.council_id == council_id, TrainingRecord.person_id == person_id)
    return list(session.scalars(query.order_by(TrainingRecord.completed_on.desc(), TrainingRecord.id.desc())))


def lock_record(session: Session, council_id: int, record_id: int) -> TrainingRecord:
    """A training record, held until the work is done, so that two people cannot decide on it at once."""
    query = select(TrainingRecord).where(TrainingRecord.council_id == council_id, TrainingRecord.id == record_id)
    return get_one(session, query.with_for_update(of=TrainingRecord))


def get_record(session: Session, council_id: int, record_id: int) -> TrainingRecord:
    """A training record of the council."""
    query = select(TrainingRecord).where(TrainingRecord.council_id == council_id, TrainingRecord.id == record_id)
    return get_one(session, query)


def records(council_id: int, states: Iterable[RecordState], text: str = "") -> Rows:
    """Training records in these states with their people and courses, a row each, perhaps only of people so named."""
    query = (
        select(
            *(getattr(TrainingRecord, column) for column in COLUMNS),
            Person.name,
            Course.name.label("course"),
            Course.kind,
        )
        .join(Person, Person.id == TrainingRecord.person_id)
        .join(Course, Course.id == TrainingRecord.course_id)
        .where(TrainingRecord.council_id == council_id, TrainingRecord.state.in_(tuple(states)))
    )
    for word in text.lower().split():
        found = (func.lower(column).contains(word, autoescape=True) for column in (Person.name, Course.name))
        query = query.where(or_(*found))
    return query


def count_to_confirm(session: Session, council_id: int) -> int:
    """How many training records wait to be confirmed."""
    query = select(func.count()).select_from(TrainingRecord)
    return (
        session.scalar(
            query.where(TrainingRecord.council_id == council_id, TrainingRecord.state == RecordState.RECORDED)
        )
        or 0
    )


@dataclass(frozen=True)
class Holding:
    """How somebody stands toward one kind of training: good until a day, and whether a record waits."""

    kind: CourseKind
    until: date | None
    is_waiting: bool

    def is_good(self, on: date) -> bool:
        """Whether it counts on a day; the last good day is one of them."""
        return self.until is not None and on <= self.until


def holdings(records: Iterable[TrainingRecord]) -> dict[CourseKind, Holding]:
    """What somebody has of each kind of training, out of their records."""
    kept = list(records)
    return {kind: _holding(kind, [r for r in kept if r.course.kind is kind]) for kind in CourseKind}


def _holding(kind: CourseKind, kept: list[TrainingRecord]) -> Holding:
    confirmed = [record.expires_on for record in kept if record.state is RecordState.CONFIRMED]
    return Holding(kind, max(confirmed, default=None), any(record.state is RecordState.RECORDED for record in kept))
