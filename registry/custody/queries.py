"""What is in custody and who knows it; nothing here opens anything."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, aliased

from registry.accounts.models import Account
from registry.core.database import get_one
from registry.custody.models import Credential, Exposure, ExposureKind, Kind, SecretVersion

ORDER = tuple(Kind)


@dataclass(frozen=True)
class Held:
    """A credential as the account's page shows it: the version in force, and who knows it."""

    credential: Credential
    version: SecretVersion
    exposures: Sequence[Exposure]


def has_credential() -> ColumnElement[bool]:
    """Whether anything is in custody for the `Account` of the surrounding query: for the flags."""
    lives = and_(
        Credential.council_id == Account.council_id,
        Credential.account_id == Account.id,
        Credential.destroyed_at.is_(None),
    )
    return select(Credential.id).where(lives).correlate(Account).exists()


def get_credential(session: Session, council_id: int, credential_id: int) -> Credential:
    """A credential of the council that has not been destroyed."""
    return get_one(
        session,
        select(Credential).where(
            Credential.council_id == council_id, Credential.id == credential_id, Credential.destroyed_at.is_(None)
        ),
    )


def list_kind(session: Session, council_id: int, account_id: int, kind: Kind) -> list[Credential]:
    """What is held of one kind for an account, the oldest first."""
    query = select(Credential).where(
        Credential.council_id == council_id,
        Credential.account_id == account_id,
        Credential.kind == kind,
        Credential.destroyed_at.is_(None),
    )
    return list(session.scalars(query.order_by(Credential.id)))


def alike(session: Session, council_id: int) -> dict[int, datetime]:
    """The credentials of a council that share account, kind and label with another, and when each was deposited: by
    that alone people tell them apart."""
    other = aliased(Credential)
    query = select(Credential.id, Credential.deposited_at).where(
        Credential.council_id == council_id,
        Credential.destroyed_at.is_(None),
        exists().where(
            other.council_id == Credential.council_id,
            other.account_id == Credential.account_id,
            other.kind == Credential.kind,
            other.label == Credential.label,
            other.id != Credential.id,
            other.destroyed_at.is_(None),
        ),
    )
    return {row.id: row.deposited_at for row in session.execute(query)}


def current_version(session: Session, credential: Credential) -> SecretVersion:
    """The version of a credential that is in force."""
    return session.scalars(
        select(SecretVersion).where(
            SecretVersion.council_id == credential.council_id,
            SecretVersion.credential_id == credential.id,
            SecretVersion.version == credential.current_version,
        )
    ).one()


def list_versions(session: Session, credential: Credential) -> list[SecretVersion]:
    """Every value a credential has had, the oldest first."""
    query = select(SecretVersion).where(
        SecretVersion.council_id == credential.council_id, SecretVersion.credential_id == credential.id
    )
    return list(session.scalars(query.order_by(SecretVersion.version)))


def find_exposure(session: Session, version: SecretVersion, person_id: int, kind: ExposureKind) -> Exposure | None:
    """How somebody came to know a version in this way, if they did."""
    return session.scalar(
        select(Exposure).where(
            Exposure.council_id == version.council_id,
            Exposure.secret_version_id == version.id,
            Exposure.person_id == person_id,
            Exposure.kind == kind,
        )
    )


def knows(session: Session, version: SecretVersion, person_id: int) -> bool:
    """Whether somebody knows a version, however they came to."""
    query = select(Exposure.id).where(
        Exposure.council_id == version.council_id,
        Exposure.secret_version_id == version.id,
        Exposure.person_id == person_id,
    )
    return session.scalar(query.limit(1)) is not None


def list_held(session: Session, council_id: int, account_id: int) -> list[Held]:
    """What is held for an account, in two statements however much that is."""
    rows = session.execute(
        select(Credential, SecretVersion)
        .join(SecretVersion, is_current(SecretVersion))
        .where(
            Credential.council_id == council_id, Credential.account_id == account_id, Credential.destroyed_at.is_(None)
        )
        .order_by(Credential.id)
    ).all()
    knowing = _exposures(session, council_id, account_id)
    held = [Held(credential, version, knowing[version.id]) for credential, version in rows]
    return sorted(held, key=lambda each: ORDER.index(each.credential.kind))


def list_destroyed(session: Session, council_id: int, account_id: int) -> list[Credential]:
    """What was held for an account and is destroyed, the latest first."""
    query = select(Credential).where(
        Credential.council_id == council_id, Credential.account_id == account_id, Credential.destroyed_at.is_not(None)
    )
    return list(session.scalars(query.order_by(Credential.destroyed_at.desc(), Credential.id.desc())))


def is_current(version: Any, credential: Any = Credential) -> ColumnElement[bool]:
    """Whether a version is the one in force of the credential of a query; either perhaps under another name."""
    return and_(
        version.council_id == credential.council_id,
        version.credential_id == credential.id,
        version.version == credential.current_version,
    )


def _exposures(session: Session, council_id: int, account_id: int) -> dict[int, list[Exposure]]:
    query = (
        select(Exposure)
        .join(SecretVersion, SecretVersion.id == Exposure.secret_version_id)
        .join(Credential, is_current(SecretVersion))
        .where(Credential.council_id == council_id, Credential.account_id == account_id)
        .order_by(Exposure.first_at, Exposure.id)
    )
    found: dict[int, list[Exposure]] = defaultdict(list)
    for exposure in session.scalars(query):
        found[exposure.secret_version_id].append(exposure)
    return found
