"""Noticing that a value became due, ticking its checklist, and finishing."""

from datetime import date

from sqlalchemy import delete, select

from registry.accounts.models import Account
from registry.core.errors import Conflict
from registry.core.work import Occurrence, Subject, Work
from registry.councils.models import Council
from registry.custody.actions.entry import enter_credential
from registry.custody.models import Credential
from registry.custody.wording import KINDS
from registry.rotations.models import Item, Rotation, RotationTick
from registry.rotations.queries import (
    Reason,
    find_open_rotation,
    get_rotation,
    noticed_versions,
    progress_of,
    reasons,
    ticks_of,
)
from registry.rotations.rules import MAY_BE_CLOSED, MAY_BE_TICKED
from registry.rotations.wording import ITEMS
from registry.vocabulary.events import Event

ENDING = frozenset(
    {
        Event.PERSON_LEFT,
        Event.PERSON_CHANGED,
        Event.PERSON_SUSPENDED,
        Event.DEVICE_LOST,
        Event.ROLE_ENDED,
        Event.EDITOR_STOOD_DOWN,
        Event.POLICY_PUBLISHED,
        Event.TRAINING_REJECTED,
        Event.ACCOUNT_CHANGED,
        Event.CREDENTIAL_REVEALED,
        Event.RECOVERY_CODE_TAKEN,
        Event.CHECKED_IN,
    }
)
"""What can end, at once, that a value is safe with somebody: also a look past the broken glass, and giving back what
one had to oneself. What only time ends, the nightly sweep notices."""


def watch(work: Work, occurrences: list[Occurrence]) -> None:
    """A sink before the trail: whatever act ends somebody's standing, in whichever room, opens the tasks that follow
    from it in the same transaction; there is no moment in which one is done and the other is not."""
    if work.council_id is not None and any(occurrence.event in ENDING for occurrence in occurrences):
        notice(work, work.today)


def notice(work: Work, on: date) -> list[Rotation]:
    """Open a task for every value in force that is safe no longer with somebody who knows it, unless it has one."""
    if not _due(work, on):
        return []
    # Two acts may see the same at once: they stand in line at the council's row, and the second looks again.
    work.session.execute(select(Council.id).where(Council.id == work.council).with_for_update(key_share=True))
    return [_open(work, reason) for reason in _due(work, on).values()]


def _due(work: Work, on: date) -> dict[int, Reason]:
    """The first reason for each credential whose value has no task yet."""
    found = reasons(work.session, work.council, on)
    noticed = noticed_versions(work.session, work.council) if found else frozenset()
    due: dict[int, Reason] = {}
    for reason in found:
        if reason.secret_version_id not in noticed:
            due.setdefault(reason.credential_id, reason)
    return due


def _open(work: Work, reason: Reason) -> Rotation:
    """A fresh task; or the open one begins again, since its new value became due before its checklist was done."""
    rotation = find_open_rotation(work.session, work.council, reason.credential_id)
    if rotation is None:
        rotation = Rotation(council_id=work.council, account_id=reason.account_id, credential_id=reason.credential_id)
        work.session.add(rotation)
    else:
        work.session.execute(delete(RotationTick).where(RotationTick.rotation_id == rotation.id))
    rotation.secret_version_id, rotation.person_id = reason.secret_version_id, reason.person_id
    rotation.cause, rotation.why, rotation.since_on = reason.cause, reason.why, reason.since_on
    rotation.noticed_at = work.now
    work.flush()
    _record(
        work,
        Event.ROTATION_DUE,
        rotation,
        kind=KINDS[reason.kind],
        person=reason.person,
        person_id=reason.person_id,
        why=reason.why,
    )
    return rotation


def tick(work: Work, rotation_id: int, item: Item, *, done: bool) -> Rotation:
    """Say that an item of the checklist is done on the platform, or take that back (004 §6.5)."""
    rotation, _ = _enter(work, rotation_id)
    MAY_BE_TICKED.judge(progress_of(work.session, rotation), work.today).or_refuse()
    present = ticks_of(work.session, rotation).get(item)
    if done and present is None:
        work.session.add(
            RotationTick(
                council_id=work.council,
                rotation_id=rotation.id,
                item=item,
                ticked_by=work.actor,
                ticked_at=work.now,
            )
        )
        _record(work, Event.ROTATION_TICKED, rotation, item=ITEMS[item].title)
    elif present is not None and not done:
        work.session.delete(present)
        _record(work, Event.ROTATION_UNTICKED, rotation, item=ITEMS[item].title)
    return rotation


def close(work: Work, rotation_id: int) -> Rotation:
    """Finish a rotation: the value is another, and every item is ticked (T05)."""
    rotation, credential = _enter(work, rotation_id)
    MAY_BE_CLOSED.judge(progress_of(work.session, rotation), work.today).or_refuse()
    rotation.closed_at, rotation.closed_by = work.now, work.actor
    _record(work, Event.ROTATION_CLOSED, rotation, kind=KINDS[credential.kind])
    return rotation


def _enter(work: Work, rotation_id: int) -> tuple[Rotation, Credential]:
    """The task and its credential, for somebody whom the gate lets use it now."""
    rotation = get_rotation(work.session, work.council, rotation_id, lock=True)
    credential, _ = enter_credential(work, rotation.credential_id)
    if rotation.closed_at is not None:
        raise Conflict("This rotation is finished already.")
    return rotation, credential


def _record(work: Work, happened: Event, rotation: Rotation, **told: object) -> None:
    name = work.session.get_one(Account, rotation.account_id).name
    work.record(happened, Subject("Rotation", rotation.id, rotation.account_id), account=name, **told)
