"""How credentials come to be seen: with a second person's agreement, in an emergency, or by one holder at a time."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base, of_person, one_of_its_council, same_council, words
from registry.core.tenants import OfCouncil
from registry.custody.models import Purpose


class LookState(StrEnum):
    """Where a request to look stands. That it ran out is told by its last moment."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    USED = "used"


class LookRequest(OfCouncil, Base):
    """Somebody asks to see one version of a credential once, and another person agrees or not.

    `decided_by` is nobody where the recorded exception of a one-officer council stood in for the second person.
    """

    __tablename__ = "look_requests"
    __table_args__ = (
        one_of_its_council(),
        same_council("account_id", "accounts"),
        same_council("credential_id", "credentials"),
        same_council("secret_version_id", "secret_versions"),
        of_person("asker_id"),
        of_person("decided_by"),
        sa.Index("ix_look_requests_state", "council_id", "state", "expires_at"),
        sa.Index("ix_look_requests_asker", "council_id", "asker_id"),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> asker_id", name="another_decides"),
        sa.CheckConstraint("(state IN ('waiting', 'withdrawn')) = (decided_at IS NULL)", name="decided_is_dated"),
        sa.CheckConstraint(
            "decided_at IS NULL OR (decided_by IS NULL) = by_exception", name="somebody_or_exception_decides"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    account_id: Mapped[int]
    credential_id: Mapped[int]
    secret_version_id: Mapped[int]
    purpose: Mapped[Purpose] = mapped_column(words(Purpose))
    asker_id: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(300))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    state: Mapped[LookState] = mapped_column(words(LookState), default=LookState.WAITING)
    by_exception: Mapped[bool] = mapped_column(default=False)
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(sa.String(300), default="")
    used_at: Mapped[datetime | None]


class BreakGlass(OfCouncil, Base):
    """Somebody looked at once where a second person should have agreed; another reviews it afterwards."""

    __tablename__ = "break_glass"
    __table_args__ = (
        one_of_its_council(),
        same_council("account_id", "accounts"),
        same_council("credential_id", "credentials"),
        same_council("secret_version_id", "secret_versions"),
        of_person("person_id"),
        of_person("reviewed_by"),
        sa.Index("ix_break_glass_open", "council_id", "reviewed_at", "due_on"),
        sa.CheckConstraint("reviewed_by IS NULL OR reviewed_by <> person_id", name="another_reviews"),
        sa.CheckConstraint(
            "(reviewed_by IS NULL) = (reviewed_at IS NULL) AND (reviewed_by IS NULL) = (was_needed IS NULL)",
            name="reviewed_whole",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    account_id: Mapped[int]
    credential_id: Mapped[int]
    secret_version_id: Mapped[int]
    purpose: Mapped[Purpose] = mapped_column(words(Purpose))
    person_id: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[datetime]
    due_on: Mapped[date]
    reviewed_by: Mapped[int | None]
    reviewed_at: Mapped[datetime | None]
    was_needed: Mapped[bool | None]
    words: Mapped[str] = mapped_column(sa.String(300), default="")


class RevealDay(OfCouncil, Base):
    """How often somebody looked on one day of the council: what their daily number is held against."""

    __tablename__ = "reveal_days"
    __audited__ = False
    __table_args__ = (of_person("person_id"),)

    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    looks: Mapped[int] = mapped_column(default=0)


class CheckOut(OfCouncil, Base):
    """Somebody has a credential to themselves until a moment. Once it ended, the version is due to be changed."""

    __tablename__ = "check_outs"
    __table_args__ = (
        one_of_its_council(),
        same_council("account_id", "accounts"),
        same_council("credential_id", "credentials"),
        same_council("secret_version_id", "secret_versions"),
        of_person("person_id"),
        of_person("ended_by"),
        sa.Index(
            "uq_check_outs_one_holder",
            "council_id",
            "credential_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    account_id: Mapped[int]
    credential_id: Mapped[int]
    secret_version_id: Mapped[int]
    person_id: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(300))
    taken_at: Mapped[datetime]
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
