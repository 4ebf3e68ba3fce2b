"""Where a passphrase's root key is while custody is unsealed: a file in the machine's memory, for every process of the
register alike, sealed with the register's own key. Neither that file nor the disk alone opens anything; when the
machine stops, or somebody seals custody, it is gone.
"""

import os
from pathlib import Path

from registry.core.authkey import AuthKey
from registry.core.disk import MOUNTS, filesystem_of
from registry.core.keyfile import KEY_BYTES, make_key, read_key
from registry.core.settings import Settings
from registry.custody.passphrase import SOURCE
from registry.custody.rootkey import HeldRootKey

PURPOSE = "unsealed"
_MOST = 4 * KEY_BYTES


def keep_open(settings: Settings, installation: bytes, root: HeldRootKey) -> None:
    """Let every process of the register use this key until custody is sealed."""
    own = AuthKey(settings.auth_key_file)
    sealed = root.sealed_by(lambda key: own.seal(PURPOSE, installation, key))
    path = _path(settings, installation, root.id())
    path.unlink(missing_ok=True)
    make_key(path, sealed)


def find_open(settings: Settings, installation: bytes, key_id: str) -> HeldRootKey | None:
    """The key with this id, if custody is unsealed."""
    path = _path(settings, installation, key_id)
    if not path.exists():
        return None
    sealed = read_key(path, "unsealed root key", _MOST)
    return HeldRootKey(AuthKey(settings.auth_key_file).open(PURPOSE, installation, sealed), SOURCE)


def seal_all(settings: Settings, installation: bytes) -> None:
    """Close custody for every process."""
    for path in settings.unsealed_folder.glob(f"{_name(installation)}-*"):
        path.unlink(missing_ok=True)


def is_in_memory(folder: Path) -> bool:
    """Whether a folder lives in the machine's memory, as far as the system tells."""
    return MOUNTS.exists() and filesystem_of(folder.resolve()) in ("tmpfs", "ramfs")


def _path(settings: Settings, installation: bytes, key_id: str) -> Path:
    return settings.unsealed_folder / f"{_name(installation)}-{key_id}"


def _name(installation: bytes) -> str:
    return f"account-register-{os.geteuid() if hasattr(os, 'geteuid') else 0}-{installation[:6].hex()}"
