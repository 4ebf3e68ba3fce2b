"""Known devices: browsers in which somebody once signed in wholly."""

from sqlalchemy import delete, select

from registry.core.work import Work
from registry.identity.models import KnownDevice

MOST_DEVICES = 10
"""Of one person; the one longest unused is forgotten first."""


def note_device(work: Work, person_id: int, token_hash: str) -> bool:
    """Note that somebody signed in from a device they are known by; False if they are not known by it."""
    device = work.session.scalar(
        select(KnownDevice).where(KnownDevice.token_hash == token_hash, KnownDevice.person_id == person_id)
    )
    if device is None:
        return False
    device.seen_at = work.now
    return True


def add_device(work: Work, person_id: int, token_hash: str) -> None:
    """Let somebody be known by a device from now on."""
    work.session.add(KnownDevice(token_hash=token_hash, person_id=person_id, seen_at=work.now))
    work.flush()
    newest = select(KnownDevice.id).where(KnownDevice.person_id == person_id)
    surplus = newest.order_by(KnownDevice.seen_at.desc(), KnownDevice.id.desc()).offset(MOST_DEVICES)
    work.session.execute(delete(KnownDevice).where(KnownDevice.id.in_(work.session.scalars(surplus).all())))
