"""Passkeys (WebAuthn level 3): what the browser is asked, and whether what it answers is true."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from registry.core.settings import Settings
from registry.core.wording import SERVICE_NAME

LONGEST_ANSWER = 20_000


@dataclass(frozen=True)
class Party:
    """Who asks for a passkey: the name it is bound to, and the pages that may use it."""

    id: str
    origin: str


@dataclass(frozen=True)
class NewPasskey:
    """A passkey somebody has just made: its public half."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def address_for_passkeys(settings: Settings, host: str) -> str:
    """The address at which passkeys work, since browsers bind them to a name and never to a number; empty if none."""
    parts = urlsplit(settings.base_url)
    if settings.is_named:
        return f"{parts.scheme}://{parts.netloc}"
    if settings.is_secure:
        return ""
    port = host.rpartition(":")[2] if ":" in host else ""
    return f"http://localhost:{port}" if port.isdecimal() else "http://localhost"


def party_at(settings: Settings, host: str) -> Party | None:
    """Who asks for passkeys on pages of this host; None where no passkey works."""
    address = address_for_passkeys(settings, host)
    parts = urlsplit(address)
    if parts.hostname == "localhost" and host.partition(":")[0] == "localhost":
        return Party("localhost", f"{parts.scheme}://{host}")  # this machine only, whatever its port
    return Party(parts.hostname or "", address) if parts.netloc == host else None


def creation_options(party: Party, challenge: bytes, handle: bytes, email: str, known: list[bytes]) -> dict[str, Any]:
    """What the browser needs to make a passkey: it asks for a finger, a face or a PIN, and says whose it is."""
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=SERVICE_NAME,
        user_id=handle,
        user_name=email,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return options_to_json_dict(options)


def request_options(party: Party, challenge: bytes, known: list[bytes]) -> dict[str, Any]:
    """What the browser needs to ask for a passkey: one of these, or with none named any that it has for us."""
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def read_new(party: Party, challenge: bytes, answer: str) -> NewPasskey | None:
    """The passkey that a browser made for this challenge; None if anything about it is not as it must be."""
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception:  # strangers choose every byte of it, and the reader of its formats raises many kinds of error
        return None
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def named_in(answer: str) -> tuple[bytes, bytes | None]:
    """Which passkey an answer says it is by, and whose; nothing but a claim until it is verified."""
    try:
        said = json.loads(answer[:LONGEST_ANSWER])
        handle = said["response"].get("userHandle")
        return base64url_to_bytes(said["id"]), base64url_to_bytes(handle) if handle else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return b"", None


def uses_after(party: Party, challenge: bytes, answer: str, public_key: bytes, uses: int) -> int | None:
    """How often a passkey says it was used, if this is its true answer to the challenge; else None.

    A count that does not rise means that somebody made a copy: refused (WebAuthn §6.1.1).
    """
    try:
        proved = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=uses,
            require_user_verification=True,
        )
    except Exception:  # as above
        return None
    return proved.new_sign_count
