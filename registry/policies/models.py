"""Policies, their versions with frozen text, and who signed which."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.core.database import Base, of_person, one_of_its_council, same_council, words
from registry.core.tenants import OfCouncil


class Policy(OfCouncil, Base):
    """A policy document of the council. The one that `opens_gate` must be signed before access (002 §19.2)."""

    __tablename__ = "policies"
    __table_args__ = (
        one_of_its_council(),
        sa.UniqueConstraint("council_id", "title"),
        sa.Index(
            "uq_policies_gate",
            "council_id",
            unique=True,
            sqlite_where=sa.text("opens_gate"),
            postgresql_where=sa.text("opens_gate"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    title: Mapped[str] = mapped_column(sa.String(160))
    number: Mapped[str] = mapped_column(sa.String(40), default="")
    document_number: Mapped[str] = mapped_column(sa.String(40), default="")
    owner: Mapped[str] = mapped_column(sa.String(120), default="")
    review_team: Mapped[str] = mapped_column(sa.String(120), default="")
    opens_gate: Mapped[bool] = mapped_column(default=False)
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}


class VersionState(StrEnum):
    """A draft never takes effect by itself: the old version stays in force (000 §4)."""

    DRAFT = "draft"
    PUBLISHED = "published"


class PolicyVersion(OfCouncil, Base):
    """One text of a policy, frozen once published.

    `is_minor`: a correction that asks nobody to sign again. `sign_by_on`: the last day of grace for those
    who signed an earlier version, settled at publication. `text_hash`: SHA-256 of the text in hexadecimal.
    """

    __tablename__ = "policy_versions"
    __table_args__ = (
        one_of_its_council(),
        same_council("policy_id", "policies"),
        of_person("published_by"),
        sa.UniqueConstraint("council_id", "policy_id", "version"),
        sa.CheckConstraint("(state = 'draft') = (effective_on IS NULL)", name="published_has_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    policy_id: Mapped[int]
    version: Mapped[str] = mapped_column(sa.String(20))
    text: Mapped[str] = mapped_column(sa.Text)
    text_hash: Mapped[str] = mapped_column(sa.String(64))
    summary_of_changes: Mapped[str] = mapped_column(sa.Text, default="")
    is_minor: Mapped[bool] = mapped_column(default=False)
    state: Mapped[VersionState] = mapped_column(words(VersionState), default=VersionState.DRAFT)
    approved_by: Mapped[str] = mapped_column(sa.String(120), default="")
    minute_ref: Mapped[str] = mapped_column(sa.String(80), default="")
    published_on: Mapped[date | None]
    published_by: Mapped[int | None]
    effective_on: Mapped[date | None]
    sign_by_on: Mapped[date | None]
    review_due_on: Mapped[date | None]
    lock: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]

    policy: Mapped[Policy] = relationship(
        lazy="joined",
        innerjoin=True,
        viewonly=True,
        foreign_keys="PolicyVersion.policy_id",
        primaryjoin="Policy.id == PolicyVersion.policy_id",
    )

    __mapper_args__ = {"version_id_col": lock}


class SignOff(OfCouncil, Base):
    """A person agreed to one exact text (004 §10.1)."""

    __tablename__ = "sign_offs"
    __table_args__ = (
        one_of_its_council(),
        same_council("policy_version_id", "policy_versions"),
        of_person("person_id"),
        sa.UniqueConstraint("council_id", "person_id", "policy_version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    person_id: Mapped[int]
    policy_version_id: Mapped[int]
    text_hash: Mapped[str] = mapped_column(sa.String(64))
    method: Mapped[str] = mapped_column(sa.String(40), default="in the register")
    signed_at: Mapped[datetime]
