"""Accounts change in the register, get new names, and are paired with one in another language."""

from typing import Any

from registry.accounts.actions.adding import next_review, recognised, refuse_misfits
from registry.accounts.identify import Unrecognised, identify
from registry.accounts.models import Account, FormerName
from registry.accounts.queries import find_namesake, get_account
from registry.accounts.rules import LEFTOVERS, MAY_CHANGE, Change
from registry.core.errors import Invalid
from registry.core.stale import refuse_stale
from registry.core.work import Work
from registry.vocabulary.events import Event


def change_account(work: Work, account_id: int, seen_version: int, changes: dict[str, Any]) -> Account:
    """Change facts of an account's entry, unless somebody changed it since it was read.

    `changes` holds columns by name; besides them `paired`, the address of the paired account in another
    language. Of an account that has ended only the leftovers may change (002 §12.5, §12.12).
    """
    account = get_account(work.session, work.council, account_id)
    refuse_stale("account", account, seen_version, changes, {"paired": _partner_address(work, account)})
    if "paired" in changes:
        changes = {**changes, "paired_account_id": _paired_with(work, account, changes["paired"])}
        del changes["paired"]
    changed = {name: value for name, value in changes.items() if getattr(account, name) != value}
    MAY_CHANGE.judge(Change(not account.is_ended, changed.keys() <= LEFTOVERS), work.today).or_refuse()
    refuse_misfits(work, changed)
    if "paired_account_id" in changed:
        _pair(work, account, changed["paired_account_id"])
    for name, value in changed.items():
        setattr(account, name, value)
    if "risk" in changed and account.next_review_on is not None:
        account.next_review_on = next_review(work, account)
    if changed:
        account.sort_name = account.name.casefold()
        work.record(Event.ACCOUNT_CHANGED, account, fields=sorted(changed))
    return account


def rename_account(work: Work, account_id: int, seen_version: int, address: str, name: str) -> Account:
    """Record that an account bears a new name on its platform; the old one stays findable."""
    account = get_account(work.session, work.council, account_id)
    refuse_stale("account", account, seen_version, {"address": address, "name": name}, {"address": account.handle})
    MAY_CHANGE.judge(Change(not account.is_ended, is_of_leftovers=False), work.today).or_refuse()
    identity, before = recognised(address, account.platform), account.handle
    if (identity.handle, name) == (account.handle, account.name):
        raise Invalid("address", "That is the name it has now")
    namesake = find_namesake(work.session, work.council, identity)
    if namesake and namesake.account_id != account.id:
        raise Invalid("address", namesake.sentence)
    if identity.handle_key != account.handle_key:
        work.session.add(_former_name(work, account))
    account.handle, account.handle_key, account.url = identity.handle, identity.handle_key, identity.url
    account.name, account.sort_name = name, name.casefold()
    work.record(Event.ACCOUNT_RENAMED, account, before=before, after=identity.handle)
    return account


def _paired_with(work: Work, account: Account, address: str) -> int | None:
    if not address:
        return None
    try:
        namesake = find_namesake(work.session, work.council, identify(address))
    except Unrecognised as trouble:
        raise Invalid("paired", trouble.reason) from trouble
    if namesake is None or namesake.account_id == account.id:
        raise Invalid("paired", "That is not another account in this register")
    return namesake.account_id


def _partner_address(work: Work, account: Account) -> str:
    partner_id = account.paired_account_id
    return get_account(work.session, work.council, partner_id).url if partner_id else ""


def _pair(work: Work, account: Account, partner_id: int | None) -> None:
    """Pair two accounts with one another; whoever either was paired with before stands alone again."""
    partner = get_account(work.session, work.council, partner_id) if partner_id else None
    left = {account.paired_account_id, partner.paired_account_id if partner else None}
    for former_id in left - {None, account.id, partner_id}:
        former = get_account(work.session, work.council, former_id or 0)
        former.paired_account_id = None
        work.record(Event.ACCOUNT_CHANGED, former, fields=["paired_account_id"])
    account.paired_account_id = partner_id
    if partner:
        partner.paired_account_id = account.id
        work.record(Event.ACCOUNT_CHANGED, partner, fields=["paired_account_id"])


def _former_name(work: Work, account: Account) -> FormerName:
    return FormerName(
        council_id=work.council,
        account_id=account.id,
        platform=account.platform,
        handle=account.handle,
        handle_key=account.handle_key,
        until_on=work.today,
    )
