"""SCR1: the sealed form in which one version of one secret lies in the database.

    "SCR1" | alg 01 | council key id (16) | nonce (12) | wrapped data key (48)
           | nonce (12) | ciphertext and tag

Every envelope has its own data key, wrapped by the council's key. Both layers are AES-256-GCM
and both are bound to the place the secret belongs to (see `context`), so an envelope moved to
another council, account, field or version does not open. The data part does not know
which council key wraps it: `rewrap` changes the council key without touching it.
The published vectors are in the tests of this module.
"""

import os
import struct
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"SCR1"
AES_256_GCM = 1
ID_BYTES = 16
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
BLOCK_BYTES = 64
MAX_PLAINTEXT = 0xFFFF

_HEADER = MAGIC + bytes([AES_256_GCM])
_PARTS = struct.Struct(f">5s{ID_BYTES}s{NONCE_BYTES}s{KEY_BYTES + TAG_BYTES}s{NONCE_BYTES}s")
_SMALLEST = _PARTS.size + BLOCK_BYTES + TAG_BYTES

Random = Callable[[int], bytes]


class Fault(StrEnum):
    """Why an envelope was refused, in words fit for a page."""

    NOT_AN_ENVELOPE = "This is not a sealed secret of the register."
    UNKNOWN_ALGORITHM = "This secret was sealed in a way this version cannot read."
    UNKNOWN_KEY = "The council key that sealed this secret is not at hand."
    TAMPERED = "This sealed secret was altered, or moved from where it belongs."


class Unreadable(Exception):
    """An envelope that does not open; `reason` says why. Nothing is ever guessed."""

    def __init__(self, reason: Fault) -> None:
        super().__init__(str(reason))
        self.reason = reason


class _Parts(NamedTuple):
    header: bytes
    key_id: bytes
    wrap_nonce: bytes
    wrapped: bytes
    data_nonce: bytes
    ciphertext: bytes


def pack(*parts: bytes) -> bytes:
    """Join byte strings so that no two different lists give the same bytes."""
    joined = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    return struct.pack(">B", len(parts)) + joined


def context(installation: bytes, council: bytes, account: bytes, field: str, version: int) -> bytes:
    """Name the one place a secret belongs to; it opens there and nowhere else."""
    for identity in (installation, council, account):
        if len(identity) != ID_BYTES:
            raise ValueError(f"An id in a context has {ID_BYTES} bytes.")
    place = (installation, council, account, field.encode(), struct.pack(">I", version))
    return pack(b"scr/secret/v1", *place)


def seal(
    council_key: bytes,
    key_id: bytes,
    context: bytes,
    plaintext: bytes,
    random: Random = os.urandom,
) -> bytes:
    """Seal a secret under a fresh data key. `random` is replaced only by the known vectors."""
    data_key = random(KEY_BYTES)
    wrapping = _wrap(council_key, key_id, context, data_key, random)
    nonce = random(NONCE_BYTES)
    ciphertext = AESGCM(data_key).encrypt(nonce, _padded(plaintext), _data_aad(context))
    return wrapping + nonce + ciphertext


def open(keys: Mapping[bytes, bytes], context: bytes, envelope: bytes) -> bytes:
    """Open an envelope with the council key it names; raise `Unreadable` otherwise."""
    parts = _split(envelope)
    data_key = _data_key(keys, context, parts)
    return _unpadded(_decrypt(data_key, parts.data_nonce, parts.ciphertext, _data_aad(context)))


def key_id(envelope: bytes) -> bytes:
    """Say which council key sealed this, so that the caller can fetch that one."""
    return _split(envelope).key_id


def rewrap(
    keys: Mapping[bytes, bytes],
    new_key_id: bytes,
    context: bytes,
    envelope: bytes,
    random: Random = os.urandom,
) -> bytes:
    """Put an envelope under another council key; the sealed data itself stays as it is."""
    parts = _split(envelope)
    data_key = _data_key(keys, context, parts)
    wrapping = _wrap(keys[new_key_id], new_key_id, context, data_key, random)
    return wrapping + parts.data_nonce + parts.ciphertext


def _wrap(key: bytes, key_id: bytes, context: bytes, data_key: bytes, random: Random) -> bytes:
    if len(key_id) != ID_BYTES:
        raise ValueError(f"A council key's id has {ID_BYTES} bytes.")
    nonce = random(NONCE_BYTES)
    wrapped = AESGCM(key).encrypt(nonce, data_key, _wrap_aad(key_id, context))
    return _HEADER + key_id + nonce + wrapped


def _split(envelope: bytes) -> _Parts:
    if envelope[: len(MAGIC)] != MAGIC or len(envelope) < _SMALLEST:
        raise Unreadable(Fault.NOT_AN_ENVELOPE)
    if envelope[len(MAGIC)] != AES_256_GCM:
        raise Unreadable(Fault.UNKNOWN_ALGORITHM)
    return _Parts._make((*_PARTS.unpack_from(envelope), envelope[_PARTS.size :]))


def _data_key(keys: Mapping[bytes, bytes], context: bytes, parts: _Parts) -> bytes:
    # AES-GCM does not commit to its key: the id chooses, keys are never tried in turn.
    if parts.key_id not in keys:
        raise Unreadable(Fault.UNKNOWN_KEY)
    aad = _wrap_aad(parts.key_id, context)
    return _decrypt(keys[parts.key_id], parts.wrap_nonce, parts.wrapped, aad)


def _decrypt(key: bytes, nonce: bytes, ciphertext: bytes, aad: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, aad)
    except InvalidTag:
        raise Unreadable(Fault.TAMPERED) from None


def _wrap_aad(key_id: bytes, context: bytes) -> bytes:
    return _HEADER + b"W" + key_id + context


def _data_aad(context: bytes) -> bytes:
    return _HEADER + b"D" + context


def _padded(plaintext: bytes) -> bytes:
    if len(plaintext) > MAX_PLAINTEXT:
        raise ValueError(f"A secret has at most {MAX_PLAINTEXT} bytes.")
    counted = struct.pack(">H", len(plaintext)) + plaintext
    return counted + bytes(-len(counted) % BLOCK_BYTES)


def _unpadded(padded: bytes) -> bytes:
    end = 2 + int.from_bytes(padded[:2], "big")
    if end > len(padded) or any(padded[end:]):
        raise Unreadable(Fault.TAMPERED)
    return padded[2:end]
