"""The root key: the one key that is never in the database.

It wraps the councils' keys. A provider offers `wrap` and `unwrap` and never the key itself, so
that a key service or a hardware module can stand in its place. Losing this key loses every
credential in custody; a provider therefore never makes one: set-up and the renewal of keys do.

    wrapped: "SCW1" | root key id (8) | nonce (12) | ciphertext and tag
"""

import base64
import binascii
import os
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Protocol, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.core.keyfile import KEY_BYTES, KeyTrouble, read_key, refuse_weak, subkey
from registry.core.secret import Secret

VARIABLE = "SCR_ROOT_KEY"
Sealing = TypeVar("Sealing")

_MAGIC = b"SCW1"
_ID_BYTES = 8
_NONCE_BYTES = 12
_HEAD = len(_MAGIC) + _ID_BYTES


class RootKey(Protocol):
    """What the vault asks of whatever holds the root key."""

    def wrap(self, blob: bytes, aad: bytes) -> bytes:
        """Encrypt a key, bound to `aad`."""

    def unwrap(self, blob: bytes, aad: bytes) -> bytes:
        """Give back what `wrap` took; raise `KeyTrouble` if it does not open."""

    def id(self) -> str:
        """Name the key in public without telling anything of it."""

    def status(self) -> str:
        """Say in one sentence where the key came from and that it is open."""


def named_in(blob: bytes) -> str:
    """The id of the root key that wrapped this: it chooses the key, keys are never tried in turn."""
    if blob[: len(_MAGIC)] != _MAGIC or len(blob) < _HEAD:
        raise KeyTrouble("The database holds something that is not a wrapped key. Restore it from a backup.")
    return blob[len(_MAGIC) : _HEAD].hex()


def foreign(wanted: str, found: str) -> KeyTrouble:
    """What to say when another root key is at hand than the one wanted."""
    return KeyTrouble(
        f"Custody was locked with root key {wanted}, but the key in use is {found}. "
        "Put the first key back; nothing has been changed."
    )


class HeldRootKey:
    """A root key in this process's memory."""

    def __init__(self, key: bytes, source: str) -> None:
        refuse_weak(key, f"root key in {source}")
        self._key = Secret(key)
        self._wrapping = Secret(subkey(key, b"scr/root/wrap/v1"))
        self._id = subkey(key, b"scr/root/id/v1")[:_ID_BYTES]
        self._source = source

    def wrap(self, blob: bytes, aad: bytes) -> bytes:
        """Encrypt a key, bound to `aad`."""
        nonce = os.urandom(_NONCE_BYTES)
        head = _MAGIC + self._id
        return head + nonce + AESGCM(self._wrapping.reveal()).encrypt(nonce, blob, head + aad)

    def unwrap(self, blob: bytes, aad: bytes) -> bytes:
        """Give back what `wrap` took, if this key did it."""
        if named_in(blob) != self.id():
            raise foreign(named_in(blob), self.id())
        head, nonce = blob[:_HEAD], blob[_HEAD : _HEAD + _NONCE_BYTES]
        try:
            return AESGCM(self._wrapping.reveal()).decrypt(nonce, blob[_HEAD + _NONCE_BYTES :], head + aad)
        except (InvalidTag, ValueError):
            raise KeyTrouble(
                f"Something wrapped by root key {self.id()} does not open: it was altered or "
                "belongs elsewhere. Restore the database from a backup; do not make a new key."
            ) from None

    def id(self) -> str:
        """Name the key in public."""
        return self._id.hex()

    def status(self) -> str:
        """Say where the key came from."""
        return f"Root key {self.id()} is open; it was read from {self._source}."

    def sealed_by(self, seal: Callable[[bytes], Sealing]) -> Sealing:
        """The key itself, sealed for recovery or for the memory of the machine. Only a key that is held here can do so;
        a key service has its own way of being restored."""
        return seal(self._key.reveal())


class FileRootKey(HeldRootKey):
    """The root key in a file that only the register's own user may read."""

    def __init__(self, path: Path) -> None:
        super().__init__(read_key(path, "root key"), f"the file {path.name}")


class EnvironmentRootKey(HeldRootKey):
    """The root key in an environment variable, taken out of it once read.

    The same user can still read it in /proc; a file outside the served tree is better.
    """

    def __init__(self, environ: MutableMapping[str, str] = os.environ) -> None:
        text = environ.pop(VARIABLE, None)
        if text is None:
            raise KeyTrouble(f"{VARIABLE} is not set. Set it to the root key, as base64url.")
        super().__init__(_decoded(text), f"the variable {VARIABLE}")


def _decoded(text: str) -> bytes:
    bare = text.strip().rstrip("=")
    try:
        return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise KeyTrouble(f"{VARIABLE} is not base64url. Set it to {KEY_BYTES} random bytes in that form.") from None
