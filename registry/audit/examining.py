"""Verifying a chain with all that is known of it: its own checkpoints, notes kept outside, and the newest seen here.

The newest note that a verification has seen lies beside the register's key, outside the database: an old copy of the
database put back is shorter than it, and is found.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.audit import notes
from registry.audit.chain import Break, Claim, Proof, verify
from registry.audit.checkpoints import slug_of
from registry.audit.keys import TrailKeys
from registry.audit.models import Checkpoint
from registry.audit.notes import NotANote, Note

OUTSIDE, SEEN, OWN = "outside", "when this was last verified", "by the register"


def examine(
    session: Session,
    keys: TrailKeys,
    chain: int,
    against: Iterable[str] = (),
    trusted: Iterable[str] = (),
    *,
    fast: bool = False,
) -> Proof:
    """Verify a chain against its checkpoints and these notes kept outside (those of other chains are left aside).

    `trusted`: public keys kept outside, in one line each, besides those that the register knows.
    """
    slug = slug_of(session, chain)
    seen, own = _seen(keys, slug), _own(session, chain)
    given = [note for note in map(notes.read, against) if _is_of(note, slug)]
    known = {keys.public, *(notes.read_verifier_key(line)[1] for line in trusted)}
    for checkpoint in own:
        with suppress(NotANote):
            known.add(notes.read_verifier_key(checkpoint.key)[1])
    held = [(OUTSIDE, note) for note in given] + ([(SEEN, seen)] if seen else [])
    claims = [Claim(note.size, note.root, kept) for kept, note in held]
    bad = [note.size for _, note in held if not any(note.is_signed_by(key) for key in known)]
    for checkpoint in own:
        note = _sound(checkpoint)
        if note is None:
            bad.append(checkpoint.size)
        else:
            claims.append(Claim(note.size, note.root, OWN))
    proof = verify(session, chain, claims, fast=fast)
    if proof.broken is None and bad:
        return replace(proof, broken=Break(chain, min(bad), "vouched for by a note with a bad signature"))
    if proof.broken is None:
        _remember(keys, slug, [*(c.note for c in own), *(note for note in against if _is_of(notes.read(note), slug))])
    return proof


def _own(session: Session, chain: int) -> list[Checkpoint]:
    return list(session.scalars(select(Checkpoint).where(Checkpoint.chain == chain)))


def _sound(checkpoint: Checkpoint) -> Note | None:
    """What a checkpoint of the register's own says, if it was signed as it stands there."""
    try:
        note, (_, public) = notes.read(checkpoint.note), notes.read_verifier_key(checkpoint.key)
    except NotANote:
        return None
    return note if note.size == checkpoint.size and note.is_signed_by(public) else None


def _is_of(note: Note, slug: str) -> bool:
    """Whether a note is about this chain; the host may have another name since."""
    return note.origin.partition("/")[2] == slug


def _seen(keys: TrailKeys, slug: str) -> Note | None:
    with suppress(OSError, NotANote):
        return notes.read(_place(keys, slug).read_text(encoding="utf-8"))
    return None


def _remember(keys: TrailKeys, slug: str, seen: list[str]) -> None:
    """Keep the newest of these notes, unless a newer one is kept."""
    newest = max(seen, key=lambda note: notes.read(note).size, default=None)
    kept, place = _seen(keys, slug), _place(keys, slug)
    if newest is None or (kept is not None and kept.size >= notes.read(newest).size):
        return
    with suppress(OSError):  # a verifier that may not write there still verifies
        place.parent.mkdir(mode=0o700, exist_ok=True)
        fresh = place.with_suffix(".new")
        fresh.write_text(newest, encoding="utf-8")
        fresh.replace(place)


def _place(keys: TrailKeys, slug: str) -> Path:
    return keys.folder / "newest-notes" / f"{slug or '_installation'}.txt"
