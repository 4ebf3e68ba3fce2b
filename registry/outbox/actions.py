"""Putting a message in the outbox, and asking for it to be sent once more."""

from datetime import datetime

from registry.core.errors import Conflict
from registry.core.work import Work
from registry.outbox.links import PLACE, Link, sealed
from registry.outbox.models import PATIENCE, Message, MessageState
from registry.outbox.queries import get_message
from registry.vocabulary.events import Event


def post(
    work: Work,
    to: str,
    subject: str,
    body: str,
    *,
    dedupe: str,
    link: Link | None = None,
    person_id: int | None = None,
) -> Message:
    """Write a message in the same transaction as its cause; sending it is another's task.

    `dedupe` names the notice: the same one is written once. `link`: what lets its reader in; the body has `PLACE` where
    it goes. It shows among the messages of the council whose work caused it; what somebody does about their own sign-in
    is no council's to read.
    """
    message = Message(
        council_id=work.council_id,
        person_id=person_id,
        to_address=to,
        subject=subject,
        body=body,
        sealed_link=sealed(work.auth_key, dedupe, link) if link else None,
        link_until=link.until if link else None,
        dedupe=dedupe,
        written_at=work.now,
        next_try_at=work.now,
        send_by=_send_by(work.now, link.until if link else None),
    )
    work.session.add(message)
    return message


def send_again(work: Work, message_id: int) -> Message:
    """Let a message that could not be sent be tried once more, from now on as long as a new one."""
    message = get_message(work.session, work.council, message_id)
    if message.state is not MessageState.NOT_SENT:
        raise Conflict("This message waits to be sent already, or was sent meanwhile. Look at the list again.")
    if PLACE in message.body and (message.link_until is None or message.link_until <= work.now):
        raise Conflict("The link in this message has run out. Make a new one on the page of the person.")
    message.next_try_at, message.tries = work.now, 0
    message.send_by = _send_by(work.now, message.link_until)
    work.record(Event.MESSAGE_SENT_AGAIN, message)
    return message


def _send_by(now: datetime, link_until: datetime | None) -> datetime:
    """Until when sending it makes sense: for as long as one is patient, and no longer than its link opens."""
    patient = now + PATIENCE
    return min(patient, link_until or patient)
