"""Checking a credential out: one holder at a time, until a moment; afterwards the value is due to be changed."""

from datetime import timedelta

from sqlalchemy import ColumnElement

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.core.errors import Conflict, Invalid
from registry.core.wording import long_moment
from registry.core.work import Work
from registry.custody.actions.entry import told
from registry.custody.actions.sealing import note_exposure
from registry.custody.models import Credential, ExposureKind, RevealGrant
from registry.custody.models_looking import CheckOut
from registry.custody.pending import find_check_out, is_of_the_gone, open_check_outs
from registry.custody.queries import current_version, get_credential, knows
from registry.custody.rules import MAY_RETURN, MAY_SET_HOLDING, Holding, Returning
from registry.custody.wording import HOURS
from registry.editors.standing import standing_of
from registry.identity.queries import name_of
from registry.vocabulary.events import Event


def hold(work: Work, credential: Credential, account: Account, grant: RevealGrant, hours: int) -> CheckOut:
    """Check a credential out to whoever acts, unless they have it already; the database lets only one have it."""
    out = find_check_out(work.session, work.council, credential.id)
    if out is not None and out.person_id == work.actor:
        return out
    if hours not in HOURS:
        raise Invalid("hours", "Choose for how long you need it")
    out = CheckOut(
        council_id=work.council,
        account_id=account.id,
        credential_id=credential.id,
        secret_version_id=grant.secret_version_id,
        person_id=work.actor,
        reason=grant.reason,
        taken_at=work.now,
        due_at=work.now + timedelta(hours=hours),
    )
    work.session.add(out)
    work.flush()
    until = long_moment(out.due_at, work.zone)
    work.record(Event.CHECKED_OUT, out, **told(credential, account, reason=grant.reason, until=until))
    return out


def check_in(work: Work, credential_id: int) -> CheckOut:
    """Give a credential back, or take it back from its holder; whoever had it to themselves still knows it."""
    credential = get_credential(work.session, work.council, credential_id)
    account = get_account(work.session, work.council, credential.account_id)
    out = find_check_out(work.session, work.council, credential.id, lock=True)
    if out is None:
        raise Conflict("Nobody has it checked out any more.")
    standing = standing_of(work.session, account, work.actor, work.today)
    MAY_RETURN.judge(Returning(out.person_id, work.actor, standing.acts_for_all), work.today).or_refuse()
    _end(work, out, credential, account)
    return out


def take_back(work: Work, which: ColumnElement[bool]) -> None:
    """End those check-outs of the council that nobody can give back any more."""
    for out, credential, account in open_check_outs(work.session, work.council, which):
        _end(work, out, credential, account)


def take_back_from_the_gone(work: Work) -> None:
    """End the check-outs of whoever left, or is suspended: they would keep everybody else from the credential."""
    take_back(work, is_of_the_gone(work.today))


def _end(work: Work, out: CheckOut, credential: Credential, account: Account) -> None:
    """End a check-out that nobody else ends meanwhile, which makes due what its holder knows."""
    out.ended_at, out.ended_by = work.now, work.actor_id
    version = current_version(work.session, credential)
    if knows(work.session, version, out.person_id):
        note_exposure(work, version, ExposureKind.CHECKED_OUT, out.person_id)
    person = name_of(work.session, out.person_id)
    work.record(Event.CHECKED_IN, out, **told(credential, account, person=person))


def set_one_holder(work: Work, credential_id: int, *, on: bool) -> Credential:
    """Have a credential seen only by whoever has it checked out, or by everybody the gate lets in."""
    credential = get_credential(work.session, work.council, credential_id)
    account = get_account(work.session, work.council, credential.account_id)
    standing = standing_of(work.session, account, work.actor, work.today)
    MAY_SET_HOLDING.judge(Holding(standing.acts_for_all), work.today).or_refuse()
    if credential.one_holder != on:
        credential.one_holder = on
        how = "by one holder at a time" if on else "by everybody the gate lets in"
        work.record(Event.ONE_HOLDER_SET, credential, **told(credential, account, how=how))
    return credential
