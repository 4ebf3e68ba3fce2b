"""The trail: one chain of entries per council and one (chain 0) for the installation."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base

INSTALLATION_CHAIN = 0


class ChainHead(Base):
    """The last link of a chain; locked while the next is forged, so that a chain never forks."""

    __tablename__ = "audit_heads"
    __audited__ = False

    chain: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(sa.String(64))


class Entry(Base):
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
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    prev_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))
    body: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(sa.String(60))
    actor_id: Mapped[int | None]
    account_id: Mapped[int | None]
