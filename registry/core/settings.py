"""What the installation is told: from `instance/settings.toml`, overruled by the environment, checked at start."""

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from registry.core.mailserver import MailServer, read_mail_server
from registry.core.providers import SECRET_PREFIX, THIS_MACHINE, Provider, read_providers

PREFIX = "REGISTER_"
MINIMUM_SECRET = 32
DATABASES = r"(sqlite|postgresql)(\+\w+)?://"
SERVED = tuple(Path(__file__).resolve().parents[2] / name for name in ("static", "templates"))
"""The folders whose files go out to anybody who asks, or nearly so."""
ENCRYPTED = ("require", "verify-ca", "verify-full")
"""The ways in which PostgreSQL's clients never fall back to plain text."""
MEMORY = ("RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR")
"""Where the system names a folder that lives in memory; else /dev/shm does."""


class WrongSettings(Exception):
    """The application may not start as it is set; the sentence says what to do."""


@dataclass(frozen=True)
class Settings:
    """The settings of one installation.

    - `secret_key`: signs cookies and forms; 32 characters or more, different everywhere.
    - `database_url`: `sqlite:///…` or `postgresql://…`; without it, `register.sqlite` in the instance folder.
    - `migrations_url`: the same database as its owner, for `db upgrade`; without it, `database_url`.
    - `root_key_file`: the file that holds the root key of custody, mode 0600; without it, `root.key` there.
    - `auth_key_file`: the file that holds the register's own key, for two-step seeds and the trail; `auth.key` there.
    - `unsealed_folder`: a folder in memory, for a custody with a passphrase while it is unsealed; the system's own.
    - `base_url`: the address that people type; https unless it is this machine.
    - `trusted_hosts`: host names the application answers to, besides the one in `base_url`.
    - `proxies`: how many reverse proxies stand in front of it.
    - `debug`: read changed templates at once; for developing on this machine only.
    - `idle_minutes`: how long a sign-in lasts untouched.
    - `session_hours`: how long a sign-in lasts at most.
    - `codes_beside`: how many half-minutes before and after its own a code of an authenticator app counts, as clocks of
      phones differ; 0 for none.
    - `strangers_a_minute`: how many wrong sign-ins all unknown browsers together may try in a minute.
    - `acts_a_minute`: how many changes one person may make in a minute.
    - `backup_folder`: where the nightly backup goes, best on another disk; without it, none is made by itself.
    - `backups_kept`: for how many days backups stay there, and how many at least; 0: all stay.
    - `metrics_port`: a port of this machine (127.0.0.1) on which figures for Prometheus are served; 0 for none.
    - `mail_server`: who takes messages, as `smtp://user@host:587` or `smtps://user@host:465`; without one they wait.
    - `mail_sender`: the address that messages come from, and to which they go back.
    - `mail_password`: the password at the mail server, if it has a user.
    - `providers`: identity providers by which people may sign in too, as `[[providers]]` tables in the file.
    """

    instance: Path
    secret_key: str = field(repr=False, default="")
    database_url: str = ""
    migrations_url: str = field(repr=False, default="")
    root_key_file: Path = Path()
    auth_key_file: Path = Path()
    unsealed_folder: Path = Path("/dev/shm")  # noqa: S108 (files there are made for their owner alone, never over others)
    base_url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ()
    proxies: int = 0
    debug: bool = False
    idle_minutes: int = 30
    session_hours: int = 8
    codes_beside: int = 1
    strangers_a_minute: int = 200
    acts_a_minute: int = 60
    backup_folder: Path | None = None
    backups_kept: int = 14
    metrics_port: int = 0
    mail_server: str = ""
    mail_sender: str = ""
    mail_password: str = field(repr=False, default="")
    providers: tuple[Provider, ...] = ()

    @property
    def is_secure(self) -> bool:
        """Whether people reach it by https, so that cookies must too."""
        return self.base_url.startswith("https://")

    @property
    def sign_in_idle(self) -> timedelta:
        """How long a sign-in lasts untouched."""
        return timedelta(minutes=self.idle_minutes)

    @property
    def sign_in_longest(self) -> timedelta:
        """How long a sign-in lasts at most."""
        return timedelta(hours=self.session_hours)

    @property
    def mail(self) -> MailServer | None:
        """The mail server, if one is named."""
        return read_mail_server(self.mail_server, self.mail_sender, self.mail_password)

    @property
    def is_named(self) -> bool:
        """Whether its address is a name: browsers bind passkeys to one, and never to a number."""
        try:
            ip_address(urlsplit(self.base_url).hostname or "")
        except ValueError:
            return True
        return False

    @property
    def hosts(self) -> list[str]:
        """The host names the application answers to; none given and only this machine served, any."""
        return (
            [urlsplit(self.base_url).hostname or "", *self.trusted_hosts] if self.is_secure else [*self.trusted_hosts]
        )


