"""A council leaves the register: its keys are destroyed, and with them everything it ever had in custody."""

from sqlalchemy import true, update

from registry.core.errors import Conflict, Invalid
from registry.core.work import Subject, Work
from registry.councils.queries import get_council_by_id
from registry.custody.actions.holding import take_back
from registry.custody.key_queries import find_rotation, list_keys
from registry.custody.models import Credential, RevealGrant, SecretVersion
from registry.vocabulary.events import Event


def destroy_keys(work: Work, typed_name: str) -> int:
    """Destroy the council's keys for good, and every sealed value besides; how many credentials that were.

    Whoever does so types the council's name. Copies in older backups open only with a root key of that time: rotate
    the root key and destroy the old one to end them too.
    """
    council, keys = get_council_by_id(work.session, work.council), list_keys(work.session, work.council)
    if typed_name.strip().casefold() != council.name.casefold():
        raise Invalid("name", f"Type {council.name} to confirm")
    if not any(key.wrapped for key in keys):
        raise Conflict("This council has nothing in custody.")
    for key in keys:
        key.wrapped, key.marking = None, None
        key.retired_at, key.destroyed_at = key.retired_at or work.now, key.destroyed_at or work.now
    rotation = find_rotation(work.session, work.council, lock=True)
    if rotation is not None:
        rotation.finished_at = work.now
    take_back(work, true())
    rows = _empty(work)
    work.record(Event.COUNCIL_KEYS_DESTROYED, Subject("Council", work.council), rows=rows)
    return rows


def _empty(work: Work) -> int:
    """What the keys sealed cannot be opened any more; say so of every credential, and keep none of the remains."""
    version, credential, grant = SecretVersion, Credential, RevealGrant
    statements = (
        update(version)
        .where(version.council_id == work.council, version.envelope.is_not(None))
        .values(envelope=None, destroyed_at=work.now),
        update(grant).where(grant.council_id == work.council, grant.used_at.is_(None)).values(expires_at=work.now),
        update(credential)
        .where(credential.council_id == work.council, credential.destroyed_at.is_(None))
        .values(destroyed_at=work.now, changed_at=work.now, lock=credential.lock + 1),
    )
    found = [work.session.execute(each.execution_options(synchronize_session=False)) for each in statements]
    return int(found[-1].rowcount)  # type: ignore[attr-defined]
