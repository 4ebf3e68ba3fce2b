"""A passkey's device in a few lines: makes passkeys and signs challenges as WebAuthn says, and lies when told to."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, HOLDS_KEY = 0x01, 0x04, 0x40


def text_of(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Authenticator:
    """One passkey. `lies` overrule what an honest device says: origin, rp, flags, count, challenge, handle."""

    def __init__(self) -> None:
        self.key = generate_private_key(SECP256R1())
        self.id, self.count, self.handle = hashlib.sha256(str(id(self)).encode()).digest(), 0, b""

    def makes(self, options: dict[str, Any], **lies: Any) -> str:
        self.handle = bytes_of(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        held = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor2.dumps(public)
        data = self._data(options["rp"]["id"], HOLDS_KEY, lies) + held
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"], lies)
        return self._answer({"clientDataJSON": text_of(client), "attestationObject": text_of(attested)})

    def signs(self, options: dict[str, Any], **lies: Any) -> str:
        self.count += 1
        data = self._data(options["rpId"], 0, lies)
        client = self._client("webauthn.get", options["challenge"], lies)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        parts["userHandle"] = lies.get("handle", self.handle)
        return self._answer({name: text_of(raw) for name, raw in parts.items()})

    def _data(self, party: str, more: int, lies: dict[str, Any]) -> bytes:
        flags = lies.get("flags", PRESENT | VERIFIED) | more
        named = hashlib.sha256(lies.get("rp", party).encode()).digest()
        return named + bytes([flags]) + lies.get("count", self.count).to_bytes(4)

    def _client(self, kind: str, challenge: str, lies: dict[str, Any]) -> bytes:
        origin = lies.get("origin", "http://localhost")
        said = {"type": lies.get("type", kind), "challenge": lies.get("challenge", challenge), "origin": origin}
        return json.dumps({**said, "crossOrigin": False}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        name = text_of(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
