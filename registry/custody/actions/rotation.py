"""Renewing a council's keys while others deposit and reveal: in batches, each a piece of work of its own.

Begin, then take steps until there is none left; whoever is cut off takes the next step later, or somebody else does.
The values themselves are opened only where every data key is to be made afresh.
"""

from collections.abc import Sequence
from typing import Any

from registry.core.errors import Conflict
from registry.core.failpoint import reached
from registry.core.keyfile import KeyTrouble
from registry.core.settings import Settings
from registry.core.work import Subject, Work
from registry.councils.queries import get_council_by_id
from registry.custody.actions.sealing import enter_council_key, envelope_hash
from registry.custody.envelope import Unreadable, key_id
from registry.custody.key_queries import (
    as_wrapped,
    find_council_key,
    find_root_key,
    find_rotation,
    keys_in_use,
    list_keys,
    next_batch,
)
from registry.custody.models import CouncilKey
from registry.custody.models_keys import KeyRotation, Renewal
from registry.custody.opening import open_vault
from registry.custody.vault import Place, Vault, WrappedKey
from registry.vocabulary.events import Event

BATCH = 200
MOST_WRAPS = 2**20
"""A key that has wrapped so often is due for renewal, long before random nonces could meet (TRUST §3)."""


def begin_rotation(work: Work, settings: Settings, renews: Renewal) -> KeyRotation:
    """Begin to renew the council's key, or the data key of every value. Of two who begin at once, one does."""
    find_root_key(work.session, lock=True)  # before the council's key, in the order in which a root rotation locks
    if find_rotation(work.session, work.council) is not None:
        raise Conflict("A rotation has begun here and is not complete. Finish it first; nothing is lost meanwhile.")
    key = present_key(work)
    facts = {"started_by": work.actor_id, "started_at": work.now, "reached": 0, "done": 0, "failed": 0}
    rotation = KeyRotation(council_id=work.council, renews=renews, **facts)
    work.session.add(rotation)
    work.flush()
    if renews is Renewal.COUNCIL:
        _succeed(work, open_vault(work.session, settings), key)
    work.record(Event.KEY_ROTATION_STARTED, _council(work), kind=renews.value)
    return rotation


def step(work: Work, settings: Settings) -> bool:
    """Renew the next batch of the council's running rotation, or complete it; whether it goes on."""
    rotation = find_rotation(work.session, work.council, lock=True)
    if rotation is None:
        return False
    present = present_key(work)
    batch = next_batch(work.session, rotation, present.id, BATCH)
    if not batch:
        _finish(work, rotation)
        return False
    _renew(work, open_vault(work.session, settings), rotation, as_wrapped(present), batch)
    return True


def present_key(work: Work) -> CouncilKey:
    """The key under which the council's custody is sealed now."""
    key = find_council_key(work.session, work.council)
    if key is None:
        raise Conflict("The council has nothing in custody yet, so there is no key to renew.")
    return key


def _succeed(work: Work, vault: Vault, key: CouncilKey) -> None:
    """From now on deposits are sealed under a new key; those that began before have ended: they held the old one."""
    made = vault.successor(get_council_by_id(work.session, work.council).public_id, as_wrapped(key))
    key.retired_at = work.now
    work.flush()
    enter_council_key(work, vault, made)


def _renew(work: Work, vault: Vault, rotation: KeyRotation, present: WrappedKey, batch: Sequence[Any]) -> None:
    council = get_council_by_id(work.session, work.council).public_id
    keys = {row.id: as_wrapped(row) for row in list_keys(work.session, work.council) if row.wrapped is not None}
    hashes: dict[str, str] = {}
    for version, credential, account in batch:
        rotation.reached = version.id
        place = Place(council, account, credential.field, version.version)
        try:
            old = keys[key_id(version.envelope)]
            if rotation.renews is Renewal.COUNCIL:
                version.envelope = vault.rewrap(old, present, place, version.envelope)
            else:
                version.envelope, version.resealed_at = vault.reseal(old, present, place, version.envelope), work.now
        except (Unreadable, KeyError, KeyTrouble):
            rotation.failed += 1  # left as it is: whoever reveals it is told what is wrong with it
            continue
        hashes[str(version.id)] = envelope_hash(version)
        reached("mid_rewrap")
    rotation.done += len(hashes)
    happened = Event.KEYS_REWRAPPED if rotation.renews is Renewal.COUNCIL else Event.VALUES_RESEALED
    work.record(happened, _council(work), rows=len(hashes), envelopes=hashes)


def _finish(work: Work, rotation: KeyRotation) -> None:
    """Complete a rotation: retired keys that nothing names any more are destroyed."""
    rotation.finished_at = work.now
    named = keys_in_use(work.session, work.council)
    for row in list_keys(work.session, work.council):
        if row.retired_at is not None and row.id not in named and row.wrapped is not None:
            row.wrapped, row.marking, row.destroyed_at = None, None, work.now
    facts = {"kind": rotation.renews.value, "rows": rotation.done, "failed": rotation.failed}
    work.record(Event.KEY_ROTATION_FINISHED, _council(work), **facts)


def _council(work: Work) -> Subject:
    return Subject("Council", work.council)
