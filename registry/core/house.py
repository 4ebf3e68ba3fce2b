"""What every act needs, held in one hand: settings, clock, database, the register's own key and the trail's sinks."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sqlalchemy.orm import Session

from registry.core.authkey import AuthKey
from registry.core.clock import Clock
from registry.core.database import Database
from registry.core.settings import Settings
from registry.core.tenants import Beyond
from registry.core.work import Sink, Work


class Place(Protocol):
    """Where an act happens: a council, with its number and its time zone."""

    @property
    def id(self) -> int:
        """Its number."""
        ...

    @property
    def time_zone(self) -> str:
        """The name of its time zone."""
        ...


@dataclass(frozen=True)
class House:
    """The means by which views, commands and jobs do their work, all through the same door."""

    settings: Settings
    clock: Clock
    database: Database
    sinks: tuple[Sink, ...]
    refusal: StrEnum
    auth_key: AuthKey

    def work(self, actor_id: int | None, place: Place | None, door: str, reach: Beyond = Beyond.INSTALLATION) -> Work:
        """Open a piece of work, in a council or on the installation; use it as a context manager.

        On the installation the keeper's reach may read what it changes nothing of.
        """
        return Work(
            session=self.database.writer(place.id if place else reach),
            auth_key=self.auth_key,
            actor_id=actor_id,
            council_id=place.id if place else None,
            now=self.clock.now(),
            zone=place.time_zone if place else "UTC",
            door=door,
            refusal=self.refusal,
            sinks=self.sinks,
        )

    @contextmanager
    def reading(self, place: Place | Beyond) -> Iterator[Session]:
        """A session for looking, in a council or beyond any, for the length of a block."""
        with self.database.reading(place if isinstance(place, Beyond) else place.id) as session:
            yield session
