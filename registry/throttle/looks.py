"""How often strangers look: counted in memory, as looking writes nothing and gives nothing away.

Each process counts for itself. A network that looks more often than a reader could is asked to wait.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock

from registry.core.errors import Throttled

MOST, WITHIN = 300, timedelta(minutes=1)
NETWORKS = 10_000
"""Remembered at once; whoever was longest away is forgotten first."""


class Looks:
    """Looks by network in the minute that is running."""

    def __init__(self, most: int = MOST, within: timedelta = WITHIN, networks: int = NETWORKS) -> None:
        self._most, self._within, self._networks = most, within, networks
        self._counts: OrderedDict[str, tuple[datetime, int]] = OrderedDict()
        self._one = Lock()

    def look(self, network: str, now: datetime) -> None:
        """Count a look; raises `Throttled` when there were too many."""
        with self._one:
            began, count = self._counts.pop(network, (now, 0))
            if now - began >= self._within:
                began, count = now, 0
            self._counts[network] = (began, count + 1)
            if len(self._counts) > self._networks:
                self._counts.popitem(last=False)
        if count >= self._most:
            raise Throttled(began + self._within - now)
