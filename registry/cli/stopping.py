"""Serving until told to stop, and stopping so that nobody loses anything.

Told so by SIGTERM (or Ctrl+C), the server accepts nobody new, finishes the requests it has, for 25 seconds at most,
lets the jobs come to an end, folds SQLite's log into its file and ends with 0. Told a second time it ends at once.
"""

import logging
import os
import signal
from threading import Thread
from time import monotonic
from types import FrameType
from typing import Any, NoReturn

import waitress
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel

from registry.core.house import House

log = logging.getLogger("registry.serving")

PATIENCE = 25.0
"""Seconds for what is under way. Service managers kill after 90, container runtimes after 30 or less: set theirs."""
TICK = 0.5


class Notice:
    """Whether this process was told to stop."""

    def __init__(self) -> None:
        self.given = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._give)

    def _give(self, _number: int, _frame: FrameType | None) -> None:
        if self.given:
            os._exit(1)
        self.given = True


def serve(app: Flask, notice: Notice, **options: Any) -> None:
    """Answer requests until notice is given and what was under way is answered."""
    sockets: dict[int, Any] = {}
    server = waitress.create_server(app, map=sockets, **options)
    while not notice.given:
        wasyncore.loop(timeout=TICK, map=sockets, count=1)
    log.info("stopping")
    for listener in [each for each in sockets.values() if each.accepting]:
        wasyncore.dispatcher.close(listener)
    ends = monotonic() + PATIENCE
    while _under_way(sockets) and monotonic() < ends:
        wasyncore.loop(timeout=TICK, map=sockets, count=1)
    server.task_dispatcher.shutdown(timeout=0.1)


def _under_way(sockets: dict[int, Any]) -> bool:
    """Whether a request is still being answered; connections that are only kept open are closed."""
    busy = False
    for channel in [each for each in sockets.values() if isinstance(each, HTTPChannel)]:
        if channel.requests or channel.total_outbufs_len:
            busy = True
        else:
            channel.handle_close()
    return busy


def end(house: House, jobs: BackgroundScheduler | None) -> NoReturn:
    """Let the jobs come to an end, leave the database in one piece, and end with 0.

    Whatever still hangs after that is taken back like after a power cut.
    """
    if jobs is not None:
        ending = Thread(target=jobs.shutdown, daemon=True)
        ending.start()
        ending.join(PATIENCE)
    house.database.fold()
    house.database.engine.dispose()
    log.info("stopped")
    logging.shutdown()
    os._exit(0)
