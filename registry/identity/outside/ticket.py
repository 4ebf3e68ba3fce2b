"""A ticket from the page of one's accounts to a provider: another site can lead a browser to our address, but has none.

A form would do as well, if a browser let a posted form end at another site (CSP `form-action`).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

from registry.core.authkey import AuthKey
from registry.core.keyfile import KeyTrouble

SEAL = "outside-ticket"
LASTS = timedelta(minutes=5)


def ticket_for(key: AuthKey, session_id: int, provider: str, now: datetime) -> str:
    """A ticket for one sign-in session and one provider, good for five minutes."""
    return urlsafe_b64encode(key.seal(SEAL, _place(session_id, provider), str(now.timestamp()).encode())).decode()


def is_good(key: AuthKey, session_id: int, provider: str, ticket: str, now: datetime) -> bool:
    """Whether it is a ticket for this session and this provider, of the last minutes."""
    try:
        made = float(key.open(SEAL, _place(session_id, provider), urlsafe_b64decode(ticket.encode())))
    except (KeyTrouble, ValueError):
        return False
    return 0 <= now.timestamp() - made <= LASTS.total_seconds()


def _place(session_id: int, provider: str) -> bytes:
    return f"session:{session_id}:{provider}".encode()
