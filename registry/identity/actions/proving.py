"""Proving with a second factor that it is really them: at sign-in, and again at doors that ask for it."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from registry.core.authkey import AuthKey
from registry.core.database import change_one
from registry.core.work import Subject, Work
from registry.identity.actions.sign_in import prove_fresh
from registry.identity.actions.slips import note_wrong
from registry.identity.factors import Factor, HalfSignIn, RecoveryCode, Step
from registry.identity.models import Person, SignInSession
from registry.identity.passkeys import Party, named_in, uses_after
from registry.identity.queries import count_codes_left, may_sign_in
from registry.identity.tokens import hash_of
from registry.identity.totp import matching_period
from registry.vocabulary.events import Event

CHALLENGE_BYTES, CHALLENGE_LASTS = 32, timedelta(minutes=5)

Holder = HalfSignIn | SignInSession
"""What remembers, between two pages, what is asked of the browser."""


@dataclass(frozen=True)
class Means:
    """What a proof is checked with: the key that opens seeds, and for whom passkeys are made (None: for nobody).

    `beside`: how many half-minutes before and after its own a code of an app counts.
    """

    key: AuthKey
    party: Party | None
    beside: int = 1


@dataclass(frozen=True)
class Proof:
    """What somebody offers: the answer of a passkey, or a code of an app or from the list."""

    passkey: str = ""
    code: str = ""


def set_challenge(work: Work, holder: Holder) -> bytes:
    """Ask a browser to have this signed by a passkey, within five minutes and once."""
    challenge = secrets.token_bytes(CHALLENGE_BYTES)
    row: Any = work.session.get_one(type(holder), holder.id)
    row.challenge, row.challenge_until = challenge, work.now + CHALLENGE_LASTS
    return challenge


def take_challenge(work: Work, holder: Holder) -> bytes | None:
    """What was asked of this browser; whatever comes of it, it is asked no more."""
    kind: Any = type(holder)
    asked = work.session.execute(
        select(kind.challenge).where(kind.id == holder.id, kind.challenge_until > work.now)
    ).scalar()
    if asked is None:
        return None
    taken = update(kind).where(kind.id == holder.id, kind.challenge == asked).values(challenge=None)
    return asked if change_one(work.session, taken) else None


def prove(work: Work, means: Means, holder: Holder, person: Person, proof: Proof) -> Step | None:
    """Check what somebody offers as their second factor; None if it is not right. Whoever calls has taken a place for
    the guess, and lets the work end before saying so, so that the trail has it."""
    step = _passkey(work, means, holder, person, proof.passkey) if proof.passkey else _code(work, means, person, proof)
    if step is not None:
        return step
    note_wrong(work, holder, person)
    return None


def step_up(work: Work, means: Means, entry: SignInSession, proof: Proof, token: str) -> str | None:
    """Prove at a door that it is still them; gives the session's new token, None if the proof was not right."""
    person = work.session.get_one(Person, entry.person_id)
    step = prove(work, means, entry, person, proof)
    if step is None:
        return None
    if step is Step.PASSKEY:
        work.session.get_one(SignInSession, entry.id).by_passkey = True
    work.record(Event.PROVED, Subject("Person", person.id), how=step.value.replace("_", " "))
    return prove_fresh(work, entry.id, token)


def who_says(work: Work, means: Means, holder: HalfSignIn, answer: str) -> Person | None:
    """Whoever a passkey says it is, when nobody has given a name; None if it is not right, or they work nowhere."""
    credential_id, handle = named_in(answer)
    factor = work.session.scalar(select(Factor).where(Factor.credential_id == credential_id)) if credential_id else None
    person = work.session.get(Person, factor.person_id) if factor else None
    if person is None or handle != handle_of(means.key, person.id):
        take_challenge(work, holder)
    elif may_sign_in(work.session, person.id, work.now.date()) and _passkey(work, means, holder, person, answer):
        return person
    work.record(Event.SIGN_IN_FAILED, Subject("Person", None), error="unknown passkey")
    return None


def handle_of(key: AuthKey, person_id: int) -> bytes:
    """What a passkey calls its person: nothing that tells anybody else who they are."""
    return bytes.fromhex(hash_of(key.for_purpose("passkey-handle").hex() + f":{person_id}"))


def place_of(person_id: int) -> bytes:
    """Where a sealed seed belongs: to its person, so that nobody's opens as another's."""
    return b"person:%d" % person_id


def _code(work: Work, means: Means, person: Person, proof: Proof) -> Step | None:
    typed = "".join(proof.code.split()).replace("-", "")
    if typed.isdecimal():
        return Step.APP if any(_of_app(work, means, app, typed) for app in _apps(work, person.id)) else None
    return Step.RECOVERY_CODE if _of_list(work, person.id, typed) else None


def _apps(work: Work, person_id: int) -> list[Factor]:
    query = select(Factor).where(Factor.person_id == person_id, Factor.kind == Step.APP)
    return list(work.session.scalars(query.order_by(Factor.id)))


def _of_app(work: Work, means: Means, app: Factor, typed: str) -> bool:
    """Whether an app shows this code, and it was not used before: of many who try it at once, one finds it unused."""
    seed = means.key.open("two-step", place_of(app.person_id), app.seed or b"")
    period = matching_period(seed, typed, work.now, means.beside)
    if period is None:
        return False
    later = update(Factor).where(Factor.id == app.id, Factor.last_period < period)
    return change_one(work.session, later.values(last_period=period, used_at=work.now))


def _of_list(work: Work, person_id: int, typed: str) -> bool:
    used = update(RecoveryCode).where(
        RecoveryCode.person_id == person_id,
        RecoveryCode.code_hash == hash_of_code(typed),
        RecoveryCode.used_at.is_(None),
    )
    if not change_one(work.session, used.values(used_at=work.now)):
        return False
    work.record(Event.RECOVERY_CODE_USED, Subject("Person", person_id), left=count_codes_left(work.session, person_id))
    return True


def hash_of_code(typed: str) -> str:
    """What the database keeps of a recovery code (SHA-256 suffices for its 120 random bits)."""
    return hash_of("recovery:" + "".join(typed.split()).replace("-", "").upper())


def _passkey(work: Work, means: Means, holder: Holder, person: Person, answer: str) -> Step | None:
    asked = take_challenge(work, holder)
    credential_id, _ = named_in(answer)
    query = select(Factor).where(Factor.person_id == person.id, Factor.credential_id == credential_id)
    factor = work.session.scalar(query)
    if asked is None or means.party is None or factor is None:
        return None
    uses = uses_after(means.party, asked, answer, factor.public_key or b"", factor.sign_count)
    if uses is None:
        return None
    first = update(Factor).where(Factor.id == factor.id, Factor.sign_count == factor.sign_count)
    return Step.PASSKEY if change_one(work.session, first.values(sign_count=uses, used_at=work.now)) else None