def load(instance: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings of the installation in this folder; raises `WrongSettings`."""
    given = from_file(instance / "settings.toml") | _from_environment(environment)
    known = {f.name for f in fields(Settings)} - {"instance"}
    unknown = sorted(set(given) - known)
    if unknown:
        raise WrongSettings(f"Unknown setting {unknown[0]!r}. Known ones are: {', '.join(sorted(known))}.")
    try:
        given |= _in_memory(given, environment)
        providers = read_providers(given.pop("providers", []), instance, environment)
        settings = Settings(instance=instance, providers=providers, **_typed(given, instance))
    except ValueError as error:
        raise WrongSettings(f"A setting has the wrong kind of value: {error}.") from error
    check(settings)
    return settings


def check(settings: Settings) -> None:
    """Refuse settings with which no council's register should be served."""
    secret, address = settings.secret_key, urlsplit(settings.base_url)
    local = address.scheme == "http" and address.hostname in THIS_MACHINE
    if len(secret) < MINIMUM_SECRET or len(set(secret)) < 10:  # noqa: PLR2004
        raise WrongSettings(
            "secret_key is missing or weak. Put one of 32 random characters or more into instance/settings.toml; "
            "`flask --app app init` makes one."
        )
    if not settings.is_secure and not local:
        raise WrongSettings("base_url must begin with https:// unless the register is used on this machine only.")
    if settings.debug and not local:
        raise WrongSettings("debug is on for an address that others can reach. Turn it off.")
    if settings.codes_beside not in (0, 1):
        raise WrongSettings("codes_beside must be 0 or 1: more would let a code live for minutes.")
    _check_wire(settings.database_url, "database_url")
    _check_wire(settings.migrations_url, "migrations_url")
    try:
        read_mail_server(settings.mail_server, settings.mail_sender, settings.mail_password)
    except ValueError as error:
        raise WrongSettings(f"Messages could not be sent: {error}.") from error
    _check_key_file(settings.root_key_file, "root_key_file")
    _check_key_file(settings.auth_key_file, "auth_key_file")


def _check_wire(url: str, setting: str) -> None:
    """Refuse a database of another kind, or over the network without TLS: libpq's own default falls back to plain
    text."""
    if url and not re.match(DATABASES, url):
        raise WrongSettings(f"{setting} must begin with postgresql:// or sqlite:///.")
    address = urlsplit(url)
    asked = dict(parse_qsl(address.query))
    host = asked.get("host") or asked.get("hostaddr") or address.hostname or ""
    if not address.scheme.startswith("postgresql") or host.startswith("/") or host in ("", *THIS_MACHINE):
        return
    if asked.get("sslmode") not in ENCRYPTED:
        raise WrongSettings(f"{setting} leads over the network without TLS. Add ?sslmode=verify-full to it.")


def _check_key_file(path: Path, setting: str) -> None:
    if any(path.resolve().is_relative_to(folder) for folder in SERVED):
        raise WrongSettings(f"{setting} lies in a folder that is served to the public. Put it elsewhere.")
    if not path.exists():
        return  # custody says so when it is asked; `init` makes the key
    if path.is_symlink():
        raise WrongSettings(f"The key file {path.name} is a symbolic link. Point {setting} at the file itself.")
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise WrongSettings(f"The key file {path.name} can be read by others. Run: chmod 600 {path.name}")


def from_file(path: Path) -> dict[str, Any]:
    """What the file says, as it stands; nothing where there is none."""
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise WrongSettings(f"instance/settings.toml cannot be read: {error}.") from error


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    return {
        key.removeprefix(PREFIX).lower(): value
        for key, value in environment.items()
        if key.startswith(PREFIX) and key != "REGISTER_INSTANCE" and not key.startswith(SECRET_PREFIX)
    }


def _in_memory(given: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    named = [environment[name] for name in MEMORY if environment.get(name)]
    return {"unsealed_folder": named[0]} if named and not given.get("unsealed_folder") else {}


def _typed(given: dict[str, Any], instance: Path) -> dict[str, Any]:
    hosts = given.get("trusted_hosts", ())
    return {
        **given,
        "database_url": given.get("database_url") or f"sqlite:///{instance / 'register.sqlite'}",
        "root_key_file": Path(given.get("root_key_file") or instance / "root.key"),
        "auth_key_file": Path(given.get("auth_key_file") or instance / "auth.key"),
        "backup_folder": Path(given["backup_folder"]) if given.get("backup_folder") else None,
        "unsealed_folder": Path(given.get("unsealed_folder") or Settings.unsealed_folder),
        "trusted_hosts": tuple(hosts.split(",") if isinstance(hosts, str) else hosts),
        "debug": str(given.get("debug", "")).lower() in ("1", "true", "yes"),
        "base_url": str(given.get("base_url", Settings.base_url)).rstrip("/"),
        **{f.name: int(given[f.name]) for f in fields(Settings) if f.type is int and f.name in given},
    }
