"""Recovery shares: any `needed` of the holders bring the root key back, fewer learn nothing.

Each share is 32 random bytes. For every group of `needed` holders the root key is sealed once, under a key derived from
their shares together; these seals lie in the database and in every backup. There is no arithmetic of our own in it.

    on paper: 64 letters and digits in groups of four
    = number (1) | needed (1) | mark of the set (3) | share (32) | checksum (3)
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.core.errors import Invalid
from registry.core.keyfile import KEY_BYTES, subkey
from registry.core.secret import Secret
from registry.custody.envelope import NONCE_BYTES, pack

FEWEST_NEEDED = 2
MOST_HOLDERS = 9
MARK_BYTES = 3
CHECK_BYTES = 3
LETTERS = 64

# Crockford's: no I, L, O or U, so that nothing read aloud or off paper is mistaken for something else.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": "", "\n": "", "\r": "", "\t": ""})
_BITS = 5


@dataclass(frozen=True)
class Share:
    """One holder's share, as it stands on paper."""

    number: int
    needed: int
    mark: str
    secret: Secret[bytes]

    def text(self) -> str:
        """The letters for the paper, in groups of four."""
        head = bytes([self.number, self.needed]) + bytes.fromhex(self.mark) + self.secret.reveal()
        letters = _encoded(head + _checksum(head))
        return " ".join(letters[at : at + 4] for at in range(0, LETTERS, 4))

    def proof(self) -> bytes:
        """What tells this share again without telling anything of it."""
        return hashlib.sha256(pack(b"scr/share-proof/v1", bytes.fromhex(self.mark), self.secret.reveal())).digest()


def read_share(typed: Secret[str]) -> Share:
    """Read a share as somebody typed it off the paper; the checksum finds nearly every slip."""
    letters = typed.reveal().upper().translate(_MISREAD)
    if len(letters) != LETTERS:
        raise Invalid("share", f"A share has {LETTERS} letters and digits; these are {len(letters)}")
    if any(letter not in _ALPHABET for letter in letters):
        raise Invalid("share", "A share has only digits and letters, and never the letter U")
    found = _decoded(letters)
    head, check = found[:-CHECK_BYTES], found[-CHECK_BYTES:]
    if _checksum(head) != check:
        raise Invalid("share", "A letter is mistyped. Compare it with the paper, group by group")
    return Share(head[0], head[1], head[2 : 2 + MARK_BYTES].hex(), Secret(head[2 + MARK_BYTES :]))


def new_shares(holders: int, needed: int) -> tuple[Share, ...]:
    """Draw a share for each of so many holders, of whom `needed` suffice."""
    if not FEWEST_NEEDED <= needed <= holders <= MOST_HOLDERS:
        raise Invalid(
            "needed", f"Between {FEWEST_NEEDED} and all of the holders are needed, who are {MOST_HOLDERS} at most"
        )
    mark = os.urandom(MARK_BYTES).hex()
    return tuple(Share(number, needed, mark, Secret(os.urandom(KEY_BYTES))) for number in range(1, holders + 1))


def seal_for_groups(shares: tuple[Share, ...], installation: bytes, root_key: bytes) -> Iterator[tuple[str, bytes]]:
    """The root key sealed for every group that suffices, each under its numbers."""
    for group in combinations(shares, shares[0].needed):
        nonce = os.urandom(NONCE_BYTES)
        key, place = _group_key(group), _place(group, installation)
        yield numbers_of(group), nonce + AESGCM(key).encrypt(nonce, root_key, place)


def open_for_group(group: tuple[Share, ...], installation: bytes, wraps: Mapping[str, bytes]) -> bytes:
    """The root key, from just as many shares as are needed."""
    ordered = tuple(sorted(group, key=lambda share: share.number))
    wrapped = wraps.get(numbers_of(ordered), b"")
    try:
        return AESGCM(_group_key(ordered)).decrypt(
            wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _place(ordered, installation)
        )
    except (InvalidTag, ValueError):
        raise Invalid("share", "These shares do not open what this database holds for them") from None


def numbers_of(group: tuple[Share, ...]) -> str:
    """How the database names a group: 1,3,4."""
    return ",".join(str(share.number) for share in group)


def _group_key(group: tuple[Share, ...]) -> bytes:
    return subkey(b"".join(share.secret.reveal() for share in group), b"scr/recovery/v1")


def _place(group: tuple[Share, ...], installation: bytes) -> bytes:
    return pack(b"scr/recovery/v1", installation, bytes.fromhex(group[0].mark), numbers_of(group).encode())


def _checksum(head: bytes) -> bytes:
    return hashlib.sha256(pack(b"scr/share/v1", head)).digest()[:CHECK_BYTES]


def _encoded(data: bytes) -> str:
    number = int.from_bytes(data, "big")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(len(data) * 8 - _BITS, -1, -_BITS))


def _decoded(letters: str) -> bytes:
    number = 0
    for letter in letters:
        number = number << _BITS | _ALPHABET.index(letter)
    return number.to_bytes(LETTERS * _BITS // 8, "big")
