"""Messages that wait to be sent: written in the transaction that caused them, so never lost."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base
from registry.core.tenants import OfCouncil


class Message(OfCouncil, Base):
    """One message to one address. `dedupe` keeps the same notice from being written twice.

    A link that lets its reader in is no part of the body: it is sealed beside it, until it has run out.
    """

    __tablename__ = "outbox_messages"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int | None] = mapped_column(sa.ForeignKey("councils.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.Integer, index=True)
    to_address: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    sealed_link: Mapped[bytes | None]
    link_until: Mapped[datetime | None]
    dedupe: Mapped[str] = mapped_column(sa.String(120), unique=True)
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
