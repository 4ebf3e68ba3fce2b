"""Figures for Prometheus, on a port of this machine alone: never by the address that people use.

Numbers of things and times, no names, no councils. What the database knows is counted when somebody looks, so that it
survives a restart and is the same from every process; requests are counted in each. With several processes set
PROMETHEUS_MULTIPROC_DIR to an empty folder for all of them: one then tells for all.
"""

import os
from collections.abc import Iterator
from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from registry.audit.models import ChainHead, Entry
from registry.core.house import House
from registry.core.tenants import Beyond
from registry.flags.models import Flag
from registry.outbox.models import Message
from registry.vocabulary.events import Event
from registry.web.journal import FIGURES

HERE = "127.0.0.1"
COUNTED = {
    "sign_ins": (Event.SIGNED_IN,),
    "sign_in_failures": (Event.SIGN_IN_FAILED,),
    "reveals": (Event.CREDENTIAL_REVEALED, Event.CODE_ISSUED),
    "refusals": (Event.REFUSED, Event.DOOR_REFUSED),
    "job_failures": (Event.JOB_FAILED,),
}
"""What is counted from the trail, and its entries."""


class Register:
    """Looks up what the database knows, when somebody asks for the figures."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[Metric]:
        """Every figure of the database and of the connections to it; where it does not answer, only that."""
        pool = self._house.database.engine.pool
        if isinstance(pool, QueuePool):
            yield GaugeMetricFamily("register_database_connections_used", "Connections in use", pool.checkedout())
        try:
            with self._house.reading(Beyond.KEEPER) as session:
                figures = [*_from_trail(session), *_waiting(session)]
        except SQLAlchemyError:
            figures = []
        yield GaugeMetricFamily("register_database_answers", "Whether the database answers", 1 if figures else 0)
        yield from figures


def _from_trail(session: Session) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "register_trail_entries", "Length of the trail", session.scalar(select(func.sum(ChainHead.seq))) or 0
    )
    acts = [event.value for events in COUNTED.values() for event in events]
    query = select(Entry.act, func.count()).where(Entry.act.in_(acts)).group_by(Entry.act)
    counts = dict(session.execute(query).all())
    for name, events in COUNTED.items():
        total = sum(counts.get(event.value, 0) for event in events)
        yield CounterMetricFamily(f"register_{name}", f"Entries of the trail: {name.replace('_', ' ')}", total)


def _waiting(session: Session) -> Iterator[Metric]:
    flags = select(func.count()).select_from(Flag).where(Flag.cleared_at.is_(None))
    yield GaugeMetricFamily("register_flags_open", "Findings that stand open", session.scalar(flags) or 0)
    unsent = select(func.count(), func.count(Message.next_try_at)).where(Message.sent_at.is_(None))
    messages, waiting = session.execute(unsent).one()
    yield GaugeMetricFamily("register_outbox_waiting", "Messages that wait", waiting)
    yield GaugeMetricFamily("register_outbox_not_sent", "Messages that were given up", messages - waiting)


def registry_of(*collectors: object) -> CollectorRegistry:
    """What is told of requests, by this process or by all, and whatever these collectors tell."""
    told = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(told)  # type: ignore[no-untyped-call]
    else:
        told.register(FIGURES)
    for collector in collectors:
        told.register(collector)  # type: ignore[arg-type]
    return told


def serve(port: int, *collectors: object) -> tuple[WSGIServer, Thread]:
    """Answer on this machine's own port until the process ends."""
    return start_http_server(port, addr=HERE, registry=registry_of(*collectors))
