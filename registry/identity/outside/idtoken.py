"""Reading an ID token, believing nothing that is not proved (OpenID Connect Core 1.0 §3.1.3.7)."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jws import extract_compact

from registry.core.providers import Provider
from registry.identity.outside.knowledge import Key
from registry.identity.outside.troubles import OutsideTrouble, Trouble

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Signatures by a key of the provider's alone: never `none`, never a shared secret."""
LEEWAY, OLDEST = timedelta(seconds=60), timedelta(minutes=10)
LONGEST_SUBJECT = 255
IN_TWO_STEPS = frozenset({"mfa"})


@dataclass(frozen=True)
class Recognised:
    """Whom the provider recognised: its own name for them, and how they signed in there."""

    issuer: str
    subject: str
    known_as: str
    in_two_steps: bool
    signed_in_at: datetime | None


def read(token: str, key_of: Callable[[str], Key], provider: Provider, nonce: str, now: datetime) -> Recognised:
    """Whom an ID token is about, if everything about it is as it should be."""
    claims = _signed(token, key_of)
    if claims.get("iss") != provider.issuer:
        raise OutsideTrouble(Trouble.ISSUER)
    if not _is_for(provider.client_id, claims):
        raise OutsideTrouble(Trouble.AUDIENCE)
    if not _is_in_time(claims, now):
        raise OutsideTrouble(Trouble.TIME)
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise OutsideTrouble(Trouble.NONCE)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise OutsideTrouble(Trouble.WRONG_ANSWER)
    return Recognised(provider.issuer, subject, _known_as(claims), _in_two_steps(claims), _moment(claims, "auth_time"))


def _signed(token: str, key_of: Callable[[str], Key]) -> dict[str, Any]:
    """The claims, once the signature is found to be made by a key that the provider published."""
    try:
        header = extract_compact(token.encode()).headers()
        if header.get("alg") not in ALGORITHMS or not isinstance(header.get("kid"), str):
            raise OutsideTrouble(Trouble.SIGNATURE)
        return jwt.decode(token, key_of(header["kid"]), algorithms=ALGORITHMS).claims
    except (JoseError, ValueError, TypeError):
        raise OutsideTrouble(Trouble.SIGNATURE) from None


def _is_for(client_id: str, claims: dict[str, Any]) -> bool:
    """Whether it was made for us; among several, by us."""
    audience, party = claims.get("aud"), claims.get("azp")
    listed = audience if isinstance(audience, list) else [audience]
    return client_id in listed and (party == client_id or (party is None and len(listed) == 1))


def _is_in_time(claims: dict[str, Any], now: datetime) -> bool:
    made, ends, begins = _moment(claims, "iat"), _moment(claims, "exp"), _moment(claims, "nbf")
    if made is None or ends is None:
        return False
    return (
        now - OLDEST - LEEWAY <= made <= now + LEEWAY
        and now < ends + LEEWAY
        and (begins is None or begins <= now + LEEWAY)
    )


def _moment(claims: dict[str, Any], name: str) -> datetime | None:
    seconds = claims.get(name)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _in_two_steps(claims: dict[str, Any]) -> bool:
    """Whether the provider says that it asked for two steps (RFC 8176 `amr`; or so named by `acr`)."""
    ways = claims.get("amr")
    return claims.get("acr") in IN_TWO_STEPS or bool(
        isinstance(ways, list) and IN_TWO_STEPS & {way for way in ways if isinstance(way, str)}
    )


def _known_as(claims: dict[str, Any]) -> str:
    """What the provider calls them, to show them; nothing goes by it."""
    names = (claims.get(name) for name in ("preferred_username", "email", "name"))
    return next((name[:254] for name in names if isinstance(name, str) and name.isprintable() and name), "")
