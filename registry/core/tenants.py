"""The first wall between councils: every session knows how far it may look.

A session stands in one council for its whole life and sees only that council's rows, whatever a query forgot to ask.
What belongs to no council (people, their sign-ins, the list of councils, the jobs' bookkeeping) is reached from
`INSTALLATION`; the keeper's commands and the sweep's first look read everything as `KEEPER`, and write nothing there.
Statements on bare tables (`Model.__table__`) and in text pass this wall by: PostgreSQL's own policies stand behind it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql import visitors


class OfCouncil:
    """The mark of a table whose rows belong to a council each: `class Thing(OfCouncil, Base)`."""

    council_id: Mapped[Any] = mapped_column(sa.Integer)


class Beyond(StrEnum):
    """How far a session looks that stands in no council."""

    INSTALLATION = "installation"
    KEEPER = "keeper"


Reach = int | Beyond
"""A council's number, or why a session looks beyond any."""

SHARED = frozenset({"employments", "offers", "role_grants", "factor_resets", "outbox_messages", "council_keys"})
"""What the installation itself needs of the councils' tables, besides the trail: who works where with which hats, is
asked to, and may begin their second step anew; messages, and the councils' keys when the root key that wraps them is
renewed."""


WHERE = sa.text("SELECT set_config('app.council_id', :council, true), set_config('app.reach', :reach, true)")


class WrongCouncil(RuntimeError):
    """A session was about to look or write where it does not stand. A fault of ours, never of a visitor."""


class CouncilSession(Session):
    """A session with a reach."""


def reach_of(session: Session) -> Reach:
    """How far a session looks."""
    reach: Reach = session.info.get("reach", Beyond.INSTALLATION)
    return reach


def stand_in(session: Session, council_id: int) -> None:
    """Let a session that came from the door stand in a council, once and for good."""
    if reach_of(session) not in (Beyond.INSTALLATION, council_id):
        raise WrongCouncil(f"a session of {reach_of(session)} cannot stand in council {council_id}")
    _reach(session, council_id)


@contextmanager
def beyond(session: Session) -> Iterator[Session]:
    """Ask something of the whole installation in the midst of a council's work: who is this, where do they work?"""
    before = reach_of(session)
    if isinstance(before, Beyond):
        yield session
        return
    session.flush()
    _reach(session, Beyond.INSTALLATION)
    try:
        yield session
        session.flush()
    except SQLAlchemyError:
        session.info["reach"] = before  # the transaction is lost: its database takes no word more, and none is needed
        raise
    except BaseException:
        _reach(session, before)
        raise
    _reach(session, before)


def _reach(session: Session, reach: Reach) -> None:
    session.info["reach"] = reach
    if session.in_transaction():
        _tell_database(session.connection(), reach)
    for row in () if isinstance(reach, Beyond) else list(session.identity_map.values()):
        if isinstance(row, OfCouncil) and row.council_id != reach:
            session.expunge(row)  # `get` would find it here without asking the database


@event.listens_for(CouncilSession, "after_begin")
def _begin_within(session: Session, _transaction: Any, connection: sa.Connection) -> None:
    _tell_database(connection, reach_of(session))


def _tell_database(connection: sa.Connection, reach: Reach) -> None:
    """Say for the length of the transaction where it stands: what PostgreSQL's policies go by."""
    if connection.dialect.name == "sqlite":
        return
    council, beyond_any = ("", reach.value) if isinstance(reach, Beyond) else (str(reach), "")
    connection.execute(WHERE, {"council": council, "reach": beyond_any})


@event.listens_for(CouncilSession, "do_orm_execute")
def _keep_within(state: ORMExecuteState) -> None:
    reach = reach_of(state.session)
    if not isinstance(reach, Beyond):
        if not state.is_relationship_load:  # these carry the option of the statement that began them
            state.statement = state.statement.options(_only(reach))
    elif reach is Beyond.INSTALLATION or not state.is_select:
        _refuse(reach, tenant_tables_in(state.statement))


@lru_cache(maxsize=512)
def _only(council_id: int) -> LoaderCriteriaOption:
    return with_loader_criteria(OfCouncil, lambda kind: kind.council_id == council_id, include_aliases=True)


@event.listens_for(CouncilSession, "before_flush")
def _write_within(session: Session, *_: Any) -> None:
    reach = reach_of(session)
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, OfCouncil):
            continue
        if isinstance(reach, Beyond):
            _refuse(reach, {row.__tablename__})  # type: ignore[attr-defined]
        elif row.council_id != reach:
            raise WrongCouncil(f"a session of council {reach} was about to write a {type(row).__name__} of another")


def _refuse(reach: Beyond, tables: set[str]) -> None:
    theirs = {name for name in tables - SHARED if not name.startswith("audit_")}
    if theirs:
        raise WrongCouncil(f"the {reach} may not touch {', '.join(sorted(theirs))} in no council")


def tenant_tables_in(statement: Any) -> set[str]:
    """The tables of councils' rows that a statement names anywhere in it."""
    named = {part.name for part in visitors.iterate(statement) if isinstance(part, sa.Table)}
    return named & _tenant_tables()


@lru_cache(maxsize=1)
def _tenant_tables() -> frozenset[str]:
    return frozenset(kind.__tablename__ for kind in tenant_classes())  # type: ignore[attr-defined]


def tenant_classes() -> set[type[OfCouncil]]:
    """Every mapped class whose rows belong to a council each."""
    found, ahead = set(), [OfCouncil]
    while ahead:
        kinds = ahead.pop().__subclasses__()
        found |= {kind for kind in kinds if hasattr(kind, "__tablename__")}
        ahead += kinds
    return found
