"""How the keys of custody stand; nothing here opens anything."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, and_, func, select
from sqlalchemy.orm import Session

from registry.accounts.models import Account
from registry.core.database import Rows
from registry.core.errors import NotFound
from registry.core.keyfile import KeyTrouble
from registry.councils.models import Council
from registry.custody.envelope import ID_BYTES, MAGIC
from registry.custody.models import CouncilKey, Credential, SecretVersion
from registry.custody.models_keys import KeyRotation, RecoverySet, RecoveryShare, RecoveryWrap, Renewal, RootKeyRecord
from registry.custody.rootkey import named_in
from registry.custody.vault import WrappedKey
from registry.identity.models import Employment
from registry.identity.queries import at_work


def find_root_key(session: Session, *, lock: bool = False) -> RootKeyRecord | None:
    """The root key that counts now; none before set-up. `lock`: it stays so until the work is done."""
    query = select(RootKeyRecord).where(RootKeyRecord.retired_at.is_(None))
    return session.scalar(query.with_for_update(read=True) if lock else query)


def list_root_keys(session: Session) -> Sequence[RootKeyRecord]:
    """Every root key there has been, the latest first."""
    return session.scalars(select(RootKeyRecord).order_by(RootKeyRecord.made_at.desc())).all()


def find_council_key(session: Session, council_id: int, *, lock: bool = False) -> CouncilKey | None:
    """The key under which a council's secrets are sealed now; none before its first deposit.

    `lock`: it stays so until the work is done. Whoever waited for a rotation finds it retired, so looks again.
    """
    query = select(CouncilKey).where(CouncilKey.council_id == council_id, CouncilKey.retired_at.is_(None))
    if not lock:
        return session.scalar(query)
    found = session.scalar(query.with_for_update(read=True))
    while found is None and session.scalar(select(query.exists())):
        found = session.scalar(query.with_for_update(read=True))
    return found


def count_keys(session: Session, council_id: int) -> int:
    """How many keys a council has had."""
    return session.scalar(select(func.count()).where(CouncilKey.council_id == council_id)) or 0


def sealed_by(envelope: Any) -> ColumnElement[bytes]:
    """The id of the council key that an envelope names, as the database reads it."""
    return func.substr(envelope, len(MAGIC) + 2, ID_BYTES, type_=LargeBinary)


def find_sealed(session: Session, version: SecretVersion) -> tuple[bytes, WrappedKey] | None:
    """What a version's envelope is now, and the key that it names: read in one statement, because a rotation may be
    changing both at this moment."""
    named = and_(CouncilKey.council_id == SecretVersion.council_id, CouncilKey.id == sealed_by(SecretVersion.envelope))
    found = session.execute(
        select(SecretVersion.envelope, CouncilKey.id, CouncilKey.wrapped, CouncilKey.marking)
        .join(CouncilKey, named)
        .where(SecretVersion.id == version.id, CouncilKey.wrapped.is_not(None))
    ).one_or_none()
    return None if found is None else (found.envelope, WrappedKey(found.id, found.wrapped, found.marking))


def as_wrapped(row: CouncilKey) -> WrappedKey:
    """A council's key as the vault takes it."""
    if row.wrapped is None:
        raise KeyTrouble("This key of the council was destroyed. What it sealed is gone.")
    return WrappedKey(row.id, row.wrapped, row.marking)


def list_keys(session: Session, council_id: int) -> Sequence[CouncilKey]:
    """Every key a council has had, the latest first."""
    query = select(CouncilKey).where(CouncilKey.council_id == council_id)
    return session.scalars(query.order_by(CouncilKey.version.desc())).all()


def find_rotation(session: Session, council_id: int, *, lock: bool = False) -> KeyRotation | None:
    """The rotation that runs in a council, or was cut off. `lock`: nobody else drives it meanwhile."""
    query = select(KeyRotation).where(KeyRotation.council_id == council_id, KeyRotation.finished_at.is_(None))
    return session.scalar(query.with_for_update() if lock else query)


def last_rotations(session: Session, council_id: int, limit: int = 5) -> Sequence[KeyRotation]:
    """The latest rotations of a council, the newest first."""
    query = select(KeyRotation).where(KeyRotation.council_id == council_id)
    return session.scalars(query.order_by(KeyRotation.id.desc()).limit(limit)).all()


def pending(rotation: KeyRotation, key_id: bytes) -> ColumnElement[bool]:
    """Which versions a rotation has yet to renew: those not under the new key, or sealed before it began."""
    version = SecretVersion
    stale = (
        sealed_by(version.envelope) != key_id
        if rotation.renews is Renewal.COUNCIL
        else func.coalesce(version.resealed_at, version.deposited_at) < rotation.started_at
    )
    ahead = and_(version.council_id == rotation.council_id, version.id > rotation.reached)
    return and_(ahead, version.envelope.is_not(None), stale)


def count_pending(session: Session, rotation: KeyRotation, key_id: bytes) -> int:
    """How many versions a rotation has yet to renew."""
    return session.scalar(select(func.count(SecretVersion.id)).where(pending(rotation, key_id))) or 0


