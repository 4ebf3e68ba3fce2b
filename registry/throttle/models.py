"""Attempts that may turn out to be guesses, counted by lane."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base


class Attempt(Base):
    """One attempt in one lane. The lane is a keyed hash: neither a name nor an address can be read back from it."""

    __tablename__ = "attempts"
    __audited__ = False
    __table_args__ = (sa.Index("ix_attempts_lane_at", "lane", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lane: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime]
