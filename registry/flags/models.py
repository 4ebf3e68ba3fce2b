"""Standing findings, raised and cleared by the sweep from the data alone."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base, of_person, one_of_its_council
from registry.core.tenants import OfCouncil


class Flag(OfCouncil, Base):
    """A finding about one subject, open until it heals.

    `subject_kind` and `subject_id` name what is flagged; `account_id` is set whenever an account is concerned.
    `severity`: 1 notice, 2 warning, 3 breach. `acknowledged_until`: quiet until that day, for a reason.
    """

    __tablename__ = "flags"
    __derived__ = None  # the next sweep puts right what somebody changed here
    __table_args__ = (
        one_of_its_council(),
        of_person("acknowledged_by"),
        sa.Index(
            "uq_flags_open", "council_id", "rule", "subject_kind", "subject_id", unique=True,
            sqlite_where=sa.text("cleared_at IS NULL"), postgresql_where=sa.text("cleared_at IS NULL"),
        ),
        sa.Index("ix_flags_account", "council_id", "account_id"),
        sa.Index("ix_flags_open", "council_id", "cleared_at", "rule"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    rule: Mapped[str] = mapped_column(sa.String(60))
    subject_kind: Mapped[str] = mapped_column(sa.String(30))
    subject_id: Mapped[int]
    account_id: Mapped[int | None]
    person_id: Mapped[int | None]
    severity: Mapped[int]
    message: Mapped[str] = mapped_column(sa.String(400))
    since_on: Mapped[date]
    raised_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    acknowledged_until: Mapped[date | None]
    acknowledged_by: Mapped[int | None]
    acknowledged_why: Mapped[str] = mapped_column(sa.String(300), default="")
