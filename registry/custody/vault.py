"""The vault: seals and opens the council's credentials, and knows nothing else.

It holds no session, no person and no rule: the custody room's actions, its only callers, ask the
gate and write the trail *before* they ask the vault. What it needs from the database (wrapped
council keys, envelopes, the canary) is handed in; what it makes is handed back to be stored.
It never makes a key unless told to, and never replaces one.

    key = vault.new_council_key(council.public_id)      # once per council: store id and wrapped
    place = Place(council.public_id, account.public_id, credential.field, version)
    sealed = vault.deposit(key, place, Secret("…"))     # it names its key: envelope.key_id(sealed)
    vault.reveal(key, place, sealed).reveal()

Raises `KeyTrouble` when a key is at fault, `envelope.Unreadable` when a sealed secret is.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, replace

from registry.core.keyfile import KeyTrouble, subkey
from registry.core.secret import Secret
from registry.custody import envelope
from registry.custody.rootkey import RootKey

_CANARY = b"The vault opens with the root key it was locked with."


@dataclass(frozen=True)
class WrappedKey:
    """A council's key as the database keeps it: a public id and bytes only the root key opens."""

    id: bytes
    wrapped: bytes
    marking: bytes | None = None
    """The wrapped key of the fingerprints, where it is not this key's own: it is handed on when keys change."""


@dataclass(frozen=True)
class Place:
    """The one place where a secret belongs; the ids are the rows' `public_id`s."""

    council: bytes
    account: bytes
    field: str
    version: int


