"""Signing what a chain is, so that nobody can rewrite it past the copies that people outside keep."""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.audit import notes
from registry.audit.chain import GENESIS, leaves
from registry.audit.keys import TrailKeys
from registry.audit.merkle import Frontier
from registry.audit.models import INSTALLATION_CHAIN, ChainHead, Checkpoint
from registry.audit.queries import find_newest_checkpoint
from registry.core.errors import Refused
from registry.councils.models import Council

EVERY = 1000
"""A checkpoint is signed whenever a chain has grown by so many entries, besides those of the day."""
CHECKPOINT_OVERDUE = timedelta(days=2)
"""When the last checkpoint is older, something keeps the register from signing."""


def sign(session: Session, keys: TrailKeys, chain: int, at: datetime) -> Checkpoint:
    """Sign the chain as it is now; refused where it is not what the last checkpoint says it was.

    The last checkpoint's tree is grown by the entries since, so that only those are read, and must come to the same
    as the tree that every append has grown.
    """
    head, last, slug = lock_head(session, chain), find_newest_checkpoint(session, chain), slug_of(session, chain)
    tree = _grown(session, head, last, keys)
    if last is not None and last.size == head.seq:
        return last
    signed = Checkpoint(
        chain=chain,
        size=head.seq,
        frontier=tree.text(),
        note=notes.write(keys.signing, keys.origin(slug), head.seq, tree.root()),
        key=keys.verifier(slug),
        signed_at=at,
    )
    session.add(signed)
    session.flush()
    return signed


def _grown(session: Session, head: ChainHead, last: Checkpoint | None, keys: TrailKeys) -> Frontier:
    """The chain's tree now, grown from that of the last checkpoint."""
    tree = _noted(last, keys) if last else Frontier()
    if head.seq < tree.size:
        raise Refused(f"The trail shrank from {tree.size} entries to {head.seq}. Nothing was signed.")
    for leaf_hash in leaves(session, head.chain, tree.size, head.seq):
        tree.add(leaf_hash)
    if (tree.size, tree.text()) != (head.seq, head.frontier):
        raise Refused("The trail is not what it was at the last checkpoint. Nothing was signed. Verify it.")
    return tree


def _noted(last: Checkpoint, keys: TrailKeys) -> Frontier:
    try:
        tree, note = Frontier.read(last.size, last.frontier), notes.read(last.note)
    except ValueError:
        tree, note = Frontier(), None
    if note is None or (note.size, note.root) != (last.size, tree.root()):
        raise Refused("The last checkpoint was altered. Verify the trail against a copy kept outside.")
    if not note.is_signed_by(keys.public):
        raise Refused("The register did not sign the last checkpoint. Verify the trail against a copy kept outside.")
    return tree


def tree_of(session: Session, head: ChainHead) -> Frontier:
    """The tree kept at the head of a chain; grown afresh from the entries where what is kept cannot be it."""
    try:
        return Frontier.read(head.seq, head.frontier)
    except ValueError:
        tree = Frontier()
        for leaf_hash in leaves(session, head.chain, 0, head.seq):
            tree.add(leaf_hash)
        return tree


def lock_head(session: Session, chain: int) -> ChainHead:
    """The last link of a chain, held until the work is over; made with the chain's first entry."""
    ours = select(ChainHead).where(ChainHead.chain == chain).with_for_update()
    head = session.scalar(ours)
    if head is None:
        with suppress(IntegrityError), session.begin_nested():  # another may begin the same chain this instant
            session.add(ChainHead(chain=chain, seq=0, hash=GENESIS, frontier=""))
        head = session.scalars(ours).one()
    return head


def slug_of(session: Session, chain: int) -> str:
    """The short name of the council whose chain it is; the installation has none."""
    if chain == INSTALLATION_CHAIN:
        return ""
    return session.scalars(select(Council.slug).where(Council.id == chain)).one()
