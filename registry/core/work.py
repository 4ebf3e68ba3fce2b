"""One piece of work: a session, an actor, one moment, and what happened in it.

Leaving the block is the only commit in the house. The sinks (the trail) write in the same transaction, so
no change lands without its entry and no entry without its change; a change that recorded nothing is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from sqlalchemy import event, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapper, ORMExecuteState, Session
from sqlalchemy.orm.exc import StaleDataError

from registry.core.authkey import AuthKey
from registry.core.clock import day_in
from registry.core.database import RowKey
from registry.core.errors import Conflict, Refused
from registry.core.failpoint import reached


class UnauditedChange(RuntimeError):
    """Audited rows changed, yet the work recorded no event."""


@dataclass(frozen=True)
class Subject:
    """What an act was done to: its kind, its number, and the account concerned if there is one."""

    kind: str
    id: int | None
    account_id: int | None = None


NOTHING = Subject("installation", None)


@dataclass(frozen=True)
class Occurrence:
    """Something that happened: the event's word, its subject, and plain details without secrets."""

    event: StrEnum
    subject: Subject
    detail: Mapping[str, Any] = field(default_factory=dict)
    outcome: str = "ok"


Sink = Callable[["Work", list[Occurrence]], None]


@dataclass
class Work:
    """An act of `actor_id` in `council_id` at `now`, open until the block is left.

    `actor_id` is None when the register itself acts (a job); `council_id` is None for acts on the installation.
    `door` names the view, job or command by which the actor came; a refusal is entered under it. `auth_key` seals what
    must be kept and not be read.
    """

    session: Session
    auth_key: AuthKey
    actor_id: int | None
    council_id: int | None
    now: datetime
    zone: str = "UTC"
    door: str = ""
    refusal: StrEnum | None = None
    sinks: tuple[Sink, ...] = ()
    occurrences: list[Occurrence] = field(default_factory=list)
    _touched: set[str] = field(default_factory=set)
    _rows: list[Any] = field(default_factory=list)
    _keys: dict[type[Any], set[RowKey]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day it is now in the council's time zone."""
        return day_in(self.zone, self.now)

    @property
    def council(self) -> int:
        """The council the act is in; an act on the installation has none and may not ask."""
        if self.council_id is None:
            raise LookupError("this work is in no council")
        return self.council_id

    @property
    def actor(self) -> int:
        """Who acts; an act of the register itself is nobody's and may not ask."""
        if self.actor_id is None:
            raise LookupError("this work is nobody's")
        return self.actor_id

    def record(self, happened: StrEnum, subject: Any = NOTHING, **detail: Any) -> None:
        """Say what happened, to what. Details are plain values and never secrets."""
        self.occurrences.append(Occurrence(happened, as_subject(subject), detail))

    def touch(self, table: type[Any], *keys: RowKey) -> None:
        """Say that these rows (by their primary keys) were written, where the session cannot see it."""
        self._keys.setdefault(table, set()).update(keys)

    @property
    def written(self) -> dict[type[Any], set[RowKey]]:
        """The audited rows that were added, changed or removed so far, by their primary keys."""
        found = {table: set(keys) for table, keys in self._keys.items()}
        for row in self._rows:
            identity = inspect(row).identity
            if identity is not None:  # what was added and taken back never was
                found.setdefault(type(row), set()).add(tuple(identity))
        return found

    def flush(self) -> None:
        """Send changes ahead so that new rows have their numbers; a lost race is a `Conflict`."""
        with _races_told():
            self.session.flush()

    def __enter__(self) -> Self:
        event.listen(self.session, "before_flush", self._watch_rows)
        event.listen(self.session, "do_orm_execute", self._watch_statements)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._land()
            elif isinstance(error, Refused) and self.refusal:
                self._enter_refusal(error, self.refusal)
        finally:
            event.remove(self.session, "before_flush", self._watch_rows)
            event.remove(self.session, "do_orm_execute", self._watch_statements)
            self.session.close()

    def _land(self) -> None:
        self.flush()
        if self._touched and not self.occurrences:
            raise UnauditedChange(f"{self.door}: {', '.join(sorted(self._touched))} changed and nothing was recorded")
        self._commit()

    def _commit(self) -> None:
        reached("before_event")
        for sink in self.sinks:
            sink(self, self.occurrences)
        reached("before_commit")
        self.session.commit()
        reached("after_commit")

    def _enter_refusal(self, refused: Refused, happened: StrEnum) -> None:
        self.session.rollback()
        self._rows, self._keys = [], {}
        detail = {"door": self.door, "reasons": [str(reason) for reason in refused.reasons]}
        self.occurrences = [Occurrence(happened, NOTHING, detail, outcome="refused")]
        self._commit()

    def _watch_rows(self, session: Session, *_: Any) -> None:
        for row in (*session.new, *session.dirty, *session.deleted):
            if row.__audited__ and (row not in session.dirty or session.is_modified(row)):
                self._touched.add(type(row).__name__)
                self._rows.append(row)

    def _watch_statements(self, state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            mapper = state.bind_mapper
            if mapper is None or mapper.class_.__audited__:
                self._touched.add(mapper.class_.__name__ if mapper else "a table")
                if mapper is not None and not state.is_insert:
                    self._touch_found(mapper, state)

    def _touch_found(self, mapper: Mapper[Any], state: ORMExecuteState) -> None:
        """Note the rows that a statement is about to change: those that its condition finds now."""
        if isinstance(state.parameters, list):  # many rows by their primary keys
            names = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
            self.touch(mapper.class_, *(tuple(row[name] for name in names) for row in state.parameters))
            return
        condition = state.statement.whereclause  # type: ignore[attr-defined]
        query = select(*mapper.primary_key)
        found = self.session.execute(query if condition is None else query.where(condition), state.parameters)
        self.touch(mapper.class_, *(tuple(row) for row in found))


def as_subject(thing: Any) -> Subject:
    """Name a row (or a `Subject` already made) the way the trail names it."""
    if isinstance(thing, Subject):
        return thing
    kind = type(thing).__name__
    account = thing.id if kind == "Account" else getattr(thing, "account_id", None)
    return Subject(kind, thing.id, account)


class _races_told:  # noqa: N801 (reads as a phrase)
    """Turns the database's two ways of saying "somebody was first" into `Conflict`."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, StaleDataError):
            raise Conflict(
                "Somebody else changed this while you were working on it. Look at it again, then decide."
            ) from error
        if isinstance(error, IntegrityError) and is_unique_race(error):
            raise Conflict("Somebody else has just entered the same thing. Look at the list again.") from error


def is_unique_race(error: IntegrityError) -> bool:
    """Tell a broken uniqueness (somebody was first) from any other broken constraint."""
    return getattr(error.orig, "sqlstate", "") == "23505" or "UNIQUE constraint" in str(error.orig)