class Vault:
    """Custody's cryptography for one installation, under one root key."""

    def __init__(self, root: RootKey, installation_id: bytes) -> None:
        if len(installation_id) != envelope.ID_BYTES:
            raise ValueError(f"An installation's id has {envelope.ID_BYTES} bytes.")
        self._root = root
        self._installation = installation_id
        self._open: dict[tuple[bytes, WrappedKey], Secret[bytes]] = {}

    @property
    def root_key_id(self) -> str:
        """The public name of the root key in use."""
        return self._root.id()

    @property
    def root_status(self) -> str:
        """How the root key stands, in a sentence."""
        return self._root.status()

    def new_council_key(self, council: bytes) -> WrappedKey:
        """Make a key for a council; the caller stores it before anything is sealed with it."""
        key_id = os.urandom(envelope.ID_BYTES)
        wrapped = self._root.wrap(os.urandom(envelope.KEY_BYTES), self._key_aad(council, key_id))
        return WrappedKey(key_id, wrapped)

    def successor(self, council: bytes, key: WrappedKey) -> WrappedKey:
        """Make the key that follows this one. Fingerprints stay comparable: their key is handed on."""
        new = self.new_council_key(council)
        return replace(new, marking=self._root.wrap(self._marking(council, key), self._marking_aad(council, new.id)))

    def moved(self, council: bytes, key: WrappedKey, new_root: RootKey) -> WrappedKey:
        """The same council key, wrapped by another root key."""
        wrapped = new_root.wrap(self._key(council, key), self._key_aad(council, key.id))
        if key.marking is None:
            return WrappedKey(key.id, wrapped)
        marking = new_root.wrap(self._marking(council, key), self._marking_aad(council, key.id))
        return WrappedKey(key.id, wrapped, marking)

    def deposit(self, key: WrappedKey, place: Place, value: Secret[str]) -> bytes:
        """Seal one version of one credential for its place."""
        plaintext = value.reveal().encode()
        return envelope.seal(self._key(place.council, key), key.id, self._context(place), plaintext)

    def reveal(self, key: WrappedKey, place: Place, sealed: bytes) -> Secret[str]:
        """Open a credential. The caller has committed the trail's entry of it already."""
        keys = {key.id: self._key(place.council, key)}
        return Secret(envelope.open(keys, self._context(place), sealed).decode())

    def rewrap(self, old: WrappedKey, new: WrappedKey, place: Place, sealed: bytes) -> bytes:
        """Put a sealed credential under the council's new key without opening it."""
        keys = {key.id: self._key(place.council, key) for key in (old, new)}
        return envelope.rewrap(keys, new.id, self._context(place), sealed)

    def reseal(self, old: WrappedKey, new: WrappedKey, place: Place, sealed: bytes) -> bytes:
        """Seal the same value again, under a fresh data key and the council's present key."""
        return self.deposit(new, place, self.reveal(old, place, sealed))

    def fingerprint(self, key: WrappedKey, council: bytes, field: str, value: Secret[str]) -> bytes:
        """Mark a value so that a reused one is known again without opening anything.

        Equal for equal values of one field in one council, whatever the account: pass the kind of
        credential as the field. The key of the marks outlives the council key, so rotation changes none of them.
        """
        message = envelope.pack(b"scr/fp/v1", field.encode(), value.reveal().encode())
        return hmac.digest(self._marking(council, key), message, hashlib.sha256)

    def make_canary(self) -> bytes:
        """Make the mark by which the right root key is known again at every start."""
        return self._root.wrap(_CANARY, self._canary_aad())

    def check_canary(self, canary: bytes) -> None:
        """Refuse to go on with a root key other than the one custody was locked with."""
        if self._root.unwrap(canary, self._canary_aad()) != _CANARY:
            raise KeyTrouble(
                f"The mark left by root key {self._root.id()} is not the register's own. "
                "Restore the database from a backup; nothing has been changed."
            )

    def wrap_auth_key(self, key: bytes) -> bytes:
        """The register's own key, wrapped: recovery brings it back with the root key."""
        return self._root.wrap(key, self._auth_aad())

    def unwrap_auth_key(self, wrapped: bytes) -> bytes:
        """The register's own key again."""
        return self._root.unwrap(wrapped, self._auth_aad())

    def wrap_successor(self, key: bytes) -> bytes:
        """The root key that follows this one, for whoever recovers this one by its shares."""
        return self._root.wrap(key, self._successor_aad())

    def unwrap_successor(self, wrapped: bytes) -> bytes:
        """The root key that follows this one."""
        return self._root.unwrap(wrapped, self._successor_aad())

    def wrap_share(self, mark: str, number: int, share: bytes) -> bytes:
        """A recovery share until its holder has seen it."""
        return self._root.wrap(share, self._share_aad(mark, number))

    def unwrap_share(self, mark: str, number: int, wrapped: bytes) -> bytes:
        """A recovery share, for its holder to see once."""
        return self._root.unwrap(wrapped, self._share_aad(mark, number))

    def _marking(self, council: bytes, key: WrappedKey) -> bytes:
        if key.marking is None:
            return subkey(self._key(council, key), b"fp")
        return self._root.unwrap(key.marking, self._marking_aad(council, key.id))

    def _key(self, council: bytes, key: WrappedKey) -> bytes:
        # The wrapped bytes are part of the name: an altered row never meets a cached key.
        if (council, key) not in self._open:
            unwrapped = self._root.unwrap(key.wrapped, self._key_aad(council, key.id))
            self._open[council, key] = Secret(unwrapped)
        return self._open[council, key].reveal()

    def _context(self, place: Place) -> bytes:
        return envelope.context(self._installation, place.council, place.account, place.field, place.version)

    def _key_aad(self, council: bytes, key_id: bytes) -> bytes:
        return envelope.pack(b"scr/council-key/v1", self._installation, council, key_id)

    def _marking_aad(self, council: bytes, key_id: bytes) -> bytes:
        return envelope.pack(b"scr/marking/v1", self._installation, council, key_id)

    def _auth_aad(self) -> bytes:
        return envelope.pack(b"scr/auth-key/v1", self._installation)

    def _successor_aad(self) -> bytes:
        return envelope.pack(b"scr/root-successor/v1", self._installation)

    def _share_aad(self, mark: str, number: int) -> bytes:
        return envelope.pack(b"scr/share/v1", self._installation, mark.encode(), bytes([number]))

    def _canary_aad(self) -> bytes:
        return envelope.pack(b"scr/canary/v1", self._installation)
