"""A message as it goes out: plain text to one address, under a Message-ID that stays the same however often it goes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from registry.core.mailserver import MailServer
from registry.core.wording import SERVICE_NAME


class BadLetter(Exception):
    """What cannot be written as a mail, and why."""


@dataclass(frozen=True)
class Letterhead:
    """From whom this register's mails come: its mail server's sender, and the address that people find it by."""

    server: MailServer
    base_url: str

    def write(self, to: str, subject: str, body: str, notice: str, at: datetime) -> EmailMessage:
        """Write a mail to somebody. `notice` names the one thing that it tells; `at`: when that was, whenever it goes.

        `BadLetter` for an address that is none, or is several.
        """
        email = EmailMessage()
        try:
            to.encode("ascii")  # few servers know the letters of RFC 6531, and a form takes none of them
            email["To"] = Address(addr_spec=to)
            email["From"] = Address(self.server.sender_name or SERVICE_NAME, addr_spec=self.server.sender)
        except (ValueError, MessageError) as error:
            raise BadLetter("The address is not one that mail can be sent to.") from error
        email["Subject"] = " ".join(subject.split())  # a line break would begin another header
        email["Date"] = format_datetime(at)
        email["Message-ID"] = self._id_of(notice)
        email["Auto-Submitted"] = "auto-generated"  # RFC 3834: no notice of absence answers it
        email.set_content(body, cte="quoted-printable")  # lines of any length, over servers that know seven bits only
        return email

    def _id_of(self, notice: str) -> str:
        host = urlsplit(self.base_url).hostname or "localhost"
        return f"<{hashlib.sha256(notice.encode()).hexdigest()[:32]}@{host}>"
