"""Opening the vault: the root key of this installation, proved by its canary before anything is trusted to it."""

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from registry.core.keyfile import KeyTrouble
from registry.core.settings import Settings
from registry.core.work import Work
from registry.councils.queries import find_installation, get_installation
from registry.custody.rootkey import VARIABLE, EnvironmentRootKey, FileRootKey, RootKey
from registry.custody.vault import Vault


@cache
def root_key(path: Path) -> RootKey:
    """The root key: from the environment where it is given there, else from its file. Read once in a process."""
    return EnvironmentRootKey() if VARIABLE in os.environ else FileRootKey(path)


def enter_canary(work: Work, path: Path) -> None:
    """Seal the canary at set-up; from then on no other root key is accepted."""
    installation = get_installation(work.session)
    installation.canary = Vault(root_key(path), installation.public_id).make_canary()


def open_vault(session: Session, path: Path) -> Vault:
    """The vault under the installation's own root key; raises `KeyTrouble` for a missing or foreign one.

    It never makes a key: with another one, everything in custody would be lost.
    """
    installation = find_installation(session)
    if installation is None or installation.canary is None:
        raise KeyTrouble("Custody was never set up in this database. Run: flask --app app init")
    vault = Vault(root_key(path), installation.public_id)
    vault.check_canary(installation.canary)
    return vault


class Status(NamedTuple):
    """Whether custody is open, and the sentence that says so or says what the administrator must do."""

    is_open: bool
    sentence: str


def status(session: Session, settings: Settings) -> Status:
    """How custody stands: for its pages, and for whoever examines the installation."""
    try:
        open_vault(session, settings.root_key_file)
    except KeyTrouble as trouble:
        return Status(False, trouble.sentence)
    return Status(True, root_key(settings.root_key_file).status())
