"""Security-settings reviews (004 §6.5), their answers and the actions they create."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base, of_person, one_of_its_council, same_council, words
from registry.core.tenants import OfCouncil


class ReviewState(StrEnum):
    """A review is open until it is completed, or abandoned with nothing claimed."""

    OPEN = "open"
    COMPLETE = "complete"
    ABANDONED = "abandoned"


class SecurityReview(OfCouncil, Base):
    """One look through an account's security settings."""

    __tablename__ = "security_reviews"
    __table_args__ = (
        one_of_its_council(),
        same_council("account_id", "accounts"),
        of_person("reviewer_id"),
        sa.Index(
            "uq_security_reviews_open", "council_id", "account_id", unique=True,
            sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    account_id: Mapped[int]
    reviewer_id: Mapped[int]
    state: Mapped[ReviewState] = mapped_column(words(ReviewState), default=ReviewState.OPEN)
    checklist_version: Mapped[str] = mapped_column(sa.String(20))
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    next_due_on: Mapped[date | None]


class Finding(StrEnum):
    """How a setting was found."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"


class ReviewAnswer(OfCouncil, Base):
    """What was found for one item of the checklist."""

    __tablename__ = "review_answers"
    __table_args__ = (
        one_of_its_council(),
        same_council("review_id", "security_reviews"),
        sa.UniqueConstraint("council_id", "review_id", "item"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    review_id: Mapped[int]
    item: Mapped[str] = mapped_column(sa.String(60))
    finding: Mapped[Finding] = mapped_column(words(Finding))
    note: Mapped[str] = mapped_column(sa.Text, default="")


class ReviewAction(OfCouncil, Base):
    """What must be put right after a review, by whom and by when."""

    __tablename__ = "review_actions"
    __table_args__ = (
        one_of_its_council(),
        same_council("account_id", "accounts"),
        same_council("review_id", "security_reviews"),
        of_person("owner_id"),
        of_person("done_by"),
        sa.CheckConstraint("(done_on IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        sa.Index("ix_review_actions_open", "council_id", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    account_id: Mapped[int]
    review_id: Mapped[int]
    item: Mapped[str] = mapped_column(sa.String(60))
    what: Mapped[str] = mapped_column(sa.String(300))
    owner_id: Mapped[int]
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by: Mapped[int | None]
    proof: Mapped[str] = mapped_column(sa.String(300), default="")
