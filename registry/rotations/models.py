"""What must be rotated and why, and what was ticked on the way."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base, of_person, one_of_its_council, same_council, words
from registry.core.tenants import OfCouncil


class Cause(StrEnum):
    """Why a value is no longer safe with somebody who knows it."""

    LEFT = "left"
    SUSPENDED = "suspended"
    NOT_NAMED = "not_named"
    UNTRAINED = "untrained"
    UNSIGNED = "unsigned"
    DEVICE_LOST = "device_lost"
    USED_UP = "used_up"


class Item(StrEnum):
    """What a new value alone does not mend, and somebody must look at on the platform."""

    SESSIONS = "sessions"
    STRANGERS = "strangers"
    RECOVERY = "recovery"


class Rotation(OfCouncil, Base):
    """A value that became due: it was safe no longer with `person_id`, for the cause that was noticed first.

    It stays due though that person trains again or comes back; only another value makes it changed, and only the
    whole checklist closes it. A credential has one open task at a time.
    """

    __tablename__ = "rotations"
    __table_args__ = (
        one_of_its_council(),
        same_council("account_id", "accounts"),
        same_council("credential_id", "credentials"),
        same_council("secret_version_id", "secret_versions"),
        of_person("person_id"),
        of_person("closed_by"),
        sa.UniqueConstraint("council_id", "secret_version_id"),
        sa.Index(
            "uq_rotations_open", "council_id", "credential_id", unique=True,
            sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_somebody"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    account_id: Mapped[int]
    credential_id: Mapped[int]
    secret_version_id: Mapped[int]
    person_id: Mapped[int]
    cause: Mapped[Cause] = mapped_column(words(Cause))
    why: Mapped[str] = mapped_column(sa.String(300))
    since_on: Mapped[date]
    noticed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]


class RotationTick(OfCouncil, Base):
    """Somebody says that an item of a rotation's checklist is done."""

    __tablename__ = "rotation_ticks"
    __table_args__ = (
        one_of_its_council(),
        same_council("rotation_id", "rotations"),
        of_person("ticked_by"),
        sa.UniqueConstraint("council_id", "rotation_id", "item"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    rotation_id: Mapped[int]
    item: Mapped[Item] = mapped_column(words(Item))
    ticked_by: Mapped[int]
    ticked_at: Mapped[datetime]
