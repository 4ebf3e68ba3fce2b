"""Identity providers by which people may sign in (OpenID Connect), as `settings.toml` names them."""

import os
import re
import stat
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from registry.core.secret import Secret

SECRET_PREFIX = "REGISTER_CLIENT_SECRET_"  # noqa: S105 (the name of a variable)
WORDS = frozenset({"key", "name", "issuer", "client_id", "client_secret_file", "hosts", "trust_two_steps", "councils"})
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
"""Names of this machine itself: nobody listens on the way to it."""
KNOWN_HOSTS = {"https://accounts.google.com": ("oauth2.googleapis.com", "www.googleapis.com")}
"""Providers that answer under further names than their issuer's."""


@dataclass(frozen=True)
class Provider:
    """One provider: who it says it is (`issuer`), and who we are to it.

    `hosts`: the only ones the register talks to for it. `trust_two_steps`: a sign-in there that was one in two steps
    by its own word counts as two here. `councils`: the short names of those whose staff it knows; none, all of them.
    """

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: Secret[str] = field(repr=False)
    hosts: frozenset[str]
    trust_two_steps: bool = False
    councils: frozenset[str] = frozenset()

    def lets_in(self, councils: Set[str]) -> bool:
        """Whether it may say who somebody is that works for these councils."""
        return not self.councils or bool(self.councils & councils)

    def proves_both(self, councils: Set[str]) -> bool:
        """Whether its word for two steps counts for somebody: not where another council, that it does not speak for,
        would have to rely on it, nor once they work for none that it speaks for."""
        return self.trust_two_steps and self.lets_in(councils) and self.speaks_for(councils)

    def speaks_for(self, councils: Set[str]) -> bool:
        """Whether each of these councils named it, so that none relies on a provider that it never chose."""
        return not self.councils or councils <= self.councils


def read_providers(given: Any, instance: Path, environment: Mapping[str, str]) -> tuple[Provider, ...]:
    """The providers of the settings; `ValueError` says what is wrong with one."""
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ValueError("providers are written as [[providers]] tables in settings.toml")
    found = tuple(_provider(one, instance, environment) for one in given)
    for name in ("key", "issuer"):
        if len({getattr(provider, name) for provider in found}) < len(found):
            raise ValueError(f"two providers have the same {name}")
    return found


def _provider(given: dict[str, Any], instance: Path, environment: Mapping[str, str]) -> Provider:
    key = str(given.get("key", ""))
    if not re.fullmatch(r"[a-z0-9]{1,20}", key):
        raise ValueError(
            "a provider needs a key of 1 to 20 small letters and digits; it stands in its redirect address"
        )
    unknown = sorted(set(given) - WORDS)
    if unknown:
        raise ValueError(f"provider {key}: unknown setting {unknown[0]!r}")
    missing = [word for word in ("name", "issuer", "client_id") if not str(given.get(word, "")).strip()]
    if missing:
        raise ValueError(f"provider {key}: {missing[0]} is missing")
    councils = given.get("councils", [])
    if not isinstance(councils, list) or not all(isinstance(slug, str) and slug for slug in councils):
        raise ValueError(f'provider {key}: councils is a list of their short names, such as ["exampleton"]')
    issuer = str(given["issuer"])
    return Provider(
        key=key,
        name=str(given["name"]),
        issuer=issuer,
        client_id=str(given["client_id"]),
        client_secret=Secret(_client_secret(key, given.get("client_secret_file"), instance, environment)),
        hosts=frozenset({_host(key, issuer), *KNOWN_HOSTS.get(issuer, ()), *map(str, given.get("hosts", ()))}),
        trust_two_steps=given.get("trust_two_steps") is True,
        councils=frozenset(councils),
    )


def _host(key: str, issuer: str) -> str:
    parts = urlsplit(issuer)
    is_local = parts.scheme == "http" and parts.hostname in THIS_MACHINE
    if not (parts.scheme == "https" or is_local) or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"provider {key}: issuer must be an https address, exactly as the provider writes it")
    if "{" in issuer or parts.path.strip("/").partition("/")[0] in ("common", "organizations", "consumers"):
        raise ValueError(f"provider {key}: issuer must name your own tenant, not any tenant")
    return parts.hostname


def _client_secret(key: str, file: Any, instance: Path, environment: Mapping[str, str]) -> str:
    given = environment.get(SECRET_PREFIX + key.upper(), "")
    if file:
        path = instance / str(file)
        if not path.is_file():
            raise ValueError(f"provider {key}: there is no file {path.name} with the client secret")
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ValueError(f"provider {key}: {path.name} can be read by others; run chmod 600 on it")
        given = path.read_text(encoding="utf-8").strip()
    if not given:
        raise ValueError(
            f"provider {key}: give its client_secret_file, or {SECRET_PREFIX}{key.upper()} in the environment"
        )
    return given
