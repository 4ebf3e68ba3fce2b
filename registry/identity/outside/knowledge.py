"""What a provider says of itself: its addresses and its keys, kept for an hour and asked anew for an unknown key."""

from base64 import urlsafe_b64decode
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from registry.core.providers import Provider
from registry.identity.outside import wire
from registry.identity.outside.troubles import OutsideTrouble, StillDown, Trouble

KEPT, ASKED_AGAIN = timedelta(hours=1), timedelta(minutes=1)
"""How long what it said holds; how soon an unknown key may make us ask again."""
DOWN, PATIENCE = timedelta(seconds=30), 2
"""How long a provider that did not answer is left alone; how many seconds one waits while another asks it."""
SHORTEST_RSA = 2048
"""Bits: what RFC 7518 §3.3 asks of RS256 and PS256. A provider may choose more; with less nothing is signed."""

Key = RSAKey | ECKey
KINDS: dict[str, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}


@dataclass(frozen=True)
class Said:
    """A provider's own description (OpenID Connect Discovery 1.0), as far as it is used here."""

    authorize_at: str
    token_at: str
    keys_at: str
    by_header: bool
    names_itself: bool


@dataclass
class Known:
    """What is known of one provider, and since when."""

    said: Said | None = None
    said_at: datetime | None = None
    keys: dict[str, Key] = field(default_factory=dict)
    keys_at: datetime | None = None
    failed: OutsideTrouble | None = None
    failed_at: datetime | None = None
    asking: Lock = field(default_factory=Lock)


class Knowledge:
    """What this process knows of the providers."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._one = Lock()

    def said(self, provider: Provider, now: datetime) -> Said:
        """The provider's description of itself. One asks for it at a time, and a provider that is down is left alone
        for a while: strangers who keep knocking do not hold every thread until it answers."""
        known = self._of(provider)
        if not known.asking.acquire(timeout=PATIENCE):
            raise StillDown(Trouble.UNREACHABLE)
        try:
            if known.said is None or known.said_at is None or now - known.said_at >= KEPT:
                known.said, known.said_at = _described(provider, known, now), now
            return known.said
        finally:
            known.asking.release()

    def key(self, provider: Provider, kid: str, now: datetime) -> Key:
        """The provider's key of this name; an unknown one makes us ask again, but not at every knock."""
        known = self._of(provider)
        age = now - known.keys_at if known.keys_at else None
        if age is None or age >= KEPT or (kid not in known.keys and age >= ASKED_AGAIN):
            known.keys_at = now  # before asking: a provider that is down is not asked at every knock either
            known.keys = read_keys(wire.fetch(provider, self.said(provider, now).keys_at))
        if kid not in known.keys:
            raise OutsideTrouble(Trouble.SIGNATURE)
        return known.keys[kid]

    def _of(self, provider: Provider) -> Known:
        with self._one:
            return self._known.setdefault(provider.issuer, Known())


def _described(provider: Provider, known: Known, now: datetime) -> Said:
    if known.failed is not None and known.failed_at is not None and now - known.failed_at < DOWN:
        raise StillDown(known.failed.trouble)
    try:
        said = describe(provider)
    except OutsideTrouble as no:
        known.failed, known.failed_at = no, now
        raise
    known.failed = None
    return said


def describe(provider: Provider) -> Said:
    """Ask a provider for its description, and believe it only about itself."""
    told = wire.fetch(provider, provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if told.get("issuer") != provider.issuer:
        raise OutsideTrouble(Trouble.ISSUER)
    addresses = [told.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    if not all(wire.is_its_own(provider, address) for address in addresses):
        raise OutsideTrouble(Trouble.WRONG_ANSWER)
    authorize_at, token_at, keys_at = map(str, addresses)
    ways = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Said(
        authorize_at=authorize_at,
        token_at=token_at,
        keys_at=keys_at,
        by_header="client_secret_basic" in ways,
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


def read_keys(told: dict[str, Any]) -> dict[str, Key]:
    """The keys that a provider signs with, by name; others, and those without one, are no use to us."""
    found: dict[str, Key] = {}
    listed = told.get("keys")
    for one in listed if isinstance(listed, list) else []:
        kind = KINDS.get(str(one.get("kty"))) if isinstance(one, dict) else None
        if kind is None or one.get("use", "sig") != "sig" or not isinstance(one.get("kid"), str):
            continue
        with suppress(JoseError, ValueError, TypeError, KeyError):
            if kind is ECKey or _bits(one["n"]) >= SHORTEST_RSA:
                found[one["kid"]] = kind.import_key(one)
    return found


def _bits(modulus: str) -> int:
    return int.from_bytes(urlsafe_b64decode(modulus + "=="), "big").bit_length()
