"""A pasted web address taken apart without trusting it: plain letters, one host, one path.

The text is judged before anything parses it, because parsers drop what they do not like: a line
feed inside a host makes another host. Every refusal is one sentence that helps.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from registry.accounts.lookalike import looks_like_platform_host

LONGEST: Final = 2048

_PARTS: Final = re.compile(
    r"(?:(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):)?//)?(?P<site>[^/?#]*)(?P<path>[^?#]*)"
    r"(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?"
)
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"(?=.{{4,253}}$)(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")


class Unrecognised(ValueError):
    """What was pasted names no account; `reason` is one plain sentence for whoever pasted it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Address:
    """A web address: the host in lower case, the path decoded and tidy, the query as it came."""

    host: str
    path: str
    query: str


def read_address(text: str) -> Address:
    """The parts of an address typed with or without `https://`; its text is already checked."""
    parts = _PARTS.fullmatch(text)
    if parts is None or (parts["scheme"] or "https").lower() not in ("http", "https"):
        raise Unrecognised("We read web addresses that start https://, and no other kind.")
    host, path = checked_host(parts["site"]), _checked_path(parts["path"])
    if path == "/" and (parts["fragment"] or "").startswith("!/"):
        # Twitter wrote addresses as twitter.com/#!/Name for years; old spreadsheets still do.
        path = _checked_path(parts["fragment"][1:].partition("?")[0])
    return Address(host, path, parts["query"] or "")


def checked(text: str) -> str:
    """The text in its composed form, or a refusal of what hides in it."""
    if not text:
        raise Unrecognised("Paste the address of the account, or its platform and handle.")
    if len(text) > LONGEST:
        raise Unrecognised(f"That has more than {LONGEST:,} characters: paste less.")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if " " in text or not text.isprintable():
        raise Unrecognised("There is a space or an invisible character inside: type it again.")
    if "\\" in text:
        raise Unrecognised("There is a backslash inside: web addresses use forward slashes.")
    return text


def checked_host(site: str) -> str:
    """The host in its one spelling; refuses user names, ports, IP addresses and look-alikes."""
    host = site.lower()
    if "@" in host:
        raise Unrecognised("There is an @ before the first slash: that hides where a link leads.")
    if twin := looks_like_platform_host(host.partition(":")[0]):
        raise Unrecognised(f"{short(host)} looks like {twin} but is not.")
    if ":" in host:
        raise Unrecognised("There is a port number after the site's name: no platform uses one.")
    if not _HOST.fullmatch(host) or "xn--" in host:
        raise Unrecognised(f"“{short(site)}” is not the name of a site in plain letters.")
    return host


def short(text: str) -> str:
    """Somebody's text as part of a sentence: no longer than a line, nothing invisible."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in text[:60])
    return f"{shown}…" if len(text) > len(shown) else shown


def _checked_path(path: str) -> str:
    """Decoded once and without empty segments; refuses what decoding would smuggle in."""
    segments = [segment for segment in path.split("/") if segment]
    if "%" in path:
        segments = [_decoded(segment) for segment in segments]
    if "." in segments or ".." in segments:
        raise Unrecognised("That address climbs with dots: paste it as the browser shows it.")
    return "/" + "/".join(segments)


def _decoded(segment: str) -> str:
    try:
        plain = unquote(segment, errors="strict")
    except UnicodeDecodeError:
        raise Unrecognised("That address holds characters that cannot be read.") from None
    if "/" in plain:
        raise Unrecognised("That address hides a slash: paste it as the browser shows it.")
    return checked(plain)
