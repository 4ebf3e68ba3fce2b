"""Keys that lie in files of their own: 32 random bytes that nobody but the register's own user may read.

A key is made only when it is asked for, never over another, and a file that others can open is refused.
"""

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32

# Windows has no such bits; there the mode and owner of a file say nothing either.
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_READ = os.O_RDONLY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW | getattr(os, "O_BINARY", 0)


class KeyTrouble(Exception):
    """A key that is missing, unsafe or not the right one; one sentence says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class KeyMissing(KeyTrouble):
    """There is no key where it should be."""


def subkey(key: bytes, purpose: bytes) -> bytes:
    """Derive a key for one purpose, so that no key ever serves two (HKDF, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(key)


def make_key(path: Path, key: bytes | None = None) -> None:
    """Put a new key (or this one, when a lost one is put back) into a file, never over an existing one."""
    try:
        handle = os.open(path, _CREATE, 0o600)
    except FileExistsError:
        raise KeyTrouble(
            f"{path} exists already. A key is never replaced: move it away only if you "
            "are certain that nothing depends on it."
        ) from None
    except OSError as error:
        raise KeyTrouble(f"{path} cannot be made ({error.strerror}). Check its folder.") from None
    with os.fdopen(handle, "wb") as file:
        file.write(key or os.urandom(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    settle(path.parent)


def read_key(path: Path, what: str, most: int = KEY_BYTES) -> bytes:
    """The key in a file; `what` names it in the sentence when it is missing. `most`: a sealed one is longer."""
    if path.is_symlink():
        raise KeyTrouble(f"{path} is a symbolic link. Put the key file itself there.")
    try:
        handle = os.open(path, _READ)
    except FileNotFoundError:
        raise KeyMissing(
            f"There is no {what} at {path}. Put it back from its safe place; only a new "
            "installation makes one, with init."
        ) from None
    except OSError as error:
        raise KeyTrouble(f"{path} cannot be read ({error.strerror}). Check who owns it.") from None
    with os.fdopen(handle, "rb") as file:
        _refuse_unsafe(path, os.fstat(handle))
        return file.read(most + 1)


def refuse_weak(key: bytes, what: str) -> None:
    """Refuse what cannot be a random key: the wrong length, all one byte, or text."""
    if len(key) != KEY_BYTES:
        raise KeyTrouble(f"The {what} must have {KEY_BYTES} bytes. Put back the right one.")
    if len(set(key)) == 1 or (key.isascii() and key.decode().isprintable()):
        raise KeyTrouble(f"The {what} is not random. Use {KEY_BYTES} random bytes, not text.")


def _refuse_unsafe(path: Path, facts: os.stat_result) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise KeyTrouble(f"{path} is not a plain file. Put the key file itself there.")
    if not hasattr(os, "geteuid"):
        return
    if facts.st_uid != os.geteuid():
        raise KeyTrouble(f"{path} belongs to another user. Run the register as that user, or chown the file.")
    if facts.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyTrouble(f"Other users may open {path}. Run: chmod 600 {path}")


def settle(path: Path) -> None:
    """Let a file, or a folder's list of names, survive a power cut; where folders cannot be synced they are left."""
    if path.is_dir() and not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
