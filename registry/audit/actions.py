"""Verifying the trail and signing checkpoints on request."""

import hashlib
from collections.abc import Iterable, Mapping

from registry.audit.chain import Proof
from registry.audit.checkpoints import sign
from registry.audit.examining import examine
from registry.audit.keys import TrailKeys
from registry.audit.models import INSTALLATION_CHAIN, Checkpoint, PersonKey
from registry.audit.notes import read
from registry.audit.queries import find_newest_checkpoint
from registry.audit.rows import about, governed, key_from
from registry.core.database import Base, RowKey
from registry.core.errors import Conflict, NotFound
from registry.core.work import Subject, Work
from registry.councils.models import Council
from registry.identity.models import Person
from registry.identity.queries import people_wearing
from registry.outbox.actions import post
from registry.vocabulary.events import Event
from registry.vocabulary.permissions import Role

KEEPERS = (Role.CLERK, Role.AUDITOR)
NOTICE = """This is a checkpoint of the trail of {council}’s social media register: a signed statement of what
its first {size} entries were. Keep this message. If the trail is ever rewritten, it no longer agrees with it.

{note}
To check it: {address}/c/{slug}/trail/checkpoints/{size}, or `audit verify --against` with this note in a file
(the auditor’s page of the documentation tells how).

The public key of these checkpoints, which should be the same every time:
{key}
"""


def verify_trail(work: Work, keys: TrailKeys) -> Proof:
    """Walk the council's chain and enter what was found, so that everybody sees when it was last verified."""
    proof = examine(work.session, keys, work.council)
    result = f"entry {proof.broken.seq} is {proof.broken.kind}" if proof.broken else "whole"
    work.record(Event.TRAIL_VERIFIED, length=proof.length, result=result)
    return proof


def make_checkpoint(work: Work, keys: TrailKeys) -> Checkpoint:
    """Sign the chain as it is now, and send the note to the Clerk, the auditors and the people outside."""
    chain = work.council_id or INSTALLATION_CHAIN
    last = find_newest_checkpoint(work.session, chain)
    signed = sign(work.session, keys, chain, work.now)
    if last is not None and last.key != signed.key:
        work.record(Event.TRAIL_KEY_CHANGED, before=last.key, after=signed.key)
    if signed is not last:
        subject = Subject("Checkpoint", signed.size)
        work.record(Event.CHECKPOINT_SIGNED, subject, size=signed.size, root=read(signed.note).root.hex())
        if work.council_id is not None:
            _send(work, keys, signed)
    return signed


def erase_person_details(work: Work, person_id: int) -> None:
    """Destroy the key of somebody's details in the trail, in every council's: they are erased, and the chains stay
    whole. Their rows are hashed anew under the trail's own key, as they then are (retention changes them first)."""
    if work.session.get(Person, person_id) is None:
        raise NotFound
    key = work.session.get(PersonKey, person_id) or PersonKey(person_id=person_id, made_at=work.now)
    if key.erased_at is not None:
        raise Conflict("The details of this person in the trail are erased already.")
    key.sealed, key.erased_at = None, work.now
    work.session.add(key)
    work.flush()
    for table in governed().values():
        work.touch(table, *about(work.session, table, person_id))
    work.record(Event.DETAILS_ERASED, Subject("Person", person_id))


def vouch(work: Work, rows: Mapping[type[Base], Iterable[RowKey]]) -> None:
    """Enter the hashes of rows that no entry vouches for yet, as an earlier version of the register left them."""
    for table, keys in rows.items():
        work.touch(table, *keys)
    work.record(Event.ROWS_VOUCHED, rows=sum(len(set(keys)) for keys in rows.values()))


def accept_row(work: Work, table: str, key: str, reason: str) -> None:
    """Enter that a row which went past the register may stay as it is, and why."""
    found = next((kind for kind in governed().values() if kind.__tablename__ == table), None)
    if found is None:
        raise NotFound
    work.touch(found, key_from(found, key))
    work.record(Event.ROW_ACCEPTED, table=table, row=key, reason=reason)


def _send(work: Work, keys: TrailKeys, signed: Checkpoint) -> None:
    council = work.session.get_one(Council, work.council)
    body = NOTICE.format(
        council=council.name,
        size=signed.size,
        note=signed.note,
        key=signed.key,
        address=keys.base_url,
        slug=council.slug,
    )
    keepers = people_wearing(work.session, council.id, KEEPERS, work.today)
    for address in sorted({person.email for person in keepers} | set(council.note_addresses)):
        once = hashlib.sha256(f"{signed.note}{address}".encode()).hexdigest()
        post(work, address, f"Checkpoint of the trail at {signed.size} entries", body, dedupe=f"checkpoint:{once}")
