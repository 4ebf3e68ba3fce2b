"""What a backup says of itself: made when, of which register, sealed by which keys, with which file.

The register's own key seals it, so that a manifest written to fit an altered copy is found out.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from registry.core.authkey import AuthKey
from registry.core.keyfile import KeyTrouble

MANIFEST, COPY = "manifest.json", "register.sqlite"
PREFIX = "register-"
FORMAT = 1
PURPOSE = "backup/manifest/v1"


class BadBackup(Exception):
    """A backup that cannot be made, is not whole, or may not be restored here; the sentence says what to do."""


@dataclass(frozen=True)
class Manifest:
    """The figures of a backup. Keys are named, never held; `settings` are those that are no secret.

    `erased`: the marks of those whose details are erased, so that an older backup brings none of them back.
    """

    made_at: datetime
    version: str
    schema: str
    database: str
    installation: str
    councils: int
    chains: Mapping[str, Mapping[str, Any]]
    checkpoints: Mapping[str, str]
    root_key_id: str
    auth_key_id: str
    settings: Mapping[str, Any]
    breaches: tuple[str, ...]
    bytes: int
    sha256: str
    erased: tuple[str, ...] = ()

    def entries(self, chain: int | str) -> int:
        """How long a chain of the trail was."""
        return int(self.chains.get(str(chain), {"length": 0})["length"])


@dataclass(frozen=True)
class Backup:
    """A backup in its folder."""

    folder: Path
    manifest: Manifest

    @property
    def made_at(self) -> datetime:
        """The moment of which it holds the register."""
        return self.manifest.made_at

    @property
    def breaches(self) -> tuple[str, ...]:
        """What was not true of the register that must be."""
        return self.manifest.breaches

    @property
    def copy(self) -> Path:
        """The copied register."""
        return self.folder / COPY


def list_backups(folder: Path) -> list[Backup]:
    """Every readable backup in a folder, the oldest first."""
    found = []
    for path in folder.glob(f"{PREFIX}*/{MANIFEST}"):
        try:
            found.append(read(path.parent))
        except BadBackup:
            continue
    return sorted(found, key=lambda backup: backup.made_at)


def write(manifest: Manifest, key: AuthKey, path: Path) -> None:
    """Write a manifest with its seal."""
    body = _plain(manifest)
    text = json.dumps(body | {"seal": _seal(body, key)}, indent=2, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> Backup:
    """The backup in a folder, by its manifest alone."""
    try:
        body = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if body.pop("format") != FORMAT:
            raise BadBackup(
                f"{folder.name} is of a form that this version does not know. Fetch the version that made it."
            )
        body.pop("seal")
        given = body | {
            "made_at": datetime.fromisoformat(body["made_at"]),
            "breaches": tuple(body["breaches"]),
            "erased": tuple(body.get("erased", ())),
        }
        return Backup(folder, Manifest(**given))
    except FileNotFoundError:
        raise BadBackup(f"{folder} holds no backup: there is no {MANIFEST} in it.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BadBackup(f"The {MANIFEST} of {folder.name} cannot be read. Take another backup.") from None


def is_sealed(backup: Backup, key: AuthKey) -> bool | None:
    """Whether the manifest is as the register wrote it; None where its key is not at hand to tell."""
    try:
        if key.id() != backup.manifest.auth_key_id:
            return None
    except KeyTrouble:
        return None
    body = json.loads((backup.folder / MANIFEST).read_text(encoding="utf-8"))
    seal = body.pop("seal")
    return hmac.compare_digest(str(seal), _seal(body, key))


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(manifest: Manifest) -> dict[str, Any]:
    return asdict(manifest) | {
        "format": FORMAT,
        "made_at": manifest.made_at.isoformat(),
        "breaches": list(manifest.breaches),
        "erased": list(manifest.erased),
    }


def _seal(body: Mapping[str, Any], key: AuthKey) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.digest(key.for_purpose(PURPOSE), text.encode(), hashlib.sha256).hex()
