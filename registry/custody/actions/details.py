"""The recovery details of an account and who holds them: facts of custody and personal data, not secrets."""

from dataclasses import dataclass

from registry.core.database import get_one
from registry.core.errors import Invalid
from registry.core.stale import refuse_stale
from registry.core.work import Work
from registry.custody.actions.entry import enter_account
from registry.custody.details import find_detail
from registry.custody.models_recovery import DetailKind, RecoveryDetail
from registry.custody.wording import DETAILS
from registry.identity.queries import name_of, works_here
from registry.vocabulary.events import Event


@dataclass(frozen=True)
class Detail:
    """A recovery detail as somebody brings it: held by a person of the council, or kept in a place."""

    kind: DetailKind
    value: str
    holder_id: int | None = None
    place: str = ""
    notes: str = ""


def add_detail(work: Work, account_id: int, brought: Detail) -> RecoveryDetail:
    """Enter by what the platform lets somebody back in, and who has it (002 §19.2)."""
    account = enter_account(work, account_id)
    _refuse_nowhere(work, brought)
    detail = RecoveryDetail(
        council_id=work.council,
        account_id=account.id,
        kind=brought.kind,
        value=brought.value,
        holder_id=brought.holder_id,
        place=brought.place,
        notes=brought.notes,
        added_by=work.actor,
        added_at=work.now,
        changed_at=work.now,
    )
    work.session.add(detail)
    work.flush()
    holder = _holder(work, brought)
    work.record(Event.RECOVERY_DETAIL_ADDED, detail, detail=DETAILS[detail.kind], account=account.name, holder=holder)
    return detail


def change_detail(work: Work, detail_id: int, seen_lock: int, brought: Detail) -> RecoveryDetail:
    """Change a recovery detail or its holder, unless somebody changed it since it was read."""
    detail = get_one(work.session, find_detail(work.council, detail_id))
    account = enter_account(work, detail.account_id)
    refuse_stale("recovery detail", detail, seen_lock, vars(brought))
    _refuse_nowhere(work, brought)
    changed = sorted(name for name, value in vars(brought).items() if getattr(detail, name) != value)
    for name in changed:
        setattr(detail, name, getattr(brought, name))
    if changed:
        detail.changed_at = work.now
        fields = ["holder" if name == "holder_id" else name for name in changed]
        work.record(
            Event.RECOVERY_DETAIL_CHANGED, detail, detail=DETAILS[detail.kind], account=account.name, fields=fields
        )
    return detail


def remove_detail(work: Work, detail_id: int) -> RecoveryDetail:
    """Take a recovery detail off the account: it is no longer set on the platform. What it was is forgotten."""
    detail = get_one(work.session, find_detail(work.council, detail_id))
    account = enter_account(work, detail.account_id)
    detail.removed_at, detail.value, detail.notes = work.now, "", ""
    work.record(Event.RECOVERY_DETAIL_REMOVED, detail, detail=DETAILS[detail.kind], account=account.name)
    return detail


def _refuse_nowhere(work: Work, brought: Detail) -> None:
    if brought.holder_id is None and not brought.place:
        raise Invalid("place", "Choose who holds it, or say where it is kept")
    if brought.holder_id is not None and not works_here(work.session, work.council, brought.holder_id, work.today):
        raise Invalid("holder_id", "Choose somebody who works for the council")


def _holder(work: Work, brought: Detail) -> str:
    if brought.holder_id is None:
        return brought.place
    return name_of(work.session, brought.holder_id)
