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
    council_id: int | None = None,
) -> Message:
    """Write a message in the same transaction as its cause; sending it is another's task.

    `dedupe` names the notice: the same one is written once. `link`: what lets its reader in; the body has `PLACE` where
    it goes. `council_id`: whose messages it shows among, where the work itself is in no council.
    """
    message = Message(
        council_id=council_id or work.council_id,
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
