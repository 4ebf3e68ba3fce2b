"""Details that are somebody's own, sealed under a key of that person's: once it is destroyed they are erased.

Each entry's details have a key derived for them alone, so that one entry can be opened for a tribunal without opening
another. The chain holds the hash of what is sealed, so it stays whole whatever becomes of the key.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry.audit.models import PersonKey
from registry.core.authkey import AuthKey
from registry.core.tenants import beyond
from registry.core.work import Work

PURPOSE = "trail person keys"
NONCE_BYTES = 12


@dataclass
class PersonKeys:
    """The keys of the people that some entries tell of. Who was erased, or never had one, has none."""

    keys: dict[int, bytes] = field(default_factory=dict)
    erased: set[int] = field(default_factory=set)

    @classmethod
    def load(cls, session: Session, auth_key: AuthKey, people: Iterable[int] | None = None) -> "PersonKeys":
        """The keys of these people, in one look; of everybody where none are named."""
        found, query = cls(), select(PersonKey.person_id, PersonKey.sealed)
        if people is not None:
            wanted = sorted(set(people))
            if not wanted:
                return found
            query = query.where(PersonKey.person_id.in_(wanted))
        for person_id, sealed in session.execute(query):
            if sealed is None:
                found.erased.add(person_id)
            else:
                found.keys[person_id] = auth_key.open(PURPOSE, _place(person_id), bytes(sealed))
        return found

    @classmethod
    def load_or_make(cls, work: Work, auth_key: AuthKey, people: Iterable[int]) -> "PersonKeys":
        """The same, with a key made for everybody who never had one."""
        wanted = set(people)
        found = cls.load(work.session, auth_key, wanted)
        missing = sorted(wanted - found.keys.keys() - found.erased)
        if not missing:
            return found
        with beyond(work.session):  # they may be nobody's colleague here, and have a key already
            for person_id in missing:
                sealed = auth_key.seal(PURPOSE, _place(person_id), os.urandom(32))
                with suppress(IntegrityError), work.session.begin_nested():  # another may make it this instant
                    work.session.add(PersonKey(person_id=person_id, sealed=sealed, made_at=work.now))
            return cls.load(work.session, auth_key, wanted)

    def seal(self, chain: int, seq: int, person_id: int, details: Mapping[str, Any]) -> bytes:
        """Seal what an entry says of somebody."""
        place, nonce = place_of(chain, seq, person_id), os.urandom(NONCE_BYTES)
        text = json.dumps(details, sort_keys=True, ensure_ascii=False).encode()
        return nonce + AESGCM(self.entry_key(place, person_id)).encrypt(nonce, text, place)

    def open(self, chain: int, seq: int, person_id: int, ciphertext: bytes) -> dict[str, Any]:
        """Give back what `seal` took; the person must have a key."""
        place = place_of(chain, seq, person_id)
        cipher = AESGCM(self.entry_key(place, person_id))
        opened = json.loads(cipher.decrypt(ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:], place))
        return dict(opened)

    def entry_key(self, place: bytes, person_id: int) -> bytes:
        """The key that opens one person's details in one entry and nothing else."""
        return hmac.digest(self.keys[person_id], place, hashlib.sha256)

    def row_key(self, person_id: int) -> bytes:
        """The key under which rows about somebody are hashed, so that nobody can guess them once it is gone."""
        return hmac.digest(self.keys[person_id], b"scr/trail/rows", hashlib.sha256)


def place_of(chain: int, seq: int, person_id: int) -> bytes:
    """Where sealed details belong; they open nowhere else."""
    return f"scr/trail/detail/{chain}/{seq}/{person_id}".encode()


def _place(person_id: int) -> bytes:
    return f"person/{person_id}".encode()
