"""What was seen of an account's activity."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base, of_person, one_of_its_council, same_council, words
from registry.core.tenants import OfCouncil


class Source(StrEnum):
    """How the register knows."""

    SAID = "said"
    IMPORTED = "imported"


class Observation(OfCouncil, Base):
    """The account posted on this day, says an editor or a file."""

    __tablename__ = "observations"
    __table_args__ = (
        one_of_its_council(),
        same_council("account_id", "accounts"),
        of_person("recorded_by"),
        sa.UniqueConstraint("council_id", "account_id", "posted_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    account_id: Mapped[int]
    posted_on: Mapped[date]
    source: Mapped[Source] = mapped_column(words(Source))
    posts: Mapped[int] = mapped_column(default=1)
    recorded_by: Mapped[int]
    recorded_at: Mapped[datetime]
