"""The keys of the forms that were taken, so that one sent twice is taken once."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base


class FormSent(Base):
    """A form that somebody sent and the register took, and the page it led to; kept for a day."""

    __tablename__ = "forms_sent"
    __audited__ = False
    __table_args__ = (sa.UniqueConstraint("person_id", "key_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(sa.String(64))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    sent_at: Mapped[datetime] = mapped_column(index=True)
    led_to: Mapped[str] = mapped_column(sa.String(500), default="")
