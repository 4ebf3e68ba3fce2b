"""Messages by how they stand."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from registry.core.database import get_one
from registry.outbox.models import Message, MessageState

LATELY = timedelta(days=14)
"""For how long a message that could not be sent is brought before people."""


def in_state(state: MessageState) -> ColumnElement[bool]:
    """Messages that stand so; as `Message.state` tells it of one."""
    unsent = Message.sent_at.is_(None)
    return {
        MessageState.SENT: Message.sent_at.is_not(None),
        MessageState.WAITING: and_(unsent, Message.next_try_at.is_not(None)),
        MessageState.NOT_SENT: and_(unsent, Message.next_try_at.is_(None)),
    }[state]


def get_message(session: Session, council_id: int, message_id: int) -> Message:
    """One of the council's messages."""
    return get_one(session, select(Message).where(Message.council_id == council_id, Message.id == message_id))


def count_not_sent(session: Session, council_id: int, now: datetime) -> int:
    """How many of the council's messages of late could not be sent."""
    lately = (Message.council_id == council_id, in_state(MessageState.NOT_SENT), Message.written_at > now - LATELY)
    return session.scalar(select(func.count(Message.id)).where(*lately)) or 0
