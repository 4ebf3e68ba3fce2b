"""Putting a message in the outbox."""

from registry.core.work import Work
from registry.outbox.links import Link, sealed
from registry.outbox.models import Message


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
    )
    work.session.add(message)
    return message
