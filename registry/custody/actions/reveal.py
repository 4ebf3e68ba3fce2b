"""See a credential: redeem the leave once, within a minute.

Three steps, in this order and no other:

    asked = ask(work, credential_id, Asking(…))                     # actions.asking; or pick_up
    redeemed = redeem(work, credential_id, asked.token, session_id)  # leave the block: the trail is committed
    value = open_value(vault, redeemed)                             # only then is anything opened
"""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from registry.accounts.models import Account
from registry.core.database import change_one
from registry.core.errors import Conflict, Refused
from registry.core.secret import Secret
from registry.core.work import Work
from registry.councils.models import Council
from registry.councils.queries import get_council_by_id
from registry.custody import envelope
from registry.custody.actions.asking import OVER, refuse_unless_free
from registry.custody.actions.entry import enter_credential, told
from registry.custody.actions.sealing import note_exposure
from registry.custody.codes import Code, TotpSeed, current_code
from registry.custody.envelope import Fault, Unreadable
from registry.custody.key_queries import find_sealed
from registry.custody.ledger import count_taken
from registry.custody.models import Credential, ExposureKind, Kind, Purpose, RevealGrant, SecretVersion
from registry.custody.models_looking import LookRequest, LookState, RevealDay
from registry.custody.models_recovery import CodeTaken
from registry.custody.pending import find_check_out
from registry.custody.queries import current_version
from registry.custody.vault import Place, Vault, WrappedKey
from registry.identity.tokens import hash_of
from registry.vocabulary.events import Event


@dataclass(frozen=True)
class Redeemed:
    """A used leave: everything the vault needs to open one sealed value, once the trail is committed.

    `position`: which code of a list was taken; 0 where none was.
    """

    kind: Kind
    purpose: Purpose
    place: Place
    key: WrappedKey
    sealed: bytes = field(repr=False)
    position: int = 0


def redeem(work: Work, credential_id: int, token: str, session_id: int) -> Redeemed:
    """Use a leave: the gate is asked again, the exposure and the trail are written; what follows may be opened.

    Of any number who try at once, one succeeds. `Unreadable` says that the sealed value was tampered with. A code of
    the moment is no exposure: it is worth nothing a minute later.
    """
    grant = _claim(work, token, session_id)
    credential, account = enter_credential(work, credential_id)
    version = current_version(work.session, credential)
    if version.id != grant.secret_version_id or version.envelope is None:
        raise Conflict(OVER)
    sealed, key = _sealed(work, version)
    council = get_council_by_id(work.session, work.council)
    position = 0
    if grant.purpose is not Purpose.CODE:
        _refuse_unless_still_free(work, council, credential, grant)
        _spend_agreement(work, grant)
        _count(work, council, is_emergency=grant.glass_id is not None)
        note_exposure(work, version, ExposureKind.BREAK_GLASS if grant.glass_id else ExposureKind.REVEALED)
    if grant.purpose is Purpose.ONE_OF_LIST:
        position = _take(work, version, grant)
    _tell(work, credential, account, grant, position)
    return Redeemed(
        kind=credential.kind,
        purpose=grant.purpose,
        place=Place(council.public_id, account.public_id, credential.field, version.version),
        key=key,
        sealed=sealed,
        position=position,
    )


def open_value(vault: Vault, redeemed: Redeemed) -> Secret[str]:
    """Open what was redeemed. Only after the work that redeemed it is committed: no trail, no secret."""
    return vault.reveal(redeemed.key, redeemed.place, redeemed.sealed)


def open_code(vault: Vault, redeemed: Redeemed, at: datetime) -> Code:
    """Give the two-step code of a moment; the seed stays in this function."""
    return current_code(TotpSeed.from_text(open_value(vault, redeemed)), at)


def open_one(vault: Vault, redeemed: Redeemed) -> Secret[str] | None:
    """Give the code that was taken; the list stays in this function. None beyond the end of a list never counted."""
    codes = open_value(vault, redeemed).reveal().split("\n")
    return Secret(codes[redeemed.position - 1]) if redeemed.position <= len(codes) else None


