"""The trail's keys, all derived from the register's own: whoever restores that one has them back."""

from functools import cached_property
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.audit.notes import public_bytes, verifier_key
from registry.core.authkey import AuthKey
from registry.core.house import House
from registry.core.settings import Settings


class TrailKeys:
    """What signs the checkpoints of an installation's chains."""

    def __init__(self, auth_key: AuthKey, settings: Settings) -> None:
        self.auth_key, self.folder, self.base_url = auth_key, settings.instance, settings.base_url
        self.host = urlsplit(self.base_url).netloc.rpartition("@")[2]

    @classmethod
    def of(cls, house: House) -> "TrailKeys":
        """The keys of this house."""
        return cls(house.auth_key, house.settings)

    def origin(self, slug: str) -> str:
        """The name under which a council's checkpoints are signed; the installation's own are under the host alone."""
        return f"{self.host}/{slug}" if slug else self.host

    def verifier(self, slug: str) -> str:
        """The public key for a council's checkpoints, in the one line that verifiers take."""
        return verifier_key(self.origin(slug), self.public)

    @cached_property
    def signing(self) -> Ed25519PrivateKey:
        """The key that signs checkpoints."""
        return Ed25519PrivateKey.from_private_bytes(self.auth_key.for_purpose("trail checkpoints"))

    @cached_property
    def public(self) -> bytes:
        """Its public half."""
        return public_bytes(self.signing)

    @cached_property
    def rows(self) -> bytes:
        """The key under which rows about nobody in particular are hashed."""
        return self.auth_key.for_purpose("trail rows")
