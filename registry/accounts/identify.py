"""Which account is meant: a pasted address, `platform:handle` or `@handle` in any spelling.

Hosts are matched exactly, never by their ending, and what is not understood is refused with a
sentence that helps: a register that guesses would vouch for fakes. Nothing here asks the network.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn
from urllib.parse import parse_qs, quote

from registry.accounts.address import (
    Address,
    Unrecognised,
    checked,
    checked_host,
    read_address,
    short,
)
from registry.accounts.lookalike import looks_like_platform_host
from registry.accounts.platforms import PLATFORMS, Form, Platform, find_platform

__all__ = ["Identity", "Unrecognised", "identify"]


LONGEST_HANDLE: Final = 200
LONGEST_URL: Final = 500


@dataclass(frozen=True, slots=True)
class Identity:
    """One account on one platform.

    `handle` is what the platform shows, `handle_key` is equal for two spellings of one account,
    `url` is its https address.
    """

    platform: str
    handle: str
    handle_key: str
    url: str


_PREFIX: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}")
_FEDIVERSE_PATH: Final = re.compile(r"/@(?P<user>[^/@]+)(?:/[0-9]+)?")
_FEDIVERSE_NAME: Final = re.compile(r"@[^@]+@[^@]+")
_SEEN_FROM_ELSEWHERE: Final = re.compile(r"/(@[A-Za-z0-9_]{1,30}@[A-Za-z0-9.-]{4,60})")

_AT_HOST: Final = {
    host: tuple(platform for platform in PLATFORMS if host in platform.hosts)
    for listed in PLATFORMS
    for host in listed.hosts
}
_AT_SITE: Final = {form.site: (platform, form) for platform in PLATFORMS for form in platform.forms if form.site}
_OWN: Final = tuple({host.removeprefix("www.") for host in _AT_HOST} | set(_AT_SITE))
_SHORTENERS: Final = ("bit.ly", "tinyurl.com", "ow.ly", "buff.ly", "goo.gl", "is.gd", "linktr.ee")
_REFUSED_HOSTS: Final[dict[str, str]] = {
    host: reason for platform in PLATFORMS for host, reason in platform.refused_hosts.items()
} | dict.fromkeys(_SHORTENERS, "That link may lead anywhere: open it and copy the address of the account itself.")


def identify(text: str, platform: str | None = None) -> Identity:
    """The account that `text` names, on `platform` (key, name or former name) where one is chosen.

    Raises `Unrecognised` and nothing else. An identity's own `url` leads to an equal identity
    (a blog's only with the platform given: any site might be somebody's blog).
    """
    chosen = _platform_called(platform) if platform is not None else None
    text = checked(text.strip(" \t\r\n"))
    prefix, colon, rest = text.partition(":")
    if colon and not rest.startswith("//") and _PREFIX.fullmatch(prefix):
        named = find_platform(prefix)
        if named and chosen and named is not chosen:
            _refuse_other(named, chosen)
        if named:
            chosen, text = named, rest
    found = _read(text, chosen)
    if chosen and found.platform != chosen.key:
        _refuse_other(_platform_called(found.platform), chosen)
    if max(len(found.handle), len(found.handle_key)) > LONGEST_HANDLE or (len(found.url) > LONGEST_URL):
        raise Unrecognised(f"That is longer than the {LONGEST_HANDLE} letters a handle may have.")
    return found


def _platform_called(name: str) -> Platform:
    if found := find_platform(name):
        return found
    raise Unrecognised(f"We do not know a platform called “{short(name)}”.")


def _refuse_other(found: Platform, chosen: Platform) -> NoReturn:
    raise Unrecognised(f"That is on “{found.name}”, but the platform chosen is “{chosen.name}”.")


def _read(text: str, chosen: Platform | None) -> Identity:
    """As an address when it starts like one, else as a handle, else as an address after all."""
    site = re.split(r"[/?#]", text, maxsplit=1)[0].lower()
    if "://" in text or text.startswith("//") or site in _AT_HOST or site in _REFUSED_HOSTS:
        return _by_address(read_address(text), chosen)
    if chosen and (found := _by_handle(text, chosen)):
        return found
    if "." in site and not text.startswith("@"):
        return _by_address(read_address(text), chosen)
    if chosen is None and _FEDIVERSE_NAME.fullmatch(text):
        return _read(text, _platform_called("mastodon"))
    if ":" in text:
        raise Unrecognised("We read addresses that start https:// and handles such as x:@Example.")
    if chosen is None:
        raise Unrecognised(f"Say which platform “{short(text)}” is on, or paste the whole address.")
    raise Unrecognised(f"“{short(text)}” is not a handle on {chosen.name}: an address looks like {chosen.example}")


def _by_handle(text: str, chosen: Platform) -> Identity | None:
    for form in chosen.forms:
        for pattern in form.typed:
            match = pattern.fullmatch(text)
            if match and not _is_reserved(chosen, form, match["handle"]):
                values = match.groupdict()
                if "host" not in values:
                    _refuse_host_as_handle(values["handle"])
                return _identity(chosen, form, values)
    return None


def _is_reserved(platform: Platform, form: Form, handle: str) -> bool:
    return form.at_root and platform.keeps_for_itself(handle)


def _refuse_host_as_handle(handle: str) -> None:
    """A handle may hold dots, but `facebook.com.evil.example` typed as one is a fake address."""
    host = handle.lower()
    if "." not in host or host.endswith(tuple(f".{site}" for site in _AT_SITE)):
        return
    if twin := looks_like_platform_host(host):
        raise Unrecognised(f"{short(host)} looks like {twin} but is not.")
    if _owner(host) or host in _AT_HOST:
        raise Unrecognised(f"“{short(handle)}” is the name of a site, not of an account on it.")


def _by_address(address: Address, chosen: Platform | None) -> Identity:
    if platforms := _AT_HOST.get(address.host):
        return _on_platforms(platforms, address)
    if reason := _REFUSED_HOSTS.get(address.host):
        raise Unrecognised(reason)
    label, _, parent = address.host.partition(".")
    if site := _AT_SITE.get(parent):
        return _on_site(*site, label)
    return _elsewhere(address, chosen)


def _on_platforms(platforms: tuple[Platform, ...], address: Address) -> Identity:
    for platform in platforms:
        for form in platform.forms:
            target = _with_query(form, address)
            for pattern in form.paths:
                match = pattern.fullmatch(target)
                if match and not _is_reserved(platform, form, match["handle"]):
                    return _identity(platform, form, match.groupdict())
    raise Unrecognised(_why_no_account(platforms, address.path))


def _with_query(form: Form, address: Address) -> str:
    """The path, and of the query only what names an account: the rest is tracking."""
    for page, name in form.queries if address.query else ():
        if address.path.lower() == page:
            value = parse_qs(address.query).get(name, [""])[0]
            return f"{page}?{name}={value}"
    return address.path


def _why_no_account(platforms: tuple[Platform, ...], path: str) -> str:
    word = path[1:].partition("/")[0].casefold()
    example = f"an account's address looks like {platforms[0].example}"
    for platform in platforms:
        if word in platform.refused:
            return platform.refused[word]
    if not word:
        return f"That is a front page, not an account: {example}"
    if any(word in platform.posts for platform in platforms):
        return "That is a post: open it and copy the address of the account that posted it."
    if any(word in platform.reserved for platform in platforms):
        return f"That is one of the platform's own pages: {example}"
    return f"That address names no account: {example}"


def _on_site(platform: Platform, form: Form, label: str) -> Identity:
    if not form.handle.fullmatch(label) or platform.keeps_for_itself(label):
        raise Unrecognised(f"That is {platform.name}'s own site: an account looks like {platform.example}")
    return _identity(platform, form, {"handle": label})


def _elsewhere(address: Address, chosen: Platform | None) -> Identity:
    """On a host of its own: Mastodon by the shape of the path, a blog only when so chosen."""
    host = short(address.host)
    if owner := _owner(address.host):
        raise Unrecognised(f"{host} is a part of {owner} that shows no accounts.")
    if chosen and chosen.key == "blog":
        return _blog(address)
    if remote := _SEEN_FROM_ELSEWHERE.fullmatch(address.path):
        raise Unrecognised(f"That is another server's account seen from {host}: paste {remote[1]}")
    match = _FEDIVERSE_PATH.fullmatch(address.path)
    if match and (chosen is None or chosen.key == "mastodon"):
        found = _by_handle(f"@{match['user']}@{address.host}", _platform_called("mastodon"))
        if found:
            return found
    if chosen:
        raise Unrecognised(f"{host} is not a site of {chosen.name}: an address looks like {chosen.example}")
    raise Unrecognised(f"{host} is not a platform we know; for the council's own blog or forum, choose that.")


def _owner(host: str) -> str | None:
    return next((own for own in _OWN if host.endswith(f".{own}")), None)


def _blog(address: Address) -> Identity:
    path = address.path.rstrip("/")
    return Identity(
        platform="blog",
        handle=f"{address.host}{path}",
        handle_key=f"{address.host.removeprefix('www.')}{path}",
        url=f"https://{address.host}{quote(path)}",
    )


def _identity(platform: Platform, form: Form, values: Mapping[str, str]) -> Identity:
    if "host" in values:
        values = _on_own_host(values)
    shown = form.shown.format_map(values)
    url = form.url.format_map(values)
    if not url.isascii():
        url = quote(url, safe=":/?=&@.~")
    return Identity(platform.key, shown, _key(form, shown), url)


def _key(form: Form, shown: str) -> str:
    key = shown.removeprefix("@")
    for ignored in form.ignores:
        key = key.replace(ignored, "")
    if form.case_sensitive:
        return key
    return key.lower() if key.isascii() else unicodedata.normalize("NFKC", key.casefold())


def _on_own_host(values: Mapping[str, str]) -> Mapping[str, str]:
    """A fediverse address: its host, unlike its name, has only one spelling."""
    host = checked_host(values["host"])
    if host in _AT_HOST or host in _REFUSED_HOSTS or _owner(host):
        raise Unrecognised(f"{short(host)} is not a Mastodon server.")
    return {"user": values["user"], "host": host, "handle": f"{values['user']}@{host}"}
