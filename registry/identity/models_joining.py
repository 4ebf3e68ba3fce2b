"""Asking somebody whom the register knows already to work for another council."""

from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base, of_person, one_of_its_council, words
from registry.core.tenants import OfCouncil
from registry.identity.models import OnTerms

LASTS = timedelta(days=30)
"""How long a question waits: time enough for somebody on leave, and a council that hears nothing for a month asks anew,
on today's terms."""


class Outcome(StrEnum):
    """What became of an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Offer(OnTerms, OfCouncil, Base):
    """Work for a council, offered to somebody who is in the register already; nothing comes of it until they accept.

    `name` and `email` are as the council typed them: of the person themselves it sees nothing by this.
    """

    __tablename__ = "offers"
    __table_args__ = (
        one_of_its_council(),
        of_person("manager_id"),
        of_person("sponsor_id"),
        of_person("offered_by"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"),
        sa.CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled"),
        sa.Index(
            "uq_offers_open", "council_id", "person_id", unique=True,
            sqlite_where=sa.text("settled_at IS NULL"), postgresql_where=sa.text("settled_at IS NULL"),
        ),
        sa.Index("ix_offers_person", "person_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254))
    offered_by: Mapped[int | None]
    offered_at: Mapped[datetime]
    outcome: Mapped[Outcome | None] = mapped_column(words(Outcome))
    settled_at: Mapped[datetime | None]

    @property
    def runs_out_on(self) -> date:
        """The last day on which it can be answered, in UTC."""
        return (self.offered_at + LASTS).date()
