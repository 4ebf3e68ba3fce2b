"""The platforms a council may speak on, as data: names, hosts, and how each names an account.

The catalogue is `catalogue.toml` beside this file. Old names stay findable, because policies
outlive them (002 §1.1 speaks of Flickr and MySpace, §19.1 of Twitter, 003 of Yammer).
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final


class AccessModel(StrEnum):
    """How people get in: one shared password, roles held by their own logins, or either."""

    SHARED_LOGIN = "shared_login"
    ROLES = "roles"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Form:
    """One way a platform names an account, e.g. `@{handle}` or `channel/{handle}`."""

    handle: re.Pattern[str]
    shown: str
    url: str
    typed: tuple[re.Pattern[str], ...]
    paths: tuple[re.Pattern[str], ...]
    queries: tuple[tuple[str, str], ...]
    site: str
    ignores: str
    case_sensitive: bool
    at_root: bool


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform of the catalogue; the comments in `catalogue.toml` explain each field."""

    key: str
    name: str
    former_names: tuple[str, ...]
    also: tuple[str, ...]
    mark: str
    brand: str
    hosts: tuple[str, ...]
    example: str
    minimum_age: int | None
    access: AccessModel
    is_open: bool
    closed_because: str
    report: str
    report_url: str
    posts: frozenset[str]
    reserved: frozenset[str]
    refused: Mapping[str, str]
    refused_hosts: Mapping[str, str]
    forms: tuple[Form, ...]

    def keeps_for_itself(self, handle: str) -> bool:
        """Whether this first word of a path is the platform's own, so nobody's account."""
        word = handle.casefold()
        return word in self.reserved or word in self.posts or word in self.refused


def find_platform(name: str) -> Platform | None:
    """The platform with this key, name, former name or usual spelling: "Twitter", "FB"."""
    return _BY_NAME.get(_plain(name))


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _path_pattern(template: str, handle: str) -> re.Pattern[str]:
    """A template as a pattern: words in any case, `{any}` one segment, `/*` what follows."""
    pieces = {"{handle}": f"(?P<handle>{handle})", "{any}": "[^/]+", "/*": "(?:/.*)?"}
    parts = filter(None, re.split(r"(\{handle\}|\{any\}|/\*$)", template))
    return re.compile("".join(pieces.get(part) or f"(?ai:{re.escape(part)})" for part in parts))


def _read_form(row: Mapping[str, Any]) -> Form:
    handle, shown, paths = row["handle"], row["shown"], row["paths"]
    typed = [f"@{shown.removeprefix('@')}", shown.removeprefix("@"), *row.get("typed", ())]
    with_query = [re.split(r"[?=]", path)[:2] for path in paths if "?" in path]
    return Form(
        handle=re.compile(handle),
        shown=shown,
        url=row["url"],
        typed=tuple(_path_pattern(template, handle) for template in typed),
        paths=tuple(_path_pattern(template, handle) for template in paths),
        queries=tuple((page, name) for page, name in with_query),
        site=row.get("site", "").removeprefix("{handle}."),
        ignores=row.get("ignores", ""),
        case_sensitive=row.get("case_sensitive", False),
        at_root=any(path.startswith("/{handle}") for path in paths) or "site" in row,
    )


def _read_platform(row: Mapping[str, Any]) -> Platform:
    return Platform(
        key=row["key"],
        name=row["name"],
        former_names=tuple(row.get("former_names", ())),
        also=tuple(row.get("also", ())),
        mark=row["mark"],
        brand=row.get("brand", ""),
        hosts=tuple(row["hosts"]),
        example=row["example"],
        minimum_age=row.get("minimum_age"),
        access=AccessModel(row["access"]),
        is_open=row.get("is_open", True),
        closed_because=row.get("closed_because", ""),
        report=row["report"],
        report_url=row.get("report_url", ""),
        posts=frozenset(row.get("posts", ())),
        reserved=frozenset(row.get("reserved", ())),
        refused=row.get("refused", {}),
        refused_hosts=row.get("refused_hosts", {}),
        forms=tuple(map(_read_form, row.get("form", ()))),
    )


def _read_catalogue() -> tuple[Platform, ...]:
    text = Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8")
    return tuple(map(_read_platform, tomllib.loads(text)["platform"]))


PLATFORMS: Final[tuple[Platform, ...]] = _read_catalogue()

BY_ROLES: Final = tuple(platform.key for platform in PLATFORMS if platform.access is AccessModel.ROLES)
"""The platforms where people get in with their own logins: there is no password of the account's own."""

_BY_NAME: Final[dict[str, Platform]] = {
    _plain(name): platform
    for platform in PLATFORMS
    for name in (platform.key, platform.name, *platform.former_names, *platform.also)
}
