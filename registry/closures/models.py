"""The orderly end of an account: close, mothball or hand over (002 §12.5, §12.12)."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.closures.tasks import Ending
from registry.core.database import Base, of_person, one_of_its_council, same_council, words
from registry.core.tenants import OfCouncil


class ClosureState(StrEnum):
    """Where a closure stands."""

    OPEN = "open"
    COMPLETE = "complete"
    ABANDONED = "abandoned"


class Closure(OfCouncil, Base):
    """One account's way to its end, decided by somebody for a reason, with a last day.

    `public_message`: what the public answer will say. `review_on`: for a mothballed account, within 12 months.
    `successor`: to whom the account is handed over.
    """

    __tablename__ = "closures"
    __table_args__ = (
        one_of_its_council(),
        same_council("account_id", "accounts"),
        of_person("decided_by"),
        sa.Index(
            "uq_closures_open", "council_id", "account_id", unique=True,
            sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    account_id: Mapped[int]
    ending: Mapped[Ending] = mapped_column(words(Ending))
    state: Mapped[ClosureState] = mapped_column(words(ClosureState), default=ClosureState.OPEN)
    reason: Mapped[str] = mapped_column(sa.Text)
    minute_ref: Mapped[str] = mapped_column(sa.String(80), default="")
    decided_by: Mapped[int]
    last_day_on: Mapped[date]
    review_on: Mapped[date | None]
    successor: Mapped[str] = mapped_column(sa.String(200), default="")
    public_message: Mapped[str] = mapped_column(sa.String(300), default="")
    started_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    abandoned_why: Mapped[str] = mapped_column(sa.String(300), default="")
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}


class ClosureStep(OfCouncil, Base):
    """One task of a closure. `key` names it in the task list; what it says comes from there."""

    __tablename__ = "closure_steps"
    __table_args__ = (
        one_of_its_council(),
        same_council("closure_id", "closures"),
        of_person("owner_id"),
        of_person("done_by"),
        sa.UniqueConstraint("council_id", "closure_id", "key"),
        sa.CheckConstraint("(done_on IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    closure_id: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(60))
    owner_id: Mapped[int | None]
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by: Mapped[int | None]
    not_needed: Mapped[bool] = mapped_column(default=False)
    proof: Mapped[str] = mapped_column(sa.Text, default="")
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}
