"""The Merkle tree over a chain's entries (RFC 6962, section 2.1), grown one leaf at a time.

Only the roots of its complete subtrees are kept, the largest first: some twenty hashes for a million entries. That is
enough to go on from, and to say the root; a proof of one leaf needs besides only the leaves that came after.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

HASH_BYTES = 32
EMPTY = hashlib.sha256(b"").digest()


def leaf(body: bytes) -> bytes:
    """The hash under which an entry stands in the tree."""
    return hashlib.sha256(b"\x00" + body).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """The complete subtrees of a tree of this size, the largest first."""

    size: int = 0
    roots: list[bytes] = field(default_factory=list)

    def add(self, leaf_hash: bytes) -> None:
        """Let the tree grow by a leaf."""
        roots = self.roots
        roots.append(leaf_hash)
        self.size += 1
        rest = self.size
        while not rest & 1:
            right = roots.pop()
            roots[-1] = node(roots[-1], right)
            rest >>= 1

    def root(self) -> bytes:
        """The hash that stands for the whole tree."""
        if not self.roots:
            return EMPTY
        above = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            above = node(left, above)
        return above

    def text(self) -> str:
        """How it is kept, beside the size."""
        return b"".join(self.roots).hex()

    @classmethod
    def read(cls, size: int, text: str) -> Self:
        """Take up again what `text` wrote; `ValueError` where it cannot be a tree of this size."""
        raw = bytes.fromhex(text)
        if len(raw) != size.bit_count() * HASH_BYTES:
            raise ValueError(f"the kept hashes are not those of a tree of {size} entries")
        return cls(size, [raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)])


def inclusion(before: Frontier, leaves: Iterable[bytes], index: int) -> list[bytes]:
    """The proof that the leaf of this index (from 0) stands in the tree that `leaves` make of `before`.

    `before` is any earlier state of the tree without that leaf.
    """
    size, roots, path, at = before.size, list(before.roots), [], -1
    for leaf_hash in leaves:
        roots.append(leaf_hash)
        if size == index:
            at = len(roots) - 1
        size += 1
        rest = size
        while not rest & 1:
            right = roots.pop()
            if at >= len(roots) - 1:
                path.append(right if at == len(roots) - 1 else roots[-1])
                at = len(roots) - 1
            roots[-1] = node(roots[-1], right)
            rest >>= 1
    return path + _fold(roots, at)


def _fold(roots: list[bytes], at: int) -> list[bytes]:
    """The rest of a path, where subtrees of unlike sizes meet under the root."""
    path, above = [], roots[-1]
    for place in range(len(roots) - 2, -1, -1):
        if place == at:
            path.append(above)
        elif place < at:
            path.append(roots[place])
        above = node(roots[place], above)
    return path


def root_of(leaf_hash: bytes, index: int, size: int, path: Iterable[bytes]) -> bytes | None:
    """The root to which a proof leads (RFC 9162, section 2.1.3.2), or None where it fits no such tree."""
    place, last, above = index, size - 1, leaf_hash
    if not 0 <= index < size:
        return None
    for step in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            above = node(step, above)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            above = node(above, step)
        place, last = place >> 1, last >> 1
    return above if last == 0 else None
