"""Who is named to act for a service area, with dates."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base, of_person, one_of_its_council, same_council
from registry.core.tenants import OfCouncil


class Editorship(OfCouncil, Base):
    """A person named by a service area's manager to act for it, from a day until a day (002 §19.2)."""

    __tablename__ = "editorships"
    __table_args__ = (
        one_of_its_council(),
        same_council("service_area_id", "service_areas"),
        of_person("person_id"),
        of_person("named_by"),
        of_person("ended_by"),
        sa.Index("ix_editorships_area_person", "council_id", "service_area_id", "person_id"),
        sa.Index("ix_editorships_person", "council_id", "person_id"),
        sa.Index(
            "uq_editorships_open", "council_id", "service_area_id", "person_id", unique=True,
            sqlite_where=sa.text("ends_on IS NULL"), postgresql_where=sa.text("ends_on IS NULL"),
        ),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    service_area_id: Mapped[int]
    person_id: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    named_by: Mapped[int]
    named_at: Mapped[datetime]
    naming_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    ended_by: Mapped[int | None]
    ending_reason: Mapped[str] = mapped_column(sa.String(300), default="")
