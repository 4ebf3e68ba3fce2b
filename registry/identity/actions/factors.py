"""Passkeys, authenticator apps and recovery codes are added, named and removed, always by their own person."""

import base64
import secrets
from typing import Any

from sqlalchemy import delete, func, select

from registry.core.authkey import AuthKey
from registry.core.errors import Conflict, Invalid, NotFound
from registry.core.work import Subject, Work
from registry.identity.actions.notices import tell
from registry.identity.actions.proving import Holder, Means, hash_of_code, place_of, take_challenge
from registry.identity.factors import Factor, RecoveryCode, Step
from registry.identity.models import Person
from registry.identity.passkeys import read_new
from registry.identity.queries import list_factors
from registry.identity.rules.sign_in import MAY_REMOVE_FACTOR, Removal
from registry.identity.totp import matching_period, new_seed
from registry.vocabulary.events import Event

CODES = 10
CODE_BYTES = 15
"""120 random bits: a plain hash of them suffices, as of every secret of 112 bits or more (ASVS 6.5.2)."""
MOST_FACTORS = 10
NO_SEED = "This was done already, or waited too long. Begin again."
SAID = {Step.PASSKEY: "a passkey", Step.APP: "an authenticator app"}


def begin_app(work: Work, key: AuthKey, holder: Holder, person_id: int) -> None:
    """Make the seed of a new app, which counts for nothing until the app has shown a right code."""
    row = _held(work, holder)
    row.new_seed = key.seal("two-step", place_of(person_id), new_seed())


def open_new_seed(key: AuthKey, holder: Holder, person_id: int) -> bytes:
    """The seed that was made for this browser, to be shown to its person only; nothing if none was."""
    return key.open("two-step", place_of(person_id), holder.new_seed) if holder.new_seed else b""


def add_app(work: Work, means: Means, holder: Holder, person: Person, code: str, name: str) -> Factor:
    """Add the app that shows a right code of the seed made for it."""
    row = _held(work, holder)
    seed = open_new_seed(means.key, row, person.id)
    if not seed:
        raise Conflict(NO_SEED)
    period = matching_period(seed, code, work.now, means.beside)
    if period is None:
        raise Invalid("code", "This is not the code of the moment. Check that the clock of your phone is right")
    factor = Factor(kind=Step.APP, seed=row.new_seed, last_period=period)
    row.new_seed = None
    return _add(work, person, factor, name)


def add_passkey(work: Work, means: Means, holder: Holder, person: Person, answer: str, name: str) -> Factor | None:
    """Add the passkey that a browser has just made; None if it is not the one that was asked for."""
    asked = take_challenge(work, holder)
    made = read_new(means.party, asked, answer) if asked and means.party else None
    if made is None:
        return None
    if work.session.scalar(select(Factor.id).where(Factor.credential_id == made.credential_id)):
        raise Conflict("This passkey is known already.")
    factor = Factor(
        kind=Step.PASSKEY,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
    )
    return _add(work, person, factor, name)


def rename(work: Work, person_id: int, factor_id: int, name: str) -> None:
    """Give one of one's own factors another name."""
    factor = _own(work, person_id, factor_id)
    if factor.name != name:
        factor.name = name
        work.record(Event.FACTOR_RENAMED, Subject("Person", person_id), factor=SAID[factor.kind])


def remove(work: Work, person: Person, factor_id: int) -> None:
    """Remove one of one's own factors; never the last."""
    work.session.get_one(Person, person.id, with_for_update=True)  # of two removed at once, the second is the last
    factor = _own(work, person.id, factor_id)
    left = work.session.scalar(select(func.count()).where(Factor.person_id == person.id)) or 0
    MAY_REMOVE_FACTOR.judge(Removal(left - 1), work.today).or_refuse()
    work.session.delete(factor)
    work.record(Event.FACTOR_REMOVED, Subject("Person", person.id), factor=SAID[factor.kind])
    tell(work, person, f"{SAID[factor.kind].capitalize()} was removed from your sign-in", f"factor:{factor.id}:removed")


def make_codes(work: Work, person: Person) -> list[str]:
    """Ten new recovery codes, to be shown to their person once; all earlier ones stop working."""
    codes = [_code() for _ in range(CODES)]
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    work.session.add_all(
        RecoveryCode(person_id=person.id, code_hash=hash_of_code(code), made_at=work.now) for code in codes
    )
    work.record(Event.RECOVERY_CODES_MADE, Subject("Person", person.id), codes=CODES)
    return codes


def _add(work: Work, person: Person, factor: Factor, name: str) -> Factor:
    factors = list_factors(work.session, person.id)
    if len(factors) >= MOST_FACTORS:
        raise Invalid("name", f"You have {MOST_FACTORS} already. Remove one that you no longer use")
    factor.person_id, factor.name, factor.added_at, factor.used_at = person.id, name, work.now, work.now
    work.session.add(factor)
    work.flush()
    work.record(Event.FACTOR_ADDED, Subject("Person", person.id), factor=SAID[factor.kind])
    tell(work, person, f"{SAID[factor.kind].capitalize()} was added to your sign-in", f"factor:{factor.id}:added")
    return factor


def _held(work: Work, holder: Holder) -> Holder:
    """What is remembered for a browser, locked until the work is done: of two who finish at once, one finds it."""
    kind: Any = type(holder)
    found: Holder = work.session.get_one(kind, holder.id, with_for_update={"of": kind})
    return found


def _own(work: Work, person_id: int, factor_id: int) -> Factor:
    factor = work.session.get(Factor, factor_id)
    if factor is None or factor.person_id != person_id:
        raise NotFound
    return factor


def _code() -> str:
    letters = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
