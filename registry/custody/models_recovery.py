"""The ways back into an account: the ledger of its recovery codes, and who holds its recovery details."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base, of_person, one_of_its_council, same_council, words
from registry.core.tenants import OfCouncil


class CodeTaken(OfCouncil, Base):
    """One code of a list was taken, and so is spent: which, by whom, when and why. The code itself is never here."""

    __tablename__ = "recovery_codes_taken"
    __table_args__ = (
        one_of_its_council(),
        same_council("secret_version_id", "secret_versions"),
        of_person("person_id"),
        sa.UniqueConstraint("council_id", "secret_version_id", "position"),
        sa.CheckConstraint("position > 0", name="counted_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    secret_version_id: Mapped[int]
    position: Mapped[int]
    person_id: Mapped[int]
    reason: Mapped[str] = mapped_column(sa.String(300))
    taken_at: Mapped[datetime]


class DetailKind(StrEnum):
    """By what a platform lets somebody back in who lost the password."""

    EMAIL = "email"
    PHONE = "phone"
    SIM = "sim"
    DEVICE = "device"


class RecoveryDetail(OfCouncil, Base):
    """A recovery address, number, card or device of an account, and who has it: a person, or a place in words."""

    __tablename__ = "recovery_details"
    __table_args__ = (
        one_of_its_council(),
        same_council("account_id", "accounts"),
        of_person("holder_id"),
        of_person("added_by"),
        sa.Index("ix_recovery_details_account", "council_id", "account_id"),
        sa.CheckConstraint("holder_id IS NOT NULL OR place <> ''", name="somewhere"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    account_id: Mapped[int]
    kind: Mapped[DetailKind] = mapped_column(words(DetailKind))
    value: Mapped[str] = mapped_column(sa.String(200))
    holder_id: Mapped[int | None]
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    notes: Mapped[str] = mapped_column(sa.String(300), default="")
    added_by: Mapped[int]
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}
