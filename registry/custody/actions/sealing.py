"""Putting a value into custody: in the form its kind asks, as the credential's next version."""

import hashlib

from registry.accounts.models import Account
from registry.core.errors import Conflict, Invalid
from registry.core.secret import Secret
from registry.core.work import Subject, Work
from registry.councils.queries import get_council_by_id
from registry.custody.codes import Unusable, parse_recovery_codes, parse_seed
from registry.custody.generator import weakness
from registry.custody.key_queries import as_wrapped, count_keys, find_council_key, find_root_key
from registry.custody.models import CouncilKey, Credential, Exposure, ExposureKind, Kind, SecretVersion
from registry.custody.queries import find_exposure
from registry.custody.reuse import bare, sharing, told_to, was_held
from registry.custody.vault import Place, Vault, WrappedKey
from registry.custody.wording import weak_points
from registry.editors.standing import standings_toward
from registry.vocabulary.events import Event

HELD = (
    "This value is or was in custody for this account already; spaces around it, or codes in another order, make it no "
    "other. Change it on the platform first"
)


def council_key(work: Work, vault: Vault) -> WrappedKey:
    """The council's key; made, with an entry in the trail, when the council deposits for the first time.

    It stays the council's key until the work is done: a rotation waits for deposits that began before it.
    """
    row = find_council_key(work.session, work.council, lock=True) or _first_key(work, vault)
    return as_wrapped(row)


def _first_key(work: Work, vault: Vault) -> CouncilKey:
    root = find_root_key(work.session, lock=True)
    if root is None or root.id != vault.root_key_id:
        raise Conflict("The root key has been changed this moment. Try again.")
    return enter_council_key(
        work, vault, vault.new_council_key(get_council_by_id(work.session, work.council).public_id)
    )


def enter_council_key(work: Work, vault: Vault, made: WrappedKey) -> CouncilKey:
    """From now on the council's deposits are sealed under this key; the one before it, if any, is retired already."""
    row = CouncilKey(
        id=made.id,
        council_id=work.council,
        version=count_keys(work.session, work.council) + 1,
        wrapped=made.wrapped,
        marking=made.marking,
        root_key_id=vault.root_key_id,
        made_at=work.now,
    )
    work.session.add(row)
    work.flush()
    work.record(Event.CUSTODY_KEY_MADE, Subject("Council", work.council), key=made.id.hex())
    return row


def usable(kind: Kind, typed: Secret[str]) -> Secret[str]:
    """Bring what was typed to the form in which its kind is kept; `Invalid` says what will not do."""
    text = typed.reveal()
    try:
        if kind is Kind.TOTP:
            return parse_seed(text).to_text()
        if kind is Kind.RECOVERY_CODES:
            return Secret("\n".join(code.reveal() for code in parse_recovery_codes(text)))
    except Unusable as fault:
        raise Invalid("value", fault.sentence) from None
    return Secret(text.strip()) if kind is Kind.API_TOKEN else typed


def seal_next(work: Work, vault: Vault, account: Account, credential: Credential, value: Secret[str]) -> SecretVersion:
    """Seal a value as the next version of a credential; whoever brings it counts as knowing it.

    A value that is or was in custody for the account is refused, also one that is destroyed: it would pass for a
    rotation without being one, and nobody who knew it before would count as knowing it.
    """
    council, key = get_council_by_id(work.session, work.council).public_id, council_key(work, vault)
    # beside the mark of the value as it is, by which those were known that came before it was stripped
    mark, as_typed = (
        vault.fingerprint(key, council, credential.kind.value, of) for of in (bare(credential.kind, value), value)
    )
    if was_held(work.session, account, {mark, as_typed}):
        raise Invalid("value", HELD)
    credential.current_version += 1
    credential.changed_at = work.now
    place = Place(council, account.public_id, credential.field, credential.current_version)
    version = SecretVersion(
        council_id=work.council,
        credential_id=credential.id,
        version=credential.current_version,
        envelope=vault.deposit(key, place, value),
        fingerprint=mark,
        weaknesses=_weaknesses(work, account, credential, value),
        items=len(value.reveal().split("\n")) if credential.kind is Kind.RECOVERY_CODES else None,
        deposited_by=work.actor,
        deposited_at=work.now,
    )
    work.session.add(version)
    work.flush()
    note_exposure(work, version, ExposureKind.TYPED)
    return version


def _weaknesses(work: Work, account: Account, credential: Credential, value: Secret[str]) -> str:
    """Only what people think of is weak; a platform makes its seeds, codes and tokens itself."""
    if credential.kind is not Kind.PASSWORD:
        return ""
    council = get_council_by_id(work.session, work.council)
    return " ".join(weakness(value, (account.handle, account.name, council.name)))


def note_exposure(work: Work, version: SecretVersion, kind: ExposureKind, person_id: int | None = None) -> None:
    """Note that somebody (unless told, whoever acts) knows this version from now on, once more if they knew it."""
    who = person_id or work.actor
    exposure = find_exposure(work.session, version, who, kind)
    if exposure is None:
        exposure = Exposure(
            council_id=work.council, secret_version_id=version.id, person_id=who, kind=kind, first_at=work.now, times=0
        )
        work.session.add(exposure)
    exposure.last_at, exposure.times = work.now, exposure.times + 1
    work.flush()


def envelope_hash(version: SecretVersion) -> str:
    """What the trail keeps of a sealed value, so that an exchanged envelope can be told later."""
    return hashlib.sha256(version.envelope or b"").hexdigest()


def warnings(work: Work, account: Account, version: SecretVersion) -> tuple[str, ...]:
    """What is weak about a value just deposited, and where else it lies. Said, never forbidden: what the platform
    has must come into custody before it can be changed."""
    shared = sharing(work.session, work.council, SecretVersion.id == version.id)[version.id]
    standings = standings_toward(work.session, [account, *shared], work.actor, work.today)
    names = told_to(standings, account, shared, work.today)
    return (*weak_points(version), *(f"The same value is in custody for {name}." for name in names))
