"""The register: service areas and the accounts they answer for."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.core.database import Base, of_person, one_of_its_council, same_council, words
from registry.core.tenants import OfCouncil
from registry.councils.models import Risk


class ServiceArea(OfCouncil, Base):
    """The team answerable for an account (002 §16.2); its manager names its editors."""

    __tablename__ = "service_areas"
    __table_args__ = (
        one_of_its_council(),
        of_person("manager_id"),
        sa.UniqueConstraint("council_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    manager_id: Mapped[int | None]
    ended_on: Mapped[date | None]
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}

    def answers_on(self, day: date) -> bool:
        """Whether the team answers for accounts on this day."""
        return self.ended_on is None or day <= self.ended_on


class AccountState(StrEnum):
    """Where an account stands. Dormant is a flag, never a state."""

    PROPOSED = "proposed"
    AUTHORISED = "authorised"
    LIVE = "live"
    MOTHBALLED = "mothballed"
    CLOSED = "closed"
    HANDED_OVER = "handed_over"


IN_USE = (AccountState.AUTHORISED, AccountState.LIVE, AccountState.MOTHBALLED)
ENDED = (AccountState.CLOSED, AccountState.HANDED_OVER)


class Account(OfCouncil, Base):
    """An authorised presence: where, under which name, for what, and who answers for it.

    `handle_key` is the handle normalised for its platform: what makes two spellings one account.
    `cadence_days`: agreed days between posts (None: the council's default). `last_posted_on`, `next_review_on`,
    `last_reviewed_on`, `open_flags` and `worst_flag` are kept by activity, reviews and the sweep for the list's sake.
    `under_closure` is set while a closure is being worked through.
    """

    __tablename__ = "accounts"
    __derived__ = frozenset({"open_flags", "worst_flag"})
    __table_args__ = (
        one_of_its_council(),
        same_council("service_area_id", "service_areas"),
        same_council("paired_account_id", "accounts"),
        of_person("responsible_id"),
        sa.UniqueConstraint("council_id", "platform", "handle_key"),
        sa.CheckConstraint("cadence_days IS NULL OR cadence_days > 0", name="cadence_positive"),
        sa.CheckConstraint("state NOT IN ('closed', 'handed_over') OR ended_on IS NOT NULL", name="ended_has_day"),
        sa.Index("ix_accounts_name", "council_id", "sort_name", "id"),
        sa.Index("ix_accounts_state", "council_id", "state", "id"),
        sa.Index("ix_accounts_area", "council_id", "service_area_id", "id"),
        sa.Index("ix_accounts_posted", "council_id", "last_posted_on", "id"),
        sa.Index("ix_accounts_review", "council_id", "next_review_on", "id"),
        sa.Index("ix_accounts_flags", "council_id", "open_flags", "id"),
        sa.Index("ix_accounts_platform_handle", "platform", "handle_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    public_id: Mapped[bytes] = mapped_column(sa.LargeBinary(16), unique=True)
    service_area_id: Mapped[int]
    platform: Mapped[str] = mapped_column(sa.String(40))
    handle: Mapped[str] = mapped_column(sa.String(200))
    handle_key: Mapped[str] = mapped_column(sa.String(200))
    url: Mapped[str] = mapped_column(sa.String(500))
    name: Mapped[str] = mapped_column(sa.String(200))
    sort_name: Mapped[str] = mapped_column(sa.String(200))
    platform_uid: Mapped[str] = mapped_column(sa.String(100), default="")
    state: Mapped[AccountState] = mapped_column(words(AccountState))
    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    audience: Mapped[str] = mapped_column(sa.Text, default="")
    for_children: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(sa.String(20), default="English")
    paired_account_id: Mapped[int | None]
    engagement: Mapped[str] = mapped_column(sa.Text, default="")
    cadence_days: Mapped[int | None]
    resources: Mapped[str] = mapped_column(sa.Text, default="")
    benchmarks: Mapped[str] = mapped_column(sa.Text, default="")
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    risk: Mapped[Risk] = mapped_column(words(Risk), default=Risk.NORMAL)
    responsible_id: Mapped[int | None]
    trial_ends_on: Mapped[date | None]
    planned_end_on: Mapped[date | None]
    authorised_on: Mapped[date | None]
    live_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    linked_from_website: Mapped[bool] = mapped_column(default=False)
    two_step_on: Mapped[bool] = mapped_column(default=False)
    branded: Mapped[bool] = mapped_column(default=True)
    public_note: Mapped[str] = mapped_column(sa.String(300), default="")
    mothball_review_on: Mapped[date | None]
    under_closure: Mapped[bool] = mapped_column(default=False)
    last_posted_on: Mapped[date | None]
    last_reviewed_on: Mapped[date | None]
    next_review_on: Mapped[date | None]
    open_flags: Mapped[int] = mapped_column(default=0)
    worst_flag: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    added_at: Mapped[datetime]

    service_area: Mapped[ServiceArea] = relationship(
        lazy="joined",
        innerjoin=True,
        viewonly=True,
        foreign_keys="Account.service_area_id",
        primaryjoin="ServiceArea.id == Account.service_area_id",
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_ended(self) -> bool:
        """Whether the account is no longer the council's to use."""
        return self.state in ENDED


class FormerName(OfCouncil, Base):
    """A handle an account once had; old names stay findable."""

    __tablename__ = "former_names"
    __table_args__ = (
        one_of_its_council(),
        same_council("account_id", "accounts"),
        sa.Index("ix_former_names_lookup", "platform", "handle_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int]
    account_id: Mapped[int]
    platform: Mapped[str] = mapped_column(sa.String(40))
    handle: Mapped[str] = mapped_column(sa.String(200))
    handle_key: Mapped[str] = mapped_column(sa.String(200))
    until_on: Mapped[date]


class ImportBatch(OfCouncil, Base):
    """A spreadsheet between upload and decision: nothing of it is in the register yet."""

    __tablename__ = "import_batches"
    __audited__ = False
    __table_args__ = (one_of_its_council(), of_person("person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    person_id: Mapped[int]
    filename: Mapped[str] = mapped_column(sa.String(200))
    headings: Mapped[list[object]] = mapped_column(sa.JSON)
    rows: Mapped[list[object]] = mapped_column(sa.JSON)
    mapping: Mapped[dict[str, object]] = mapped_column(sa.JSON, default=dict)
    uploaded_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
