"""Opening the vault: the root key of this installation, proved by its canary before anything is trusted to it."""

import os
import stat
from typing import NamedTuple

from sqlalchemy.orm import Session

from registry.core.database import file_of
from registry.core.keyfile import KeyTrouble
from registry.core.settings import Settings
from registry.councils.queries import find_installation
from registry.custody.key_queries import find_root_key, list_root_keys
from registry.custody.roots import PASSPHRASE, Ring, Sealed
from registry.custody.unsealed import is_in_memory
from registry.custody.vault import Vault


def open_vault(session: Session, settings: Settings) -> Vault:
    """The vault under the installation's own root key; raises `KeyTrouble` for a missing or foreign one, or `Sealed`.

    It never makes a key: with another one, everything in custody would be lost.
    """
    installation, records = find_installation(session), {each.id: each for each in list_root_keys(session)}
    present = next((record for record in records.values() if record.retired_at is None), None)
    if installation is None or present is None:
        raise KeyTrouble("Custody was never set up in this database. Run: flask --app app init")
    vault = Vault(Ring(settings, installation.public_id, records), installation.public_id)
    vault.check_canary(present.canary)
    return vault


class Status(NamedTuple):
    """Whether custody is open, and the sentence that says so or says what the administrator must do.

    `is_sealed`: it only waits for its passphrase. `key_id`: the root key that counts, if custody was set up.
    """

    is_open: bool
    sentence: str
    is_sealed: bool = False
    key_id: str = ""


def custody_status(session: Session, settings: Settings) -> Status:
    """How custody stands: for its pages, and for whoever examines the installation."""
    present = find_root_key(session)
    key_id = present.id if present else ""
    try:
        vault = open_vault(session, settings)
    except KeyTrouble as trouble:
        return Status(False, trouble.sentence, isinstance(trouble, Sealed), key_id)
    return Status(True, vault.root_status, False, key_id)


def warnings(session: Session, settings: Settings) -> list[str]:
    """What is unwise about where the keys lie, in sentences for the administrator."""
    present = find_root_key(session)
    if present is not None and present.provider == PASSPHRASE:
        if is_in_memory(settings.unsealed_folder):
            return []
        return [
            f"While unsealed, the root key lies in {settings.unsealed_folder}, which is not known to be in memory. "
            "Name a folder that is, as unsealed_folder."
        ]
    return _about_file(settings) if settings.root_key_file.exists() else []


def _about_file(settings: Settings) -> list[str]:
    folder, said = settings.root_key_file.resolve().parent, []
    database = file_of(settings.database_url)
    if database and database.resolve().parent == folder:
        said.append(
            "The root key lies in the same folder as the database: whoever copies the folder has every credential. "
            "Keep it elsewhere and name the place as root_key_file."
        )
    if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) & (stat.S_IWGRP | stat.S_IWOTH):
        said.append(f"Others may write in {folder}, where the root key lies. Run: chmod go-w {folder}")
    return said
