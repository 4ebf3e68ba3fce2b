"""Talking to a provider: only to its own hosts, by https, without redirects, never for long and never for much."""

import json
import time
from typing import Any
from urllib.parse import quote, urlsplit

from registry.core.providers import THIS_MACHINE, Provider
from registry.identity.outside.troubles import OutsideTrouble, Trouble

SECONDS, LONGEST, LARGEST = 5, 10, 256 * 1024
"""To wait for anything to come; for all of it to come; and how many bytes all of it may be."""
OK = 200


def is_its_own(provider: Provider, address: Any) -> bool:
    """Whether an address is one of the provider's, by https (plain http only to this machine)."""
    if not isinstance(address, str):
        return False
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)
    return is_safe and parts.hostname in provider.hosts and "@" not in parts.netloc


def fetch(provider: Provider, address: str) -> dict[str, Any]:
    """A JSON document of the provider."""
    return _ask(provider, "GET", address, {}, Trouble.UNREACHABLE)


def post(provider: Provider, address: str, form: dict[str, str], *, by_header: bool) -> dict[str, Any]:
    """The provider's answer to a form that says who we are, by header (RFC 6749 §2.3.1) or in the form."""
    secret = provider.client_secret.reveal()
    if by_header:
        return _ask(provider, "POST", address, {"data": form, "auth": _basic(provider.client_id, secret)}, Trouble.CODE)
    named = form | {"client_id": provider.client_id, "client_secret": secret}
    return _ask(provider, "POST", address, {"data": named}, Trouble.CODE)


def _basic(name: str, secret: str) -> tuple[str, str]:
    return quote(name, safe=""), quote(secret, safe="")


def _ask(provider: Provider, method: str, address: str, given: dict[str, Any], refused: Trouble) -> dict[str, Any]:
    import requests  # only who asks a provider pays for its start

    if not is_its_own(provider, address):
        raise OutsideTrouble(Trouble.WRONG_ANSWER)
    until = time.monotonic() + LONGEST
    with requests.Session() as session:
        session.trust_env = False  # neither proxies nor passwords of the machine's user
        try:
            answer = session.request(
                method, address, timeout=SECONDS, allow_redirects=False, stream=True,
                headers={"Accept": "application/json"}, **given,
            )  # fmt: skip
            body = _read(answer.iter_content(8192), until)
        except requests.RequestException:
            raise OutsideTrouble(Trouble.UNREACHABLE) from None
    if answer.status_code != OK:
        raise OutsideTrouble(refused if answer.status_code < 500 else Trouble.UNREACHABLE)  # noqa: PLR2004
    return _document(body)


def _read(pieces: Any, until: float) -> bytes:
    body = b""
    for piece in pieces:
        body += piece
        if len(body) > LARGEST or time.monotonic() > until:
            raise OutsideTrouble(Trouble.UNREACHABLE)
    return body


def _document(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise OutsideTrouble(Trouble.WRONG_ANSWER) from None
    if not isinstance(found, dict):
        raise OutsideTrouble(Trouble.WRONG_ANSWER)
    return found
