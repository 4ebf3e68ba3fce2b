"""One value in more than one place: known by its mark, and nothing is opened to find it.

Marks are equal for equal values of one kind in one council. They stay when a value is destroyed, until the council's
keys are destroyed, too.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased

from registry.accounts.models import Account
from registry.core.secret import Secret
from registry.custody.models import Credential, Kind, SecretVersion
from registry.custody.queries import is_current
from registry.editors.rules import GATE
from registry.editors.standing import Standing


def bare(kind: Kind, value: Secret[str]) -> Secret[str]:
    """What of a value makes it another one, to be marked and never kept: a password without spaces around it, which
    nobody sees; of recovery codes which they are, in whatever order, letters and groups they were typed."""
    text = value.reveal().strip()
    if kind is not Kind.RECOVERY_CODES:
        return Secret(text)
    codes = {"".join(letter for letter in code if letter.isalnum()).casefold() for code in text.split("\n")}
    return Secret("\n".join(sorted(codes)))


def was_held(session: Session, account: Account, marks: Collection[bytes]) -> bool:
    """Whether a value with any of these marks is in custody for an account or ever was, under whichever of its
    credentials."""
    of_it = and_(Credential.council_id == SecretVersion.council_id, Credential.id == SecretVersion.credential_id)
    query = select(SecretVersion.id).join(Credential, of_it)
    query = query.where(
        SecretVersion.council_id == account.council_id,
        SecretVersion.fingerprint.in_(marks),
        Credential.account_id == account.id,
    )
    return session.scalar(query.limit(1)) is not None


def sharing(session: Session, council_id: int, which: ColumnElement[bool]) -> dict[int, list[Account]]:
    """For each of these versions (`which` asks of `SecretVersion` and its `Credential`), the accounts for which another
    credential holds the same value now."""
    other, of_other = aliased(Credential), aliased(SecretVersion)
    its = and_(Credential.council_id == SecretVersion.council_id, Credential.id == SecretVersion.credential_id)
    same = and_(of_other.council_id == council_id, of_other.fingerprint == SecretVersion.fingerprint)
    query = (
        select(SecretVersion.id, Account)
        .join(Credential, its)
        .join(of_other, same)
        .join(other, and_(is_current(of_other, other), other.destroyed_at.is_(None), other.id != Credential.id))
        .join(Account, and_(Account.council_id == other.council_id, Account.id == other.account_id))
        .where(SecretVersion.council_id == council_id, which)
        .order_by(Account.sort_name, Account.id)
    )
    found: dict[int, list[Account]] = defaultdict(list)
    for version_id, account in session.execute(query):
        found[version_id].append(account)
    return found


def told_to(standings: Mapping[int, Standing], here: Account, shared: Sequence[Account], on: date) -> list[str]:
    """How to name these accounts to somebody at the account `here`, by how they stand toward each of them: whoever
    may deposit could try out values on it.

    Only what the gate opens to them has its name; they hear that there is another one, where the gate lets them in
    here. Whose hat is for every account hears all.
    """
    if standings[here.id].acts_for_all:
        return [account.name for account in shared]
    if not GATE.judge(standings[here.id], on):
        return []
    named = [account.name for account in shared if GATE.judge(standings[account.id], on)]
    rest = len(shared) - len(named)
    return named + (["another account"] if rest == 1 else [f"{rest} other accounts"] if rest else [])
