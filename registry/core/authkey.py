"""The register's own key, beside the root key of custody and never sealed with it.

It guards what sign-in and the trail need at every moment: people's two-step seeds, their details in the
trail, the key that signs checkpoints. Whoever holds it and the database opens no credential.

    sealed: "SCA1" | key id (8) | nonce (12) | ciphertext and tag
"""

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.core.keyfile import KeyTrouble, read_key, refuse_weak, subkey
from registry.core.secret import Secret

_MAGIC = b"SCA1"
_ID_BYTES = 8
_NONCE_BYTES = 12
_HEAD = len(_MAGIC) + _ID_BYTES


class AuthKey:
    """The register's own key in its file, read when it is first needed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def id(self) -> str:
        """Name the key in public without telling anything of it."""
        return subkey(self._key.reveal(), b"scr/auth/id/v1")[:_ID_BYTES].hex()

    def for_purpose(self, purpose: str) -> bytes:
        """A key that serves this purpose and no other."""
        return subkey(self._key.reveal(), b"scr/auth/" + purpose.encode())

    def seal(self, purpose: str, place: bytes, value: bytes) -> bytes:
        """Seal a value for a purpose and the one place (a row) where it belongs."""
        nonce, head = os.urandom(_NONCE_BYTES), _MAGIC + bytes.fromhex(self.id())
        return head + nonce + AESGCM(self.for_purpose(purpose)).encrypt(nonce, value, head + place)

    def open(self, purpose: str, place: bytes, sealed: bytes) -> bytes:
        """Give back what `seal` took; `KeyTrouble` for another key, another place or an altered value."""
        head, nonce = sealed[:_HEAD], sealed[_HEAD : _HEAD + _NONCE_BYTES]
        if head != _MAGIC + bytes.fromhex(self.id()):
            raise KeyTrouble(f"This was sealed with another key than {self.path.name}. Put the first key back.")
        try:
            return AESGCM(self.for_purpose(purpose)).decrypt(nonce, sealed[_HEAD + _NONCE_BYTES :], head + place)
        except (InvalidTag, ValueError):
            raise KeyTrouble("Something sealed with the register's own key was altered or moved.") from None

    def sealed_by(self, seal: Callable[[bytes], bytes]) -> bytes:
        """The key itself, sealed by somebody else: how recovery brings it back."""
        return seal(self._key.reveal())

    @cached_property
    def _key(self) -> Secret[bytes]:
        key = read_key(self.path, "key of the register")
        refuse_weak(key, f"key of the register in the file {self.path.name}")
        return Secret(key)
