"""The trail: one chain of entries per council and one (chain 0) for the installation."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, synonym

from registry.core.database import Base
from registry.core.tenants import OfCouncil

INSTALLATION_CHAIN = 0


class ChainHead(OfCouncil, Base):
    """The last link of a chain; locked while the next is forged, so that a chain never forks.

    `frontier`: the tree over its entries as far as it has grown, so that a checkpoint need not read them all.
    """

    __tablename__ = "audit_heads"
    __audited__ = False

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    council_id = synonym("chain")
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(sa.String(64))
    frontier: Mapped[str] = mapped_column(sa.Text, default="")


class Entry(OfCouncil, Base):
    """One link. `body` is the canonical JSON that was hashed; all that is shown comes from it.

    The other columns repeat parts of the body so that the trail can be searched; verifying compares them.
    """

    __tablename__ = "audit_entries"
    __audited__ = False
    __table_args__ = (
        sa.UniqueConstraint("chain", "prev_hash"),
        sa.Index("ix_audit_entries_account", "chain", "account_id", "seq"),
        sa.Index("ix_audit_entries_actor", "chain", "actor_id", "seq"),
        sa.Index("ix_audit_entries_act", "chain", "act", "seq"),
        sa.Index("ix_audit_entries_at", "chain", "at"),
    )

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    council_id = synonym("chain")
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    prev_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))
    body: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(sa.String(60))
    actor_id: Mapped[int | None]
    account_id: Mapped[int | None]


class Sealed(OfCouncil, Base):
    """What an entry says of somebody, sealed under that person's own key; the entry holds the hash of it."""

    __tablename__ = "audit_sealed"
    __audited__ = False

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    council_id = synonym("chain")
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ciphertext: Mapped[bytes]


class PersonKey(Base):
    """The key of somebody's details in the trail, itself sealed by the register's own; without it they are erased."""

    __tablename__ = "person_keys"
    __audited__ = False

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[bytes | None]
    made_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class Checkpoint(OfCouncil, Base):
    """A signed statement of what a chain was at a size; a copy is kept by people outside.

    `frontier`: the tree at that size. `key`: the public key of the signature, as verifiers take it.
    """

    __tablename__ = "audit_checkpoints"
    __audited__ = False

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    council_id = synonym("chain")
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    frontier: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text)
    key: Mapped[str] = mapped_column(sa.String(300))
    signed_at: Mapped[datetime]


class Finding(OfCouncil, Base):
    """Something the last night's verification found in a council's trail, or in a row that the trail tells of."""

    __tablename__ = "audit_findings"
    __audited__ = False
    __table_args__ = (sa.UniqueConstraint("council_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    place: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(60))
    found_at: Mapped[datetime]
