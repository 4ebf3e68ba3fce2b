"""How every act on an account's credentials begins: the thing is found, and the gate is asked at this moment."""

from typing import Any

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.core.errors import Invalid
from registry.core.work import Work
from registry.custody.models import Credential, Kind
from registry.custody.queries import get_credential, list_kind
from registry.custody.wording import KINDS, NEEDS_LABEL
from registry.editors.rules import GATE
from registry.editors.standing import standing_of


def enter_account(work: Work, account_id: int) -> Account:
    """The account, for somebody whom the gate lets work it now (002 §19.2)."""
    account = get_account(work.session, work.council, account_id)
    GATE.judge(standing_of(work.session, account, work.actor, work.today), work.today).or_refuse()
    return account


def enter_credential(work: Work, credential_id: int) -> tuple[Credential, Account]:
    """The credential and its account, for somebody whom the gate lets use it now (002 §19.2)."""
    credential = get_credential(work.session, work.council, credential_id)
    return credential, enter_account(work, credential.account_id)


def tell_apart(work: Work, account: Account, kind: Kind, label: str, other_than: int | None = None) -> None:
    """Where there is more than one of a kind, each has a label of its own: nobody replaces or reveals the wrong one."""
    others = [one for one in list_kind(work.session, account.council_id, account.id, kind) if one.id != other_than]
    if others and not label:
        raise Invalid("label", NEEDS_LABEL)
    if label.casefold() in [one.label.casefold() for one in others if one.label]:
        raise Invalid("label", f"“{label}” is in custody already. Give this one another label, or replace that one")


def told(credential: Credential, account: Account, **more: Any) -> dict[str, Any]:
    """What the trail tells of an act on a credential, besides who and when."""
    return {"kind": KINDS[credential.kind], "account": account.name, "version": credential.current_version, **more}
