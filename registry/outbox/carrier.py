"""Handing a message to the mail server by SMTP (RFC 5321), and what its answer means."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from registry.core.mailserver import Encryption, MailServer

PATIENCE = 30.0
"""Seconds for each thing that is said to the server."""
SHOWN = 250
"""Letters of a server's own words that are kept."""


class Later(Exception):
    """The server does not take this message now, and may another time."""


class Never(Exception):
    """The server will not take this message, however often it is asked."""


class Unreachable(Later):
    """The server takes nothing now, whatever the message."""


class Carrier:
    """An open connection to the mail server."""

    def __init__(self, server: smtplib.SMTP, sender: str) -> None:
        self._server, self._sender = server, sender

    def carry(self, email: EmailMessage) -> None:
        """Hand a message over: once this returns the server answers for it. Raises `Later`, `Unreachable`, `Never`."""
        try:
            self._server.send_message(email, self._sender)
        except smtplib.SMTPRecipientsRefused as refused:
            ((code, words),) = refused.recipients.values()
            raise _meaning(code, words) from refused
        except smtplib.SMTPSenderRefused as refused:
            told = _told(refused.smtp_error)
            raise Unreachable(f"The mail server does not take the sender’s address: {told}") from refused
        except smtplib.SMTPDataError as refused:
            raise _meaning(refused.smtp_code, refused.smtp_error) from refused
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"The connection to the mail server broke off ({type(error).__name__}).") from error


@contextmanager
def connected(mail: MailServer) -> Iterator[Carrier]:
    """Connect, encrypted and known by name and password as the settings say; raises `Unreachable` in a sentence."""
    try:
        server = _open(mail)
    except smtplib.SMTPAuthenticationError as error:
        raise Unreachable(f"The mail server does not know our name and password: {_told(error.smtp_error)}") from error
    except smtplib.SMTPNotSupportedError as error:
        raise Unreachable(f"The mail server does not offer what is needed: {error}") from error
    except ssl.SSLError as error:
        raise Unreachable(f"The mail server’s certificate will not do ({error.reason or error}).") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(f"The mail server does not answer ({type(error).__name__}).") from error
    try:
        yield Carrier(server, mail.sender)
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()


def _open(mail: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if mail.encryption is Encryption.FROM_START:
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=PATIENCE)
    try:
        if mail.encryption is Encryption.DEMANDED:
            server.starttls(context=context)
        if mail.user:
            server.login(mail.user, mail.password.reveal())
    except BaseException:
        server.close()
        raise
    return server


def _meaning(code: int, words: bytes | str) -> Exception:
    """What a refusal means: 421 the server goes away, any other 4xx later, 5xx never (RFC 5321 §4.2.1)."""
    told = f"The mail server said {code}: {_told(words)}"
    if code == 421:  # noqa: PLR2004
        return Unreachable(told)
    return Never(told) if code >= 500 else Later(told)  # noqa: PLR2004


def _told(words: bytes | str) -> str:
    """A server's own words, on one line."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:SHOWN]
