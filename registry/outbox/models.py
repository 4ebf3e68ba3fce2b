"""Messages: written in the transaction that caused them, so never lost, and sent by whoever takes them next."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base
from registry.core.tenants import OfCouncil

PATIENCE = timedelta(days=5)
"""For so long sending is tried again; RFC 5321 §4.5.4.1 asks for four to five days at least."""


class MessageState(StrEnum):
    """How a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    NOT_SENT = "not sent"


class Message(OfCouncil, Base):
    """One message to one address. `dedupe` keeps the same notice from being written twice.

    A link that lets its reader in is no part of the body: it is sealed beside it, until it is sent or has run out.
    `next_try_at`: from when on it may be taken to be sent; none once nothing more is done about it. `send_by`: when it
    is given up. `trouble`: what came of the last try, in a sentence.
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
    next_try_at: Mapped[datetime | None] = mapped_column(index=True)
    send_by: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(sa.String(300), default="")
    sent_at: Mapped[datetime | None]

    @property
    def state(self) -> MessageState:
        """How it stands."""
        return state_of(self)


def state_of(message: Any) -> MessageState:
    """How a message stands, or a row of a list that has its `sent_at` and `next_try_at`."""
    if message.sent_at is not None:
        return MessageState.SENT
    return MessageState.NOT_SENT if message.next_try_at is None else MessageState.WAITING
