"""A real mail server on this machine, which takes, refuses or drops as a test says."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER, PASSWORD = "register", "Mail-Raben-77"


class PostOffice:
    """What the server took, and what it is to say: by recipient, to all senders, or to the next messages."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.from_addresses: list[str] = []
        self.of_recipient: dict[str, str] = {}
        self.of_sender = ""
        self.of_data: list[str] = []
        self.drops = 0
        self.port = 0

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what was taken."""
        return [str(mail["Message-ID"]) for mail in self.taken]

    async def handle_MAIL(self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:
        envelope.mail_from, envelope.mail_options = address, options
        return self.of_sender or "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.of_recipient:
            return self.of_recipient[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if self.of_data:
            return self.of_data.pop(0)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append(mail)
        self.from_addresses.append(envelope.mail_from)
        if self.drops:  # it has the message, and whoever sent it never hears so
            self.drops -= 1
            server.transport.abort()
        return "250 taken"


@contextmanager
def open_post_office(certificate: ssl.SSLContext | None = None, *, knows_users: bool = False) -> Iterator[PostOffice]:
    """Take mail until the block is left; with a certificate TLS is offered, and passwords are taken by nothing else."""
    office = PostOffice()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        office.port = probe.getsockname()[1]
    options: dict[str, Any] = {"tls_context": certificate} if certificate else {}
    if knows_users:
        options |= {"authenticator": _knows, "auth_required": True}
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **options)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def _knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    known = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)
