"""Checkpoints as signed notes (C2SP signed-note and tlog-checkpoint), which any such verifier reads.

register.example.gov.uk/exampleton      whose chain it is
1204                                    how many entries it had
xdec3rzz…                               the root of the tree over them
                                        an empty line, then the signature (Ed25519, RFC 8032)
— register.example.gov.uk/exampleton Ssu9/YR…
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
ID_BYTES = 4
LONGEST = 10_000
SIGNATURE = re.compile(r"— (\S+) (\S+)")


class NotANote(ValueError):
    """A text that is no checkpoint; the sentence says what is wrong with it."""


@dataclass(frozen=True)
class Note:
    """What a checkpoint claims, with its signatures by (name, key id). It is only worth something once verified."""

    origin: str
    size: int
    root: bytes
    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def is_signed_by(self, public: bytes) -> bool:
        """Whether the origin's own signature by this key is there and right."""
        wanted = key_id(self.origin, public)
        signed = [sign for name, which, sign in self.signatures if (name, which) == (self.origin, wanted)]
        return bool(signed) and all(_is_right(public, sign, self.text) for sign in signed)


def write(key: Ed25519PrivateKey, origin: str, size: int, root: bytes) -> str:
    """Sign what a chain is at this size."""
    text = f"{origin}\n{size}\n{_base64(root)}\n"
    signed = key_id(origin, public_bytes(key)) + key.sign(text.encode())
    return f"{text}\n— {origin} {_base64(signed)}\n"


def read(note: str) -> Note:
    """Take a note apart, strictly; whether its signature is right is asked of the result."""
    note = note.replace("\r\n", "\n")
    text, gap, signatures = note.rpartition("\n\n")
    lines = text.split("\n")
    if len(note) > LONGEST or not gap or len(lines) < 3 or not note.endswith("\n"):  # noqa: PLR2004
        raise NotANote("This is not a checkpoint: it must have three lines, an empty one, and a signature.")
    origin, size, root = lines[:3]
    if not origin or not re.fullmatch(r"0|[1-9][0-9]{0,15}", size):
        raise NotANote("This is not a checkpoint: its second line must be the number of entries.")
    found = tuple(_signature(line) for line in signatures.removesuffix("\n").split("\n"))
    return Note(origin, int(size), _bytes(root, 32), f"{text}\n", found)


def origin_of(note: str) -> str:
    """About which trail a note is."""
    return read(note).origin


def key_id(name: str, public: bytes) -> bytes:
    """The four bytes by which a signature names its key."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:ID_BYTES]


def verifier_key(name: str, public: bytes) -> str:
    """The public key as verifiers take it: name, id and key in one line."""
    return f"{name}+{key_id(name, public).hex()}+{_base64(ED25519 + public)}"


def read_verifier_key(line: str) -> tuple[str, bytes]:
    """The name and the public key in such a line."""
    name, _, rest = line.strip().partition("+")
    given, _, key = rest.partition("+")
    raw = _bytes(key, 33)
    if raw[:1] != ED25519 or key_id(name, raw[1:]).hex() != given:
        raise NotANote("This is not a public key of checkpoints: its parts do not agree.")
    return name, raw[1:]


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The public half of a key."""
    return key.public_key().public_bytes_raw()


def _signature(line: str) -> tuple[str, bytes, bytes]:
    found = SIGNATURE.fullmatch(line)
    if found is None:
        raise NotANote("This is not a checkpoint: a signature line is malformed.")
    raw = _bytes(found[2])
    return found[1], raw[:ID_BYTES], raw[ID_BYTES:]


def _is_right(public: bytes, signature: bytes, text: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str, length: int | None = None) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotANote("This is not a checkpoint: something in it is not base64.") from None
    if length not in (None, len(raw)) or _base64(raw) != text:
        raise NotANote("This is not a checkpoint: a hash or key in it has the wrong length.")
    return raw
