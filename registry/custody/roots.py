"""Finding root keys by their ids, wherever they are kept: the one place that knows all the providers.

A root key record names its provider; a key service adds a function to `PROVIDERS` and nothing else. During a rotation
two root keys are at hand, and what one of them wrapped tells which.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from os import environ
from pathlib import Path

from registry.core.keyfile import KeyMissing, KeyTrouble
from registry.core.settings import Settings
from registry.custody.models_keys import RootKeyRecord
from registry.custody.rootkey import VARIABLE, EnvironmentRootKey, FileRootKey, RootKey, foreign, named_in
from registry.custody.unsealed import find_open

FILE, ENVIRONMENT, PASSPHRASE = "file", "environment", "passphrase"
Provider = Callable[[Settings, bytes, str], RootKey]
"""Gives the root key with an id, for the settings and the public id of an installation; raises `KeyTrouble`."""


class Sealed(KeyTrouble):
    """Custody waits for its passphrase."""


def kept(settings: Settings, _installation: bytes, key_id: str) -> RootKey:
    """A key in the environment or in a file: the administrator may move it from one to the other at any time."""
    given = from_environment()
    if given is not None and given.id() == key_id:
        return given
    found = find_file(settings.root_key_file, key_id)
    if found is not None:
        return found
    raise foreign(key_id, (given or FileRootKey(settings.root_key_file)).id())


def unsealed(settings: Settings, installation: bytes, key_id: str) -> RootKey:
    """A passphrase's key, once somebody who knows it has unsealed custody."""
    found = find_open(settings, installation, key_id)
    if found is None:
        raise Sealed("Custody is sealed. It opens when the Clerk unseals it with the passphrase.")
    return found


PROVIDERS: dict[str, Provider] = {FILE: kept, ENVIRONMENT: kept, PASSPHRASE: unsealed}


_taken: dict[str, RootKey] = {}


def from_environment() -> RootKey | None:
    """The key given in the environment, taken out of it when it is first seen."""
    if VARIABLE in environ:
        _taken[VARIABLE] = EnvironmentRootKey()
    return _taken.get(VARIABLE)


def find_file(path: Path, key_id: str) -> RootKey | None:
    """The key with this id: in the file, or beside it under its own name while a rotation changes them over."""
    for place in (path, named_beside(path, key_id), path):  # again the first: it may just have been put in place
        with suppress(KeyMissing):
            found = FileRootKey(place)
            if found.id() == key_id:
                return found
    return None


def named_beside(path: Path, key_id: str) -> Path:
    """Where a root key lies that is not, or no longer, the one in use."""
    return path.with_name(f"{path.name}.{key_id}")


class Ring:
    """Every root key at hand, behind the face of one: the present one wraps, the named one unwraps."""

    def __init__(self, settings: Settings, installation: bytes, records: Mapping[str, RootKeyRecord]) -> None:
        self._settings, self._installation = settings, installation
        self._providers = {key_id: record.provider for key_id, record in records.items()}
        present = next(record for record in records.values() if record.retired_at is None)
        self._present = self.find(present.id)

    def find(self, key_id: str) -> RootKey:
        """The root key with this id; one that this database did not know a moment ago is looked for everywhere."""
        if key_id in self._providers:
            return PROVIDERS[self._providers[key_id]](self._settings, self._installation, key_id)
        opened = find_open(self._settings, self._installation, key_id)
        return opened or kept(self._settings, self._installation, key_id)

    def wrap(self, blob: bytes, aad: bytes) -> bytes:
        """Wrap by the present key."""
        return self._present.wrap(blob, aad)

    def unwrap(self, blob: bytes, aad: bytes) -> bytes:
        """Unwrap by the key that wrapped it."""
        named = named_in(blob)
        root = self._present if named == self._present.id() else self.find(named)
        return root.unwrap(blob, aad)

    def id(self) -> str:
        """The id of the present key."""
        return self._present.id()

    def status(self) -> str:
        """How the present key stands."""
        return self._present.status()
