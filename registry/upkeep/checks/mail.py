"""Whether messages get to people."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select

from registry.core.house import House
from registry.core.tenants import Beyond
from registry.outbox.carrier import Unreachable, connected
from registry.outbox.models import Message, MessageState
from registry.outbox.queries import LATELY, in_state
from registry.upkeep.check import Finding, broken, check, warning, well

LONG = timedelta(hours=1)


@check("outbox", decides=True)
def outbox(house: House) -> Iterator[Finding]:
    """What waits to be sent, and what could not be."""
    now = house.clock.now()
    with house.reading(Beyond.KEEPER) as session:
        waiting, oldest = session.execute(
            select(func.count(), func.min(Message.written_at)).where(in_state(MessageState.WAITING))
        ).one()
        not_sent = session.scalar(
            select(func.count()).where(in_state(MessageState.NOT_SENT), Message.written_at > now - LATELY)
        )
    if not_sent:
        yield warning(f"Messages of the last 14 days that could not be sent: {not_sent}.", "See Messages.")
    if not waiting:
        yield well("No message waits.")
    elif not house.settings.mail:
        old = f"the oldest for {(now - oldest).days} days"
        yield well(f"Messages that wait: {waiting}, {old}. No mail server is named: hand links over.")
    elif now - oldest > LONG:
        yield warning(
            f"Messages that wait: {waiting}, the oldest since {oldest:%Y-%m-%d %H:%M} UTC.",
            "Is a scheduler running (serve, or scheduler)? What does `mail send` say?",
        )
    else:
        yield well(f"Messages that wait to be sent: {waiting}.")


@check("mail")
def mail(house: House) -> Iterator[Finding]:
    """Whether the mail server answers and lets the register in."""
    server = house.settings.mail
    if server is None:
        yield well("No mail server is named (mail_server): messages wait, and links are handed over.")
        return
    try:
        with connected(server):
            yield well(f"The mail server {server.host} answers ({server.encryption}).")
    except Unreachable as trouble:
        yield broken(str(trouble), "Check mail_server, mail_password and the way there; then: mail test ADDRESS")
