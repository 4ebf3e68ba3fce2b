"""Links that let their reader in: sealed beside their message, so that whoever reads the database holds none."""

from dataclasses import dataclass
from datetime import datetime

from registry.core.authkey import AuthKey
from registry.outbox.models import Message

PLACE = "[the link, for its reader alone]"
"""Where the link goes in the body of a message."""
PURPOSE = "outbox"


@dataclass(frozen=True)
class Link:
    """An address that lets whoever has it in, until it has run out."""

    address: str
    until: datetime


def sealed(auth_key: AuthKey, dedupe: str, link: Link) -> bytes:
    """What is kept of a link; it belongs to the one message of this name."""
    return auth_key.seal(PURPOSE, dedupe.encode(), link.address.encode())


def whole_body(auth_key: AuthKey, message: Message) -> str:
    """A message as its reader gets it, with its link if it still has one: for whoever sends it, and for nobody else."""
    if message.sealed_link is None:
        return message.body
    address = auth_key.open(PURPOSE, message.dedupe.encode(), message.sealed_link).decode()
    return message.body.replace(PLACE, address)
