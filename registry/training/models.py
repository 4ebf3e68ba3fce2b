"""Courses and the records of who completed them."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.core.database import Base, of_person, one_of_its_council, same_council, words
from registry.core.tenants import OfCouncil


class CourseKind(StrEnum):
    """Editor training opens the gate (002 §19.2, §11.4); basic awareness is for all staff (003)."""

    EDITOR = "editor"
    AWARENESS = "awareness"


class Course(OfCouncil, Base):
    """A course the council recognises, and for how many months it holds."""

    __tablename__ = "courses"
    __table_args__ = (
        one_of_its_council(),
        sa.UniqueConstraint("council_id", "name"),
        sa.CheckConstraint("valid_months > 0", name="validity_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[CourseKind] = mapped_column(words(CourseKind))
    valid_months: Mapped[int]
    provider: Mapped[str] = mapped_column(sa.String(120), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    retired_on: Mapped[date | None]
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}


class RecordState(StrEnum):
    """A record counts once it is confirmed; where the council asks no confirmation it is so at once."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class TrainingRecord(OfCouncil, Base):
    """Proof that a person completed a course, with its last good day."""

    __tablename__ = "training_records"
    __table_args__ = (
        one_of_its_council(),
        same_council("course_id", "courses"),
        of_person("person_id"),
        of_person("recorded_by"),
        of_person("decided_by"),
        sa.UniqueConstraint("council_id", "person_id", "course_id", "completed_on"),
        sa.Index("ix_training_records_person", "council_id", "person_id", "state", "expires_on"),
        sa.CheckConstraint("expires_on >= completed_on", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    person_id: Mapped[int]
    course_id: Mapped[int]
    completed_on: Mapped[date]
    expires_on: Mapped[date]
    provider: Mapped[str] = mapped_column(sa.String(120), default="")
    evidence: Mapped[str] = mapped_column(sa.String(300), default="")
    state: Mapped[RecordState] = mapped_column(words(RecordState))
    recorded_by: Mapped[int]
    recorded_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str] = mapped_column(sa.String(300), default="")

    course: Mapped[Course] = relationship(
        lazy="joined",
        innerjoin=True,
        viewonly=True,
        foreign_keys="TrainingRecord.course_id",
        primaryjoin="Course.id == TrainingRecord.course_id",
    )
