"""Whatever was seen was granted, told and remembered; whatever is in custody has one value in force, and it opens."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import and_, func, or_, select

from registry.accounts.models import Account
from registry.core.clock import day_in
from registry.councils.models import Council
from registry.custody.models import Credential, Exposure, ExposureKind, RevealGrant, SecretVersion
from registry.custody.proving import unopenable
from registry.custody.queries import is_current
from registry.editors.rules import GATE
from registry.editors.standing import standing_of
from registry.upkeep.invariant import Look, Wrong, found, invariant
from registry.upkeep.told import entries_of
from registry.vocabulary.events import Event

SHOWN = (Event.CREDENTIAL_REVEALED, Event.RECOVERY_CODE_TAKEN)
SEEN = (*SHOWN, Event.CODE_ISSUED)
EXPLAINS = (
    Event.PERSON_LEFT, Event.PERSON_CHANGED, Event.ROLE_ENDED, Event.EDITOR_STOOD_DOWN, Event.TRAINING_REJECTED,
    Event.POLICY_PUBLISHED, Event.POLICY_CHANGED, Event.CLOSURE_COMPLETED, Event.ACCOUNT_CHANGED,
)  # fmt: skip
"""What may rightly close the gate behind somebody who has been through it."""


@invariant("I5", "Every leave to see that was used stands in the trail exactly once, at that moment.")
def used_leave_is_told(look: Look) -> Iterable[Wrong]:
    """Used grants (kept for a day) and the entries of their use."""
    told = Counter((entry.council_id, entry.actor_id, entry.id, entry.at) for entry in entries_of(look, *SEEN))
    query = select(
        RevealGrant.id, RevealGrant.council_id, RevealGrant.person_id, SecretVersion.credential_id, RevealGrant.used_at
    ).join(SecretVersion, SecretVersion.id == RevealGrant.secret_version_id)
    for row in look.session.execute(query.where(RevealGrant.used_at.is_not(None))):
        times = told[row.council_id, row.person_id, row.credential_id, row.used_at]
        if times != 1:
            yield Wrong("leave to see", row.id, f"was used, and the trail tells it {times} times", row.council_id)


@invariant("I5", "Whoever was shown a value is remembered as knowing it, as often as the trail tells.")
def seen_is_remembered(look: Look) -> Iterable[Wrong]:
    """Exposures by revealing, and the entries of the reveals, both ways."""
    told = Counter((e.council_id, e.id, e.actor_id) for e in entries_of(look, *SHOWN))
    query = (
        select(SecretVersion.council_id, SecretVersion.credential_id, Exposure.person_id, func.sum(Exposure.times))
        .join(SecretVersion, SecretVersion.id == Exposure.secret_version_id)
        .where(Exposure.kind.in_((ExposureKind.REVEALED, ExposureKind.BREAK_GLASS)))
        .group_by(SecretVersion.council_id, SecretVersion.credential_id, Exposure.person_id)
    )
    known: Counter[tuple[int, int | None, int | None]] = Counter(
        {(row[0], row[1], row[2]): row[3] for row in look.session.execute(query)}
    )
    for key in sorted(told.keys() | known.keys(), key=str):
        council_id, credential_id, person_id = key
        if told[key] != known[key]:
            words = f"was shown to person {person_id} {told[key]} times by the trail, {known[key]} by its record"
            yield Wrong("credential", credential_id, words, council_id)


@invariant("I6", "Every credential in custody has exactly one value in force: its latest.")
def one_value_in_force(look: Look) -> Iterable[Wrong]:
    """Credentials whose current version is not the latest there is, or is empty."""
    latest = (
        select(SecretVersion.council_id, SecretVersion.credential_id, func.max(SecretVersion.version).label("version"))
        .group_by(SecretVersion.council_id, SecretVersion.credential_id)
        .subquery("latest")
    )
    query = (
        select(Credential.id, Credential.council_id, Credential.current_version)
        .outerjoin(latest, and_(latest.c.council_id == Credential.council_id, latest.c.credential_id == Credential.id))
        .outerjoin(SecretVersion, is_current(SecretVersion))
        .where(
            Credential.destroyed_at.is_(None),
            or_(
                latest.c.version.is_(None),
                latest.c.version != Credential.current_version,
                SecretVersion.envelope.is_(None),
            ),
        )
    )
    return found(look, query, "credential", "has no value in force under its version {current_version}")


@invariant("I6", "Every value in force opens, where custody is open.")
def every_value_opens(look: Look) -> Iterable[Wrong]:
    """Opens each and keeps nothing."""
    for council_id, credential_id, why in unopenable(look.session, look.house.settings):
        yield Wrong("credential", credential_id, f"does not open: {why}", council_id)


@invariant("I9", "Whoever used a leave to see was let through the gate that day.")
def only_the_eligible_saw(look: Look) -> Iterable[Wrong]:
    """Grants used on a day for which the gate says no today, though nothing that the trail tells since explains it."""
    query = (
        select(RevealGrant.id, RevealGrant.council_id, RevealGrant.person_id, RevealGrant.used_at, Account, Council)
        .join(SecretVersion, SecretVersion.id == RevealGrant.secret_version_id)
        .join(Credential, Credential.id == SecretVersion.credential_id)
        .join(Account, Account.id == Credential.account_id)
        .join(Council, Council.id == RevealGrant.council_id)
        .where(RevealGrant.used_at.is_not(None))
    )
    used = look.session.execute(query).all()
    if not used:
        return
    since = min(row.used_at for row in used) - timedelta(days=1)
    explained = {(entry.council_id, entry.at) for entry in entries_of(look, *EXPLAINS) if entry.at >= since}
    for row in used:
        day = day_in(row.Council.time_zone, row.used_at)
        standing = standing_of(look.session, row.Account, row.person_id, day)
        is_explained = any(council == row.council_id and at >= row.used_at for council, at in explained)
        if not GATE.judge(standing, day) and not is_explained:
            yield Wrong(
                "leave to see", row.id, f"was used by person {row.person_id}, whom the gate refuses", row.council_id
            )
