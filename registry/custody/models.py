"""Credentials in encrypted custody, who asked to see them, and who has."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from registry.core.database import Base, of_person, one_of_its_council, same_council, words
from registry.core.tenants import OfCouncil


class CouncilKey(OfCouncil, Base):
    """A council's key, wrapped by the root key; it wraps the data key of every secret version.

    A retired one seals nothing any more; destroyed, its wrapped bytes are gone. `marking` is the wrapped key of the
    fingerprints, handed on from key to key; without it, this key is the council's first and derives it itself.
    """

    __tablename__ = "council_keys"
    __table_args__ = (sa.UniqueConstraint("council_id", "version"),)

    id: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    version: Mapped[int]
    wrapped: Mapped[bytes | None]
    marking: Mapped[bytes | None]
    root_key_id: Mapped[str] = mapped_column(sa.String(40))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    destroyed_at: Mapped[datetime | None]


class Kind(StrEnum):
    """What sort of secret a credential is."""

    PASSWORD = "password"  # noqa: S105
    TOTP = "totp"
    RECOVERY_CODES = "recovery_codes"
    API_TOKEN = "api_token"  # noqa: S105


class Credential(OfCouncil, Base):
    """Something that opens an account. Its value lives in its secret versions, never here.

    `label` and `notes` are plain; editing them is not a rotation. `field` is the name bound into the envelope.
    `one_holder`: it is seen only by whoever has it checked out. `doubted_at`: when the account's password was changed,
    which makes many platforms forget the recovery codes; none once somebody has looked that these still hold.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        one_of_its_council(),
        same_council("account_id", "accounts"),
        sa.Index("ix_credentials_account", "council_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    account_id: Mapped[int]
    kind: Mapped[Kind] = mapped_column(words(Kind))
    label: Mapped[str] = mapped_column(sa.String(120), default="")
    sign_in_name: Mapped[str] = mapped_column(sa.String(200), default="")
    notes: Mapped[str] = mapped_column(sa.Text, default="")
    current_version: Mapped[int] = mapped_column(default=0)
    deposited_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    one_holder: Mapped[bool] = mapped_column(default=False)
    doubted_at: Mapped[datetime | None]
    destroyed_at: Mapped[datetime | None]
    lock: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": lock}

    @property
    def field(self) -> str:
        """The name under which the envelope binds this credential."""
        return f"{self.kind.value}/{self.id}"


class SecretVersion(OfCouncil, Base):
    """One value a credential has had, sealed. A destroyed version has no envelope any more.

    `items`: how many recovery codes were counted in it; none for other kinds, and for lists older than the counting.
    `weaknesses`: what was weak about the value when it came, as codes; it is not opened to look again.
    `resealed_at`: when the value was last put under a fresh data key, if it was.
    """

    __tablename__ = "secret_versions"
    __table_args__ = (
        one_of_its_council(),
        same_council("credential_id", "credentials"),
        of_person("deposited_by"),
        sa.UniqueConstraint("council_id", "credential_id", "version"),
        sa.CheckConstraint("(envelope IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed_is_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    credential_id: Mapped[int]
    version: Mapped[int]
    envelope: Mapped[bytes | None]
    fingerprint: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    items: Mapped[int | None]
    weaknesses: Mapped[str] = mapped_column(sa.String(120), default="")
    deposited_by: Mapped[int]
    deposited_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]
    resealed_at: Mapped[datetime | None]


class Purpose(StrEnum):
    """What a reveal shows: the value itself, only the code of the moment, or one recovery code of the list."""

    VALUE = "value"
    CODE = "code"
    ONE_OF_LIST = "one_of_list"


class RevealGrant(OfCouncil, Base):
    """Leave to see one secret once, within 60 seconds, in one session. Only its token's hash is kept.

    `look_id`: the request to which a second person agreed. `glass_id`: the emergency that did not wait for one.
    """

    __tablename__ = "reveal_grants"
    __table_args__ = (
        one_of_its_council(),
        same_council("secret_version_id", "secret_versions"),
        same_council("look_id", "look_requests"),
        same_council("glass_id", "break_glass"),
        of_person("person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    secret_version_id: Mapped[int]
    person_id: Mapped[int]
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("sign_in_sessions.id"))
    purpose: Mapped[Purpose] = mapped_column(words(Purpose))
    reason: Mapped[str] = mapped_column(sa.String(300))
    look_id: Mapped[int | None]
    glass_id: Mapped[int | None]
    granted_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ExposureKind(StrEnum):
    """How somebody came to know a value.

    `BREAK_GLASS` and `CHECKED_OUT` (noted when the check-out ends) make the version due to be changed, whoever it was.
    """

    TYPED = "typed"
    REVEALED = "revealed"
    BREAK_GLASS = "break_glass"
    CHECKED_OUT = "checked_out"


DUE_AT_ONCE = (ExposureKind.BREAK_GLASS, ExposureKind.CHECKED_OUT)
"""Ways of knowing after which a value is to be changed in any case."""


class Exposure(OfCouncil, Base):
    """A person has known this version of a secret, since when and how often they looked."""

    __tablename__ = "exposures"
    __table_args__ = (
        one_of_its_council(),
        same_council("secret_version_id", "secret_versions"),
        of_person("person_id"),
        sa.UniqueConstraint("council_id", "secret_version_id", "person_id", "kind"),
        sa.Index("ix_exposures_person", "council_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("councils.id"))
    secret_version_id: Mapped[int]
    person_id: Mapped[int]
    kind: Mapped[ExposureKind] = mapped_column(words(ExposureKind))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
