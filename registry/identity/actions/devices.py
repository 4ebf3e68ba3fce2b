"""Known devices: browsers in which somebody once signed in wholly."""

from sqlalchemy import delete, select

from registry.core.wording import long_moment
from registry.core.work import Work
from registry.identity.factors import FirstStep
from registry.identity.models import KnownDevice, SignInSession
from registry.identity.queries import councils_of
from registry.outbox.actions import post

MOST_DEVICES = 10
"""Of one person; the one longest unused is forgotten first."""
NEW_PLACE = """Hello {name},

you, or somebody in your name, signed in with a browser that you had not used here before: {browser}, from the network
{network}, on {at}.

If this was you, there is nothing to do. If it was not, sign in now, end that session under "Where I am signed in",
change your password, and tell your Clerk today.
"""


def note_device(work: Work, person_id: int, token_hash: str) -> bool:
    """Note that somebody signed in from a device they are known by; False if they are not known by it."""
    device = work.session.scalar(
        select(KnownDevice).where(KnownDevice.token_hash == token_hash, KnownDevice.person_id == person_id)
    )
    if device is None:
        return False
    device.seen_at = work.now
    return True


def add_device(work: Work, entry: SignInSession, token_hash: str) -> None:
    """Let somebody be known by the device of this sign-in from now on. They are told, but of their very first."""
    theirs = select(KnownDevice.id).where(KnownDevice.person_id == entry.person_id)
    is_first = work.session.scalar(theirs.limit(1)) is None
    work.session.add(KnownDevice(token_hash=token_hash, person_id=entry.person_id, seen_at=work.now))
    work.flush()
    surplus = theirs.order_by(KnownDevice.seen_at.desc(), KnownDevice.id.desc()).offset(MOST_DEVICES)
    work.session.execute(delete(KnownDevice).where(KnownDevice.id.in_(work.session.scalars(surplus).all())))
    if not is_first and entry.first_step is not FirstStep.CHOSEN:
        _tell(work, entry)


def _tell(work: Work, entry: SignInSession) -> None:
    zone = next((council.time_zone for council in councils_of(work.session, entry.person_id, work.now.date())), "UTC")
    came = {"browser": entry.browser, "network": entry.network or "unknown", "at": long_moment(entry.started_at, zone)}
    body = NEW_PLACE.format(name=entry.person.name, **came)
    subject, dedupe = "Social media register: a sign-in from a new place", f"device:{entry.id}:{work.now.isoformat()}"
    post(work, entry.person.email, subject, body, dedupe=dedupe, person_id=entry.person_id)
