"""See a credential: ask with a reason and one's password, then redeem the leave once, within a minute.

Three steps, in this order and no other:

    token = ask_reveal(work, credential_id, Asking(…))              # whoever asks has proved that it is them
    redeemed = redeem(work, credential_id, token, session_id)       # leave the block: the trail is committed
    value = open_value(vault, redeemed)                             # only then is anything opened
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update

from registry.core.errors import Conflict, Invalid
from registry.core.secret import Secret
from registry.core.work import Work
from registry.councils.queries import get_council_by_id
from registry.custody import envelope
from registry.custody.actions.entry import enter_credential, told
from registry.custody.actions.sealing import note_exposure
from registry.custody.codes import Code, TotpSeed, current_code
from registry.custody.envelope import Fault, Unreadable
from registry.custody.key_queries import find_sealed
from registry.custody.models import ExposureKind, Kind, Purpose, RevealGrant, SecretVersion
from registry.custody.queries import current_version
from registry.custody.vault import Place, Vault, WrappedKey
from registry.custody.wording import LONGEST_REASON, OCCASIONS, SHORTEST_REASON, Occasion
from registry.identity.tokens import hash_of, new_token
from registry.vocabulary.events import Event

LASTS = timedelta(seconds=60)
OVER = "This leave to look has been used or has run out. Ask again."


@dataclass(frozen=True)
class Asking:
    """Why somebody wants to see a credential, and in which session."""

    occasion: Occasion
    words: str
    session_id: int


@dataclass(frozen=True)
class Redeemed:
    """A used leave: everything the vault needs to open one sealed value, once the trail is committed."""

    kind: Kind
    purpose: Purpose
    place: Place
    key: WrappedKey
    sealed: bytes = field(repr=False)


def ask_reveal(work: Work, credential_id: int, asking: Asking) -> str:
    """Give somebody leave to see a credential once within a minute, and its token.

    That it is still them is proved before: comparing takes time on purpose, and nobody else could write meanwhile.
    """
    credential, account = enter_credential(work, credential_id)
    words = " ".join(asking.words.split())
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON:
        raise Invalid("words", f"Say in {SHORTEST_REASON} to {LONGEST_REASON} characters what you need it for")
    token, reason = new_token(), f"{OCCASIONS[asking.occasion]}: {words}"
    grant = RevealGrant(
        council_id=work.council,
        token_hash=hash_of(token),
        secret_version_id=current_version(work.session, credential).id,
        person_id=work.actor,
        session_id=asking.session_id,
        purpose=purpose_of(credential.kind),
        reason=reason,
        granted_at=work.now,
        expires_at=work.now + LASTS,
    )
    work.session.add(grant)
    work.record(Event.REVEAL_GRANTED, credential, **told(credential, account, reason=reason))
    return token


def purpose_of(kind: Kind) -> Purpose:
    """What seeing a credential of this kind means: of a two-step seed, nobody sees more than the code of the moment."""
    return Purpose.CODE if kind is Kind.TOTP else Purpose.VALUE


def redeem(work: Work, credential_id: int, token: str, session_id: int) -> Redeemed:
    """Use a leave: the gate is asked again, the exposure and the trail are written; what follows may be opened.

    Of any number who try at once, one succeeds. `Unreadable` says that the sealed value was tampered with. A code is no
    exposure: it is worth nothing a minute later.
    """
    grant = _claim(work, token, session_id)
    credential, account = enter_credential(work, credential_id)
    version = current_version(work.session, credential)
    if version.id != grant.secret_version_id or version.envelope is None:
        raise Conflict(OVER)
    sealed, key = _sealed(work, version)
    shows_value = grant.purpose is Purpose.VALUE
    if shows_value:
        note_exposure(work, version, ExposureKind.REVEALED)
    happened = Event.CREDENTIAL_REVEALED if shows_value else Event.CODE_ISSUED
    work.record(happened, credential, **told(credential, account, reason=grant.reason))
    council = get_council_by_id(work.session, work.council).public_id
    return Redeemed(
        kind=credential.kind,
        purpose=grant.purpose,
        place=Place(council, account.public_id, credential.field, version.version),
        key=key,
        sealed=sealed,
    )


def open_value(vault: Vault, redeemed: Redeemed) -> Secret[str]:
    """Open what was redeemed. Only after the work that redeemed it is committed: no trail, no secret."""
    return vault.reveal(redeemed.key, redeemed.place, redeemed.sealed)


def open_code(vault: Vault, redeemed: Redeemed, at: datetime) -> Code:
    """Give the two-step code of a moment; the seed stays in this function."""
    return current_code(TotpSeed.from_text(open_value(vault, redeemed)), at)


def _claim(work: Work, token: str, session_id: int) -> RevealGrant:
    """Use the leave up, if it is this person's, in this session, unused and not yet over: all in one statement."""
    claimed = work.session.execute(
        update(RevealGrant)
        .where(
            RevealGrant.council_id == work.council,
            RevealGrant.token_hash == hash_of(token),
            RevealGrant.person_id == work.actor_id,
            RevealGrant.session_id == session_id,
            RevealGrant.used_at.is_(None),
            RevealGrant.expires_at > work.now,
        )
        .values(used_at=work.now)
        .execution_options(synchronize_session=False)
    )
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(OVER)
    return work.session.scalars(select(RevealGrant).where(RevealGrant.token_hash == hash_of(token))).one()


def _sealed(work: Work, version: SecretVersion) -> tuple[bytes, WrappedKey]:
    found = find_sealed(work.session, version)
    if found is None:
        envelope.key_id(version.envelope or b"")  # where it names no key at all, this says so
        raise Unreadable(Fault.UNKNOWN_KEY)
    return found
