"""A root key that lies nowhere: made of words that the Clerk knows, whenever it is unsealed (Argon2id, RFC 9106)."""

import os
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from registry.core.errors import Invalid
from registry.core.keyfile import KEY_BYTES
from registry.core.secret import Secret
from registry.custody.rootkey import HeldRootKey
from registry.custody.wordlist import WORDS

FEWEST_WORDS, OFFERED_WORDS = 6, 8
MOST_CHARACTERS = 500
SALT_BYTES = 16
SOURCE = "the passphrase"


@dataclass(frozen=True)
class Cost:
    """What one guess costs: 256 MiB of memory and about a second on a small server."""

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 4


def new_parameters(cost: Cost) -> dict[str, Any]:
    """What a new passphrase is stretched with; it lies open beside what the key wraps."""
    return {**asdict(cost), "salt": os.urandom(SALT_BYTES).hex()}


def root_key_from(passphrase: Secret[str], parameters: dict[str, Any]) -> HeldRootKey:
    """The root key that these words make; other words make another, which its id tells."""
    stretch = Argon2id(
        salt=bytes.fromhex(parameters["salt"]),
        length=KEY_BYTES,
        iterations=parameters["passes"],
        lanes=parameters["lanes"],
        memory_cost=parameters["memory_kib"],
    )
    return HeldRootKey(stretch.derive(_plain(passphrase).encode()), SOURCE)


def drawn() -> str:
    """Words drawn by chance just now, to offer to whoever has no dice at hand; nearly 64 bits."""
    return " ".join(secrets.SystemRandom().sample(WORDS, OFFERED_WORDS))


def refuse_short(passphrase: Secret[str]) -> None:
    """Refuse a new passphrase that could be guessed by whoever steals the database."""
    words = _plain(passphrase).split()
    if len(set(words)) < FEWEST_WORDS:
        raise Invalid("passphrase", f"Use at least {FEWEST_WORDS} different words, drawn by chance")
    if len(passphrase.reveal()) > MOST_CHARACTERS:
        raise Invalid("passphrase", f"Use at most {MOST_CHARACTERS} characters")


def _plain(passphrase: Secret[str]) -> str:
    """The words as they are told over the telephone: case and spaces do not matter."""
    return " ".join(passphrase.reveal().casefold().split())