def _claim(work: Work, token: str, session_id: int) -> RevealGrant:
    """Use the leave up, if it is this person's, in this session, unused and not yet over: all in one statement."""
    unused = update(RevealGrant).where(
        RevealGrant.council_id == work.council,
        RevealGrant.token_hash == hash_of(token),
        RevealGrant.person_id == work.actor_id,
        RevealGrant.session_id == session_id,
        RevealGrant.used_at.is_(None),
        RevealGrant.expires_at > work.now,
    )
    if not change_one(work.session, unused.values(used_at=work.now)):
        raise Conflict(OVER)
    return work.session.scalars(select(RevealGrant).where(RevealGrant.token_hash == hash_of(token))).one()


def _refuse_unless_still_free(work: Work, council: Council, credential: Credential, grant: RevealGrant) -> None:
    """What was free a minute ago may be taken by now, or taken back from this person."""
    refuse_unless_free(work, council, credential, is_counted=grant.glass_id is None, left=1)
    if credential.one_holder and find_check_out(work.session, work.council, credential.id) is None:
        raise Conflict(OVER)


def _spend_agreement(work: Work, grant: RevealGrant) -> None:
    """A second person's agreement is good for one look."""
    if grant.look_id is None:
        return
    standing = update(LookRequest).where(
        LookRequest.council_id == work.council,
        LookRequest.id == grant.look_id,
        LookRequest.state == LookState.APPROVED,
        LookRequest.expires_at > work.now,
    )
    if not change_one(work.session, standing.values(state=LookState.USED, used_at=work.now)):
        raise Conflict(OVER)


def _count(work: Work, council: Council, *, is_emergency: bool) -> None:
    """Hold this look against the daily number; an emergency counts and is never stopped by it."""
    key = (work.council, work.actor, work.today)
    if work.session.get(RevealDay, key) is None:
        with suppress(IntegrityError), work.session.begin_nested():  # the first look of the day in another window
            work.session.add(RevealDay(council_id=key[0], person_id=key[1], day=key[2], looks=0))
    today = (RevealDay.council_id == key[0], RevealDay.person_id == key[1], RevealDay.day == key[2])
    within = () if is_emergency else (RevealDay.looks < council.daily_reveals,)
    counted = update(RevealDay).where(*today, *within).values(looks=RevealDay.looks + 1)
    if not change_one(work.session, counted):
        raise Refused([f"The council allows {council.daily_reveals} looks a day, and another one was faster."])


def _take(work: Work, version: SecretVersion, grant: RevealGrant) -> int:
    """Enter the next code of a list in the ledger; the database lets each be taken once.

    Only here, after the wait for others' work, is it known how many are left.
    """
    position = count_taken(work.session, version) + 1
    if version.items is not None and position > version.items:
        raise Conflict("The last code of this list was taken meanwhile. Make new ones on the platform.")
    work.session.add(
        CodeTaken(
            council_id=work.council,
            secret_version_id=version.id,
            position=position,
            person_id=work.actor,
            reason=grant.reason,
            taken_at=work.now,
        )
    )
    work.flush()
    return position


def _tell(work: Work, credential: Credential, account: Account, grant: RevealGrant, position: int) -> None:
    happened = {
        Purpose.VALUE: Event.CREDENTIAL_REVEALED,
        Purpose.CODE: Event.CODE_ISSUED,
        Purpose.ONE_OF_LIST: Event.RECOVERY_CODE_TAKEN,
    }[grant.purpose]
    more = {"position": position} if position else {}
    work.record(happened, credential, **told(credential, account, reason=grant.reason, **more))


def _sealed(work: Work, version: SecretVersion) -> tuple[bytes, WrappedKey]:
    found = find_sealed(work.session, version)
    if found is None:
        envelope.key_id(version.envelope or b"")  # where it names no key at all, this says so
        raise Unreadable(Fault.UNKNOWN_KEY)
    return found
