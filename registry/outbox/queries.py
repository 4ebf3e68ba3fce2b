"""What waits in the outbox."""

from sqlalchemy import Select, select

from registry.outbox.models import Message


def messages_for(council_id: int) -> Select[Message]:
    """The council's messages and those of the installation to its people, newest first."""
    return select(Message).where(Message.council_id == council_id).order_by(Message.id.desc())
