"""One entry with everything that proves it, for somebody who has no access to the register and no other entry."""

import base64
import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.audit.chain import leaves
from registry.audit.keys import TrailKeys
from registry.audit.merkle import Frontier, inclusion, leaf, root_of
from registry.audit.models import Checkpoint, Entry, Sealed
from registry.audit.notes import read
from registry.audit.people import PersonKeys, place_of
from registry.audit.queries import get_entry
from registry.core.errors import Conflict

FORMAT = "account-register/bundle/v1"


def bundle(session: Session, keys: TrailKeys, chain: int, seq: int) -> dict[str, Any]:
    """An entry, its people's details with the keys that open them here and nowhere else, its proof, and the note."""
    entry = get_entry(session, chain, seq)
    checkpoint = covering(session, chain, seq)
    if checkpoint is None:
        raise Conflict("No checkpoint covers this entry yet. Sign one, then take the proof.")
    return {
        "format": FORMAT,
        "body": entry.body,
        "details": _details(session, keys, entry),
        "leaf": leaf(entry.body.encode()).hex(),
        "proof": [step.hex() for step in proof_of(session, entry, checkpoint)],
        "note": checkpoint.note,
        "key": checkpoint.key,
    }


def covering(session: Session, chain: int, seq: int) -> Checkpoint | None:
    """The first checkpoint that covers an entry."""
    query = select(Checkpoint).where(Checkpoint.chain == chain, Checkpoint.size >= seq).order_by(Checkpoint.size)
    return session.scalar(query.limit(1))


def proof_of(session: Session, entry: Entry, checkpoint: Checkpoint) -> list[bytes]:
    """The proof that an entry stands in a checkpoint's tree; reads only the entries since the checkpoint before."""
    before = _before(session, entry)
    since = leaves(session, entry.chain, before.size, checkpoint.size)
    return inclusion(before, since, entry.seq - 1)


def is_proved(entry: Entry, checkpoint: Checkpoint, path: list[bytes]) -> bool:
    """Whether the proof leads to what the checkpoint's note says."""
    note = read(checkpoint.note)
    return root_of(leaf(entry.body.encode()), entry.seq - 1, note.size, path) == note.root


def _before(session: Session, entry: Entry) -> Frontier:
    earlier = select(Checkpoint).where(Checkpoint.chain == entry.chain, Checkpoint.size < entry.seq)
    last = session.scalar(earlier.order_by(Checkpoint.size.desc()).limit(1))
    return Frontier.read(last.size, last.frontier) if last else Frontier()


def _details(session: Session, keys: TrailKeys, entry: Entry) -> list[dict[str, Any]]:
    found = select(Sealed).where(Sealed.chain == entry.chain, Sealed.seq == entry.seq).order_by(Sealed.person_id)
    sealed = session.scalars(found).all()
    people = PersonKeys.load(session, keys.auth_key, [row.person_id for row in sealed])
    return [_opening(people, row) for row in sealed]


def _opening(people: PersonKeys, row: Sealed) -> dict[str, Any]:
    place = place_of(row.chain, row.seq, row.person_id)
    key = people.entry_key(place, row.person_id) if row.person_id in people.keys else None
    return {
        "person": row.person_id,
        "place": place.decode(),
        "ciphertext": base64.b64encode(row.ciphertext).decode(),
        "key": base64.b64encode(key).decode() if key else None,
    }


def as_file(made: dict[str, Any]) -> str:
    """A bundle as it is written to a file."""
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"
