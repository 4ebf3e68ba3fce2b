"""Changing the root key while the register runs: every council's key is wrapped anew, in one piece of work.

The new key is at hand before anything is wrapped by it, the old one until nothing is; each finds its own by name.
"""

import os
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from registry.core.errors import Conflict
from registry.core.keyfile import KEY_BYTES, make_key
from registry.core.secret import Secret
from registry.core.settings import Settings
from registry.core.work import Work
from registry.councils.models import Council
from registry.custody.actions.keys import Begin, enter_root_key
from registry.custody.key_queries import as_wrapped, find_recovery
from registry.custody.models import CouncilKey
from registry.custody.models_keys import RecoverySet, RootKeyRecord
from registry.custody.opening import open_vault
from registry.custody.passphrase import Cost, new_parameters, refuse_short, root_key_from
from registry.custody.rootkey import HeldRootKey, RootKey
from registry.custody.roots import ENVIRONMENT, FILE, PASSPHRASE, from_environment, named_beside
from registry.custody.unsealed import keep_open
from registry.custody.vault import Vault
from registry.vocabulary.events import Event


@dataclass(frozen=True)
class NewRoot:
    """A root key that is to count from now on, already kept where its provider finds it."""

    key: RootKey
    provider: str
    parameters: dict[str, Any] = field(default_factory=dict)


def in_file(settings: Settings) -> NewRoot:
    """A new key in a file beside the old one, under its own name until it counts."""
    drawn = os.urandom(KEY_BYTES)
    key = HeldRootKey(drawn, "a new file")
    make_key(named_beside(settings.root_key_file, key.id()), drawn)
    return NewRoot(key, FILE)


def in_environment() -> NewRoot:
    """The key that the environment gives now."""
    given = from_environment()
    if given is None:
        raise Conflict("Set SCR_ROOT_KEY to the new key for this command; leave the old one where it is.")
    return NewRoot(given, ENVIRONMENT)


def by_passphrase(settings: Settings, installation: bytes, words: Secret[str], cost: Cost | None = None) -> NewRoot:
    """The key that these words make; custody stays open with it until it is sealed."""
    refuse_short(words)
    parameters = new_parameters(cost or Cost())
    key = root_key_from(words, parameters)
    keep_open(settings, installation, key)
    return NewRoot(key, PASSPHRASE, parameters)


def rotate_root(settings: Settings, begin: Begin, new: NewRoot) -> str:
    """Wrap everything by the new root key and retire the old one; the id of the old one.

    Recovery shares of the old one go on to recover, by way of it, until shares of the new one are in people's hands.
    """
    with begin() as work:
        old = work.session.scalars(
            select(RootKeyRecord).where(RootKeyRecord.retired_at.is_(None)).with_for_update()
        ).one()
        if old.id == new.key.id():
            raise Conflict("This is the root key already in use. Give a new one.")
        vault = open_vault(work.session, settings)
        _move_councils(work, vault, new.key)
        old.retired_at = work.now
        record = enter_root_key(work, settings, new.key, new.provider, new.parameters)
        record.bridge = _bridge(work, vault, new.key)
        work.record(Event.ROOT_KEY_RETIRED, key=old.id)
    settle_files(settings, record.id)
    return old.id


def settle_files(settings: Settings, key_id: str) -> None:
    """Put the root key that counts under its plain name, and the one before it aside under its own."""
    path, waiting = settings.root_key_file, named_beside(settings.root_key_file, key_id)
    if not waiting.exists():
        return
    if path.exists():
        path.rename(named_beside(path, HeldRootKey(path.read_bytes(), path.name).id()))
    waiting.rename(path)


def _move_councils(work: Work, vault: Vault, root: RootKey) -> None:
    rows = work.session.execute(
        select(CouncilKey, Council.public_id)
        .join(Council, Council.id == CouncilKey.council_id)
        .where(CouncilKey.wrapped.is_not(None))
        .order_by(CouncilKey.id)
        .with_for_update(of=CouncilKey)
    ).all()
    for row, council in rows:
        moved = vault.moved(council, as_wrapped(row), root)
        row.wrapped, row.marking, row.root_key_id = moved.wrapped, moved.marking, root.id()


def _bridge(work: Work, vault: Vault, root: RootKey) -> bytes | None:
    """The new key sealed by the old one, as long as recovery shares lead to the old one only."""
    work.session.execute(
        update(RecoverySet)
        .where(RecoverySet.confirmed_at.is_(None), RecoverySet.retired_at.is_(None))
        .values(retired_at=work.now)
    )
    if not isinstance(root, HeldRootKey) or find_recovery(work.session) is None:
        return None
    return root.sealed_by(vault.wrap_successor)
