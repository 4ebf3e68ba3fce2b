"""People, the councils they work for, the hats they wear, and where they are signed in."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.core.database import Base, of_person, one_of_its_council, words
from registry.core.tenants import OfCouncil
from registry.identity.factors import Ceremony, FirstStep, Step
from registry.vocabulary.permissions import Role


class Person(Base):
    """Somebody, once in the installation however many councils they work for."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    added_at: Mapped[datetime]


class Terms(StrEnum):
    """On what terms somebody works for the council (002 §2.1; 004 §3.1)."""

    EMPLOYEE = "employee"
    CONTRACTOR = "contractor"
    AGENCY = "agency"
    VOLUNTEER = "volunteer"
    MEMBER = "member"


class OnTerms:
    """As what, on what terms and for how long somebody works for a council, and who answers for them there."""

    job_title: Mapped[str] = mapped_column(sa.String(120), default="")
    terms: Mapped[Terms] = mapped_column(words(Terms), default=Terms.EMPLOYEE)
    manager_id: Mapped[int | None]
    sponsor_id: Mapped[int | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]


class Employment(OnTerms, OfCouncil, Base):
    """A person works for a council from a day until a day; whoever does may sign in.

    Anyone but an employee has a sponsor and a last day from the start. `suspended_on`: since that day, and until
    somebody lifts it, nothing opens to them; why stands here alone, never in the trail.
    """

    __tablename__ = "employments"
    __table_args__ = (
        of_person("manager_id"),
        of_person("sponsor_id"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"),
        sa.Index("ix_employments_person", "person_id", "council_id"),
    )

    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    suspended_on: Mapped[date | None]
    suspended_why: Mapped[str] = mapped_column(sa.String(300), default="")
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}

    person: Mapped[Person] = relationship(lazy="joined", foreign_keys="Employment.person_id")

    @property
    def id(self) -> int:
        """The person's number: an employment is named by its person."""
        return self.person_id

    def holds_on(self, day: date) -> bool:
        """Whether the person works for the council on this day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class DeviceLoss(OfCouncil, Base):
    """Somebody lost, or was robbed of, a device on which they may have been signed in anywhere."""

    __tablename__ = "device_losses"
    __table_args__ = (
        one_of_its_council(),
        of_person("person_id"),
        of_person("reported_by"),
        sa.Index("ix_device_losses_person", "council_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    person_id: Mapped[int]
    device: Mapped[str] = mapped_column(sa.String(120))
    reported_by: Mapped[int]
    reported_at: Mapped[datetime]


class RoleGrant(OfCouncil, Base):
    """A hat given to a person in a council from a day until a day, and by whom.

    A hat of power is worn only once somebody else has confirmed it; `confirmed_by` is nobody where it needed none.
    """

    __tablename__ = "role_grants"
    __table_args__ = (
        of_person("person_id"),
        of_person("granted_by"),
        one_of_its_council(),
        of_person("confirmed_by"),
        sa.Index("ix_role_grants_person", "council_id", "person_id"),
        sa.CheckConstraint("granted_by <> person_id", name="given_by_another"),
        sa.CheckConstraint("confirmed_by <> person_id AND confirmed_by <> granted_by", name="confirmed_by_a_third"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="days_in_order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    person_id: Mapped[int]
    role: Mapped[Role] = mapped_column(words(Role))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    granted_by: Mapped[int | None]
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    confirmed_by: Mapped[int | None]
    confirmed_at: Mapped[datetime | None]


class SignInSession(Ceremony, Base):
    """A browser in which somebody is signed in. Only the hash of its token is kept.

    `confirmed_at`: when the person last proved that it is them. `by_passkey`: whether they did so by a passkey, which
    no false page can catch. `renewal_due`: their roles changed, and the token is to be a new one. `provider`: the
    issuer of whoever vouched for them at first. `wrong`: its wrong second factors since the last right one.
    """

    __tablename__ = "sign_in_sessions"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    browser: Mapped[str] = mapped_column(sa.String(80), default="")
    network: Mapped[str] = mapped_column(sa.String(50), default="")
    first_step: Mapped[FirstStep] = mapped_column(words(FirstStep), default=FirstStep.PASSWORD)
    second_step: Mapped[Step | None] = mapped_column(words(Step))
    provider: Mapped[str] = mapped_column(sa.String(255), default="")
    by_passkey: Mapped[bool] = mapped_column(default=False)
    renewal_due: Mapped[bool] = mapped_column(default=False)
    wrong: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(sa.String(40), default="")

    person: Mapped[Person] = relationship(lazy="joined")


class LinkPurpose(StrEnum):
    """What a single-use link is for."""

    SET_UP = "set_up"
    RESET = "reset"


class PasswordLink(Base):
    """A single-use link by which a person sets a password. Only the hash of its token is kept."""

    __tablename__ = "password_links"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    purpose: Mapped[LinkPurpose] = mapped_column(words(LinkPurpose))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class KnownDevice(Base):
    """A browser in which somebody once signed in wholly; only a keyed hash of its token is kept.

    It opens nothing. It lets its owner's tries be counted apart from those of strangers (OWASP, device cookies).
    """

    __tablename__ = "known_devices"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    seen_at: Mapped[datetime]


class OutsideIdentity(Base):
    """Who somebody is at an identity provider: by its issuer and its subject there, never by an address of e-mail.

    `known_as` is what the provider called them when they connected, for their own eyes; nothing goes by it.
    """

    __tablename__ = "outside_identities"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"), sa.UniqueConstraint("person_id", "issuer"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    issuer: Mapped[str] = mapped_column(sa.String(255))
    subject: Mapped[str] = mapped_column(sa.String(255))
    known_as: Mapped[str] = mapped_column(sa.String(254), default="")
    connected_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="joined")


class OutsideAnswer(Base):
    """An answer of a provider that was taken: each question is answered once."""

    __tablename__ = "outside_answers"
    __audited__ = False

    state_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    at: Mapped[datetime]
