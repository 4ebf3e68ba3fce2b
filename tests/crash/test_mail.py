"""Whoever sends dies again and again, also between the mail server's word and our own note of it (TRUST F13).

No message is lost. None is promised to go once: what comes twice comes under the same Message-ID, and no more often
than somebody died.
"""

import random
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from registry.core.clock import FixedClock, SystemClock
from registry.outbox.models import Message
from registry.outbox.sending import LEASE, send_waiting
from tests.crash.servers import ROUNDS, Servers
from tests.outbox.conftest import SENDER, sending_by
from tests.outbox.postoffice import open_post_office
from tests.outbox.test_sending import wrote
from tests.world import World

DEATHS = ROUNDS // 2
POINTS = {"smtp_accepted": 3, "before_commit": 6, "after_commit": 6}
"""Where it dies, and by which time it passes there at the latest."""


def test_no_message_is_lost_however_often_whoever_sends_it_dies(servers: Servers) -> None:
    house, chance = servers.house, random.Random(20261120)
    world = World(house, SystemClock())  # type: ignore[arg-type]
    wanted = {f"notice {number}" for number in range(DEATHS * 4)}
    wrote(world, *wanted)
    with open_post_office() as office:
        address = f"smtp://127.0.0.1:{office.port}"
        for _ in range(DEATHS):
            point = chance.choice(list(POINTS))
            servers.send(address, f"{point}:{chance.randint(1, POINTS[point])}")
        after = FixedClock(SystemClock().now() + LEASE + timedelta(seconds=1))
        sender = replace(sending_by(house, address), clock=after)
        while send_waiting(sender).sent:
            pass
    with house.reading() as session:
        assert not session.scalars(sa.select(Message.dedupe).where(Message.sent_at.is_(None))).all()
    assert {str(letter["Subject"]).removeprefix("Notice ") for letter in office.taken} == wanted
    assert len(set(office.ids)) == len(wanted)
    assert len(wanted) < len(office.ids) <= len(wanted) + DEATHS
    assert set(office.from_addresses) == {SENDER}
