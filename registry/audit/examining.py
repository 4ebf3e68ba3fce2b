"""Verifying a chain with all that is known of it: its own checkpoints, notes kept outside, and the newest seen here.

The newest note that a verification has seen lies beside the register's key, outside the database: an old copy of the
database put back is shorter than it, and is found.
"""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from registry.audit import notes
from registry.audit.chain import Break, Claim, Proof, verify
from registry.audit.checkpoints import slug_of
from registry.audit.keys import TrailKeys
from registry.audit.models import Checkpoint
from registry.audit.notes import NotANote, Note

OUTSIDE, SEEN, OWN = "outside", "when this was last verified", "by the register"
BAD_SIGNATURE, STRANGER = "vouched for by a note with a bad signature", "vouched for by a note signed by another key"


@dataclass(frozen=True)
class _Witness:
    """A note about a chain, as it is written and as it reads, and whose word it is."""

    text: str
    note: Note
    kept: str

    @classmethod
    def read(cls, text: str, kept: str) -> "_Witness":
        return cls(text, notes.read(text), kept)


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

    `trusted`: public keys kept outside, in one line each, besides the register's own. The key that stands beside a
    checkpoint is none of them: whoever forged the chain could have put it there.
    """
    slug = slug_of(session, chain)
    known = {keys.public, *(notes.read_verifier_key(line)[1] for line in trusted)}
    outside = [each for each in (_Witness.read(text, OUTSIDE) for text in against) if _is_of(each.note, slug)]
    heard = [_weighed(each, chain, known) for each in (*outside, *_seen(keys, slug))]
    heard += [_own(checkpoint, known) for checkpoint in session.scalars(_checkpoints(chain))]
    sound = [each for each in heard if isinstance(each, _Witness)]
    bad = [each for each in heard if isinstance(each, Break)]
    proof = verify(session, chain, [Claim(each.note.size, each.note.root, each.kept) for each in sound], fast=fast)
    if proof.broken is None and bad:
        return replace(proof, broken=min(bad, key=lambda each: each.seq))
    if proof.broken is None:
        _remember(keys, slug, sound)
    return proof


def _weighed(witness: _Witness, chain: int, known: Collection[bytes]) -> _Witness | Break:
    """A witness, if one of these keys signed it."""
    is_signed = any(witness.note.is_signed_by(key) for key in known)
    return witness if is_signed else Break(chain, witness.note.size, BAD_SIGNATURE)


def _own(checkpoint: Checkpoint, known: Collection[bytes]) -> _Witness | Break:
    """A checkpoint of the register's own, if it was signed as it stands there, and by a key that is known elsewhere."""
    chain, size = checkpoint.chain, checkpoint.size
    try:
        witness, (_, public) = _Witness.read(checkpoint.note, OWN), notes.read_verifier_key(checkpoint.key)
    except NotANote:
        return Break(chain, size, BAD_SIGNATURE)
    if witness.note.size != size or not witness.note.is_signed_by(public):
        return Break(chain, size, BAD_SIGNATURE)
    return witness if public in known else Break(chain, size, STRANGER)


def _checkpoints(chain: int) -> Select[Checkpoint]:
    return select(Checkpoint).where(Checkpoint.chain == chain)


def _is_of(note: Note, slug: str) -> bool:
    """Whether a note is about this chain; the host may have another name since."""
    return note.origin.partition("/")[2] == slug


def _seen(keys: TrailKeys, slug: str) -> list[_Witness]:
    """The newest note that a verification here has seen, if there was one."""
    with suppress(OSError, NotANote):
        return [_Witness.read(_place(keys, slug).read_text(encoding="utf-8"), SEEN)]
    return []


def _remember(keys: TrailKeys, slug: str, sound: Iterable[_Witness]) -> None:
    """Keep the newest of these notes that the register itself signed."""
    signed = [each for each in sound if each.note.is_signed_by(keys.public)]
    newest = max(signed, key=lambda each: each.note.size, default=None)
    if newest is None or newest.kept == SEEN:
        return
    place = _place(keys, slug)
    with suppress(OSError):  # a verifier that may not write there still verifies
        place.parent.mkdir(mode=0o700, exist_ok=True)
        fresh = place.with_suffix(".new")
        fresh.write_text(newest.text, encoding="utf-8")
        fresh.replace(place)


def _place(keys: TrailKeys, slug: str) -> Path:
    return keys.folder / "newest-notes" / f"{slug or '_installation'}.txt"
