"""The tables of two-step sign-in: what people prove themselves with, those half in, and resets by two persons."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base, of_person, one_of_its_council, words
from registry.core.tenants import OfCouncil


class FirstStep(StrEnum):
    """How somebody first said who they are."""

    PASSWORD = "password"  # noqa: S105
    OUTSIDE = "outside"  # the council's own sign-in (OpenID Connect)
    PASSKEY = "passkey"  # a passkey alone: something they have and something they know or are, in one
    CHOSEN = "chosen"  # a demonstration's list of people


class Step(StrEnum):
    """With what somebody proves that it is really them."""

    PASSKEY = "passkey"
    APP = "app"
    RECOVERY_CODE = "recovery_code"


class Factor(Base):
    """A passkey (WebAuthn) or an authenticator app (RFC 6238) of a person.

    Of an app, the sealed seed and the last period whose code was used; of a passkey, its public half and how
    often its authenticator says it was used.
    """

    __tablename__ = "factors"
    __table_args__ = (
        sa.CheckConstraint(
            "(kind = 'passkey' AND credential_id IS NOT NULL AND public_key IS NOT NULL) "
            "OR (kind = 'app' AND seed IS NOT NULL)",
            name="whole",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    kind: Mapped[Step] = mapped_column(words(Step))
    name: Mapped[str] = mapped_column(sa.String(60))
    credential_id: Mapped[bytes | None] = mapped_column(sa.LargeBinary(1023), unique=True)
    public_key: Mapped[bytes | None] = mapped_column(sa.LargeBinary(2048))
    sign_count: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    seed: Mapped[bytes | None] = mapped_column(sa.LargeBinary(200))
    last_period: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of ten codes for the day when phone and passkey are lost; only its hash is kept, and it works once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (sa.UniqueConstraint("person_id", "code_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Ceremony:
    """What the server remembers between two pages of a proof or an enrolment.

    `challenge`: what a passkey is to sign, once, until `challenge_until`. `new_seed`: the sealed seed of an app that
    has not yet shown a right code.
    """

    challenge: Mapped[bytes | None] = mapped_column(sa.LargeBinary(64))
    challenge_until: Mapped[datetime | None]
    new_seed: Mapped[bytes | None] = mapped_column(sa.LargeBinary(200))


class HalfSignIn(Ceremony, Base):
    """A browser whose person has passed the first step and nothing else: it opens no page but the second step's.

    Nobody yet, where a passkey is to say by itself who it is. `provider`: the issuer of whoever vouched for them.
    """

    __tablename__ = "half_sign_ins"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    first_step: Mapped[FirstStep] = mapped_column(words(FirstStep))
    provider: Mapped[str] = mapped_column(sa.String(255), default="")
    begun_at: Mapped[datetime]
    wrong: Mapped[int] = mapped_column(default=0)

    @property
    def whose_id(self) -> int:
        """The person's number; where nobody has said yet who they are, there is none to ask for."""
        if self.person_id is None:
            raise LookupError("nobody has said yet whose sign-in this is")
        return self.person_id


class FactorReset(OfCouncil, Base):
    """Somebody lost everything they prove themselves with: one person asks to take it off them, another agrees.

    `due_at`: when it takes effect once agreed; a day later for those with a role, who are told and may stop it.
    """

    __tablename__ = "factor_resets"
    __table_args__ = (
        of_person("person_id"),
        of_person("asked_by"),
        of_person("agreed_by"),
        of_person("stopped_by"),
        one_of_its_council(),
        sa.CheckConstraint("asked_by <> person_id AND agreed_by <> asked_by AND agreed_by <> person_id", name="two"),
        sa.Index("ix_factor_resets_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    person_id: Mapped[int]
    evidence: Mapped[str] = mapped_column(sa.String(500))
    asked_by: Mapped[int]
    asked_at: Mapped[datetime]
    agreed_by: Mapped[int | None]
    agreed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    stopped_by: Mapped[int | None]
    stopped_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
