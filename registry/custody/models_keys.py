"""The keys of custody as the database knows them: wrapped, named, and never in clear."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base, of_person, one_of_its_council, words
from registry.core.tenants import OfCouncil


class RootKeyRecord(Base):
    """A root key by its public id: who holds it, what only it opens, and since when it counts. Never the key.

    `provider` names whoever holds it (see `roots`); `parameters` is what a passphrase is stretched with. `auth_key` is
    the register's own key wrapped by it, so that recovery brings both back. `bridge` is this key sealed for the one
    before it, as long as only the recovery shares of that one are in people's hands.
    """

    __tablename__ = "root_keys"

    id: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    provider: Mapped[str] = mapped_column(sa.String(20))
    parameters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    canary: Mapped[bytes]
    auth_key: Mapped[bytes | None]
    bridge: Mapped[bytes | None]
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Renewal(StrEnum):
    """What a rotation renews: the council's key, or the data key of every value."""

    COUNCIL = "council"
    DATA = "data"


class KeyRotation(OfCouncil, Base):
    """A rotation in one council, which may be cut off at any moment and goes on where it was.

    `reached`: the last version it came to. `done` were renewed; `failed` would not open and were left as they are.
    """

    __tablename__ = "key_rotations"
    __table_args__ = (
        one_of_its_council(),
        of_person("started_by"),
        sa.Index(
            "uq_key_rotations_running", "council_id", unique=True,
            sqlite_where=sa.text("finished_at IS NULL"), postgresql_where=sa.text("finished_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    renews: Mapped[Renewal] = mapped_column(words(Renewal))
    started_by: Mapped[int | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    reached: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)


class RecoverySet(Base):
    """Recovery shares of one root key: any `needed` of its holders bring it back. It counts once so many of them have
    typed theirs back. `mark` stands on every share, so that shares of two sets are never mixed."""

    __tablename__ = "recovery_sets"

    id: Mapped[int] = mapped_column(primary_key=True)
    root_key_id: Mapped[str] = mapped_column(sa.ForeignKey("root_keys.id"))
    mark: Mapped[str] = mapped_column(sa.String(6), unique=True)
    needed: Mapped[int]
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    rehearsed_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class RecoveryShare(Base):
    """One holder's share: a proof to check what they type, and, until they have seen it once, the share sealed."""

    __tablename__ = "recovery_shares"
    __table_args__ = (sa.UniqueConstraint("set_id", "number"), sa.UniqueConstraint("set_id", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(sa.ForeignKey("recovery_sets.id"))
    number: Mapped[int]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    proof: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    sealed: Mapped[bytes | None]
    shown_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    rehearsed_at: Mapped[datetime | None]


class RecoveryWrap(Base):
    """The root key, sealed for one group of holders."""

    __tablename__ = "recovery_wraps"
    __table_args__ = (sa.UniqueConstraint("set_id", "numbers"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(sa.ForeignKey("recovery_sets.id"))
    numbers: Mapped[str] = mapped_column(sa.String(40))
    wrapped: Mapped[bytes]
