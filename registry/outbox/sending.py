"""Sending what waits: never lost, rarely twice, and then under the same Message-ID.

Whoever sends takes a message for ten minutes, hands it over and writes down that it went. Whoever dies in between
leaves it to be taken again; a mailbox that had it already knows it by its Message-ID. Any number of processes may send
at once.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from functools import cache
from typing import NamedTuple

from sqlalchemy import select, update

from registry.core.database import change_one
from registry.core.failpoint import reached
from registry.core.house import House
from registry.core.keyfile import KeyTrouble
from registry.core.tenants import Beyond
from registry.core.work import Subject
from registry.outbox.carrier import Carrier, Later, Never, Unreachable, connected
from registry.outbox.letters import BadLetter, Letterhead
from registry.outbox.links import whole_body
from registry.outbox.models import Message
from registry.vocabulary.events import Event

log = logging.getLogger("registry.mail")
DOOR = "mail"

LEASE = timedelta(minutes=10)
"""For how long whoever took a message has it to themselves: longer than a slow server takes over it."""
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
"""How long to wait after the first failed try, doubled with each, and at most."""
ROUND = 500
"""Messages that one round sends at most, so that it ends and can be told to stop."""
REFUSED, TOO_LATE = "refused by the mail server", "not taken in time"


class _Council(NamedTuple):
    """Where a message that is given up is entered in the trail."""

    id: int
    time_zone: str = "UTC"


@dataclass
class Round:
    """What came of one round: how many went, wait for another try or are given up, and the last trouble."""

    sent: int = 0
    postponed: int = 0
    given_up: int = 0
    trouble: str = ""


def send_waiting(house: House) -> Round:
    """Send whatever is due, one message after another; without a mail server nothing is touched.

    Where the server takes nothing now, the round ends with the message it was tried with; the next one knocks again.
    """
    mail = house.settings.mail
    if mail is None:
        return Round()
    done = Round(given_up=_give_up_late(house))
    with ExitStack() as line:
        connect = cache(lambda: line.enter_context(connected(mail)))  # once a round, when there is something to send
        head = Letterhead(mail, house.settings.base_url)
        for message_id in _due(house):
            if not _send(house, head, connect, message_id, done):
                break
    if done.trouble:
        log.warning("not every message could be sent", extra={"postponed": done.postponed, "given_up": done.given_up})
    return done


def _send(house: House, head: Letterhead, connect: Callable[[], Carrier], message_id: int, done: Round) -> bool:
    """Send one message, if nobody else has taken it, and write down what came of it; whether it is worth going on."""
    try:
        email = _take(house, head, message_id)
        if email is None:
            return True
        connect().carry(email)
    except Never as refusal:
        _give_up(house, message_id, str(refusal))
        done.given_up, done.trouble = done.given_up + 1, str(refusal)
    except Later as trouble:
        _postpone(house, message_id, str(trouble))
        done.postponed, done.trouble = done.postponed + 1, str(trouble)
        return not isinstance(trouble, Unreachable)
    else:
        reached("smtp_accepted")
        _note_sent(house, message_id)
        done.sent += 1
    return True


def _due(house: House) -> Sequence[int]:
    with house.reading(Beyond.INSTALLATION) as session:
        query = select(Message.id).where(Message.next_try_at <= house.clock.now())
        return session.scalars(query.order_by(Message.next_try_at, Message.id).limit(ROUND)).all()


def _take(house: House, head: Letterhead, message_id: int) -> EmailMessage | None:
    """Take a message for this process, as it goes out; none if somebody else has it."""
    with house.work(None, None, DOOR) as work:
        unless_taken = update(Message).where(Message.id == message_id, Message.next_try_at <= work.now)
        if not change_one(work.session, unless_taken.values(next_try_at=work.now + LEASE, tries=Message.tries + 1)):
            return None
        message = work.session.get_one(Message, message_id)
    try:
        body = whole_body(house.auth_key, message)
        return head.write(message.to_address, message.subject, body, message.dedupe, message.written_at)
    except KeyTrouble as trouble:
        raise Later(f"Its link cannot be opened. {trouble}") from trouble
    except BadLetter as trouble:
        raise Never(str(trouble)) from trouble


def _note_sent(house: House, message_id: int) -> None:
    """Write down that the server has it. Its link is its reader's now and is kept here no longer."""
    with house.work(None, None, DOOR) as work:
        message = work.session.get_one(Message, message_id)
        message.sent_at, message.next_try_at, message.trouble = work.now, None, ""
        message.sealed_link = message.link_until = None


def _postpone(house: House, message_id: int, why: str) -> None:
    with house.work(None, None, DOOR) as work:
        message = work.session.get_one(Message, message_id)
        wait = min(SHORTEST * 2 ** min(message.tries - 1, 10), LONGEST)
        message.next_try_at, message.trouble = work.now + wait, why


def _give_up(house: House, message_id: int, why: str) -> None:
    """Leave a message that the server will never take, and enter so: nobody reads what it says there."""
    with house.reading(Beyond.INSTALLATION) as session:
        council_id = session.get_one(Message, message_id).council_id
    with house.work(None, _place(council_id), DOOR) as work:
        message = work.session.get_one(Message, message_id)
        message.next_try_at, message.trouble = None, why
        work.record(Event.MESSAGES_GIVEN_UP, Subject("Message", message_id), messages=1, error=REFUSED)


def _give_up_late(house: House) -> int:
    """Leave whatever could not be sent in its time, council by council; gives how many messages."""
    now = house.clock.now()
    late = (Message.next_try_at.is_not(None), Message.send_by <= now)
    with house.reading(Beyond.INSTALLATION) as session:
        councils = session.scalars(select(Message.council_id).where(*late).distinct()).all()
    given_up = 0
    for council_id in councils:
        with house.work(None, _place(council_id), DOOR) as work:
            of_this = Message.council_id == council_id if council_id else Message.council_id.is_(None)
            left = update(Message).where(*late, of_this).values(next_try_at=None)
            found = work.session.execute(left.execution_options(synchronize_session=False))
            messages: int = found.rowcount  # type: ignore[attr-defined]
            if messages:
                work.record(Event.MESSAGES_GIVEN_UP, messages=messages, error=TOO_LATE)
            given_up += messages
    return given_up


def _place(council_id: int | None) -> _Council | None:
    return _Council(council_id) if council_id else None