def next_batch(session: Session, rotation: KeyRotation, key_id: bytes, size: int) -> Sequence[Any]:
    """The next (version, credential, account's public id) to renew; nobody else changes them meanwhile."""
    version = SecretVersion
    return session.execute(
        select(version, Credential, Account.public_id)
        .join(Credential, and_(Credential.council_id == version.council_id, Credential.id == version.credential_id))
        .join(Account, and_(Account.council_id == version.council_id, Account.id == Credential.account_id))
        .where(pending(rotation, key_id))
        .order_by(version.id)
        .limit(size)
        .with_for_update(of=version)
    ).all()


def keys_in_use(session: Session, council_id: int) -> set[bytes]:
    """The ids of the council keys that some envelope still names."""
    version = SecretVersion
    query = select(sealed_by(version.envelope)).where(version.council_id == council_id, version.envelope.is_not(None))
    return set(session.scalars(query.distinct()))


def count_wraps(session: Session, council_id: int) -> int:
    """At most so many data keys were wrapped under the council's keys: one at a deposit, one in every rotation."""
    deposits = select(func.count(SecretVersion.id)).where(SecretVersion.council_id == council_id)
    renewed = select(func.coalesce(func.sum(KeyRotation.done), 0)).where(KeyRotation.council_id == council_id)
    return (session.scalar(deposits) or 0) + (session.scalar(renewed) or 0)


def get_root_key(session: Session) -> RootKeyRecord:
    """The root key that counts now."""
    found = find_root_key(session)
    if found is None:
        raise NotFound
    return found


def find_recovery(session: Session) -> RecoverySet | None:
    """The recovery shares that count."""
    counts = and_(RecoverySet.confirmed_at.is_not(None), RecoverySet.retired_at.is_(None))
    return session.scalar(select(RecoverySet).where(counts))


def find_unconfirmed(session: Session) -> RecoverySet | None:
    """The latest shares that were made and have yet to be typed back."""
    waits = and_(RecoverySet.confirmed_at.is_(None), RecoverySet.retired_at.is_(None))
    return session.scalar(select(RecoverySet).where(waits).order_by(RecoverySet.id.desc()).limit(1))


def list_shares(session: Session, set_id: int) -> Sequence[RecoveryShare]:
    """The shares of one making, by number."""
    query = select(RecoveryShare).where(RecoveryShare.set_id == set_id)
    return session.scalars(query.order_by(RecoveryShare.number)).all()


def get_share(session: Session, share_id: int, person_id: int | None = None) -> tuple[RecoveryShare, RecoverySet]:
    """A share with its making, for nobody else to take meanwhile; `person_id`: if it is theirs."""
    query = _shares().where(RecoveryShare.id == share_id).with_for_update(of=RecoveryShare)
    found = session.execute(
        query if person_id is None else query.where(RecoveryShare.person_id == person_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def find_share(session: Session, mark: str, number: int) -> tuple[RecoveryShare, RecoverySet] | None:
    """The share of this number with this mark, unless its making counts no more."""
    named = and_(RecoverySet.mark == mark, RecoveryShare.number == number, RecoverySet.retired_at.is_(None))
    found = session.execute(_shares().where(named)).one_or_none()
    return None if found is None else (found[0], found[1])


def shares_of(session: Session, person_id: int) -> Sequence[Any]:
    """The (share, making) that somebody holds and that count or wait to be typed back, the newest first."""
    mine = and_(RecoveryShare.person_id == person_id, RecoverySet.retired_at.is_(None))
    return session.execute(_shares().where(mine).order_by(RecoverySet.id.desc())).all()


def _shares() -> Rows:
    return select(RecoveryShare, RecoverySet).join(RecoverySet, RecoverySet.id == RecoveryShare.set_id)


def wraps_of(session: Session, set_id: int) -> dict[str, bytes]:
    """The root key sealed for each group of one making."""
    query = select(RecoveryWrap.numbers, RecoveryWrap.wrapped).where(RecoveryWrap.set_id == set_id)
    return {row.numbers: row.wrapped for row in session.execute(query)}


def bridges_by_root(session: Session) -> dict[str, bytes]:
    """Which root key follows which: the later one sealed by the earlier one, by the id of the earlier."""
    sealed = session.scalars(select(RootKeyRecord.bridge).where(RootKeyRecord.bridge.is_not(None)))
    return {named_in(bridge): bridge for bridge in sealed if bridge is not None}


def gone_people(session: Session, council_id: int, people: Collection[int], on: date) -> set[int]:
    """Who of these works no more for the council that keeps the keys: their share should count no longer."""
    there = and_(Employment.council_id == council_id, Employment.person_id.in_(people), at_work(on))
    return set(people) - set(session.scalars(select(Employment.person_id).where(there)))


def keys_made_before(session: Session, moment: datetime) -> list[str]:
    """The keys in use that were made before a moment, as the keeper knows them: the root key, and councils' own."""
    root = select(RootKeyRecord.id).where(RootKeyRecord.retired_at.is_(None), RootKeyRecord.made_at < moment)
    own = select(Council.slug).join(CouncilKey, CouncilKey.council_id == Council.id).order_by(Council.slug)
    in_use = (CouncilKey.retired_at.is_(None), CouncilKey.destroyed_at.is_(None), CouncilKey.made_at < moment)
    councils = [f"the key of {slug}" for slug in session.scalars(own.where(*in_use))]
    return [*(f"the root key {key_id}" for key_id in session.scalars(root)), *councils]
