"""The mail server that takes the register's messages, as the settings name it."""

from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from registry.core.providers import THIS_MACHINE
from registry.core.secret import Secret


class Encryption(StrEnum):
    """How a connection is kept from being read. Never "if the server offers it": who listens takes the offer away."""

    FROM_START = "TLS from the first byte"
    DEMANDED = "TLS by STARTTLS"
    NONE = "none: the server is this machine"


PORTS = {Encryption.FROM_START: 465, Encryption.DEMANDED: 587, Encryption.NONE: 25}
"""Where mail is submitted (RFC 8314, RFC 6409), and where a server of one's own listens."""


@dataclass(frozen=True)
class MailServer:
    """Where to hand messages in, and as whom: the address they come from and go back to, and the name beside it."""

    host: str
    port: int
    encryption: Encryption
    user: str
    password: Secret[str]
    sender: str
    sender_name: str


def read_mail_server(address: str, sender: str, password: str) -> MailServer | None:
    """The mail server at an address such as `smtp://register@mail.council.example:587`; none for an empty one.

    `smtps://` speaks TLS from the first byte. `smtp://` demands STARTTLS, except of this machine itself. `ValueError`
    says what is wrong.
    """
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("mail_server is written smtp://user@host:port or smtps://user@host:port")
    if parts.password is not None:
        raise ValueError("the password of the mail server goes into mail_password, not into mail_server")
    name, from_address = parseaddr(sender)
    if "@" not in from_address:
        raise ValueError('mail_sender is the address that messages come from, such as "register@council.example"')
    if bool(parts.username) is not bool(password):
        raise ValueError("mail_server has a user and mail_password a password, or neither does")
    encryption = _encryption(parts.scheme, parts.hostname)
    return MailServer(
        host=parts.hostname,
        port=parts.port or PORTS[encryption],
        encryption=encryption,
        user=unquote(parts.username or ""),
        password=Secret(password),
        sender=from_address,
        sender_name=name,
    )


def _encryption(scheme: str, host: str) -> Encryption:
    if scheme == "smtps":
        return Encryption.FROM_START
    return Encryption.NONE if host in THIS_MACHINE else Encryption.DEMANDED
