"""The blueprint these pages hang on, the vault behind them, and what is said when the vault is closed."""

import logging
from datetime import datetime
from typing import cast

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.accounts.models import Account
from registry.accounts.queries import get_account
from registry.core.keyfile import KeyTrouble
from registry.core.rule import Verdict
from registry.councils.queries import kept_here
from registry.custody.models import Credential
from registry.custody.opening import Status, custody_status, open_vault
from registry.custody.queries import alike, get_credential
from registry.custody.roots import Sealed
from registry.custody.ticks import Tick, ticks
from registry.custody.vault import Vault
from registry.custody.wording import KINDS, TITLES
from registry.editors.standing import standing_of
from registry.vocabulary.permissions import Permission
from registry.web import context

log = logging.getLogger("registry")
room = Blueprint("custody", __name__, url_prefix="/c/<council>")


@room.app_context_processor
def words() -> dict[str, object]:
    """How templates name the kinds of credentials."""
    return {"credential_titles": TITLES, "credential_kinds": KINDS, "alike_since": alike_since}


def alike_since(credential_id: int) -> datetime | None:
    """When a credential was deposited that nothing else tells from another; one look serves the whole page."""
    if "alike" not in g:
        g.alike = alike(context.db(), context.council().id)
    return cast("dict[int, datetime]", g.alike).get(credential_id)


@room.app_errorhandler(KeyTrouble)
def custody_is_closed(trouble: KeyTrouble) -> ResponseReturnValue:
    """Say that nothing can be put in or taken out, and what the administrator must do. No key is ever made here."""
    log.error("custody is closed: %s", trouble.sentence)
    kept = is_kept_here() if g.get("council") else None
    sentence = trouble.sentence if kept else ""  # where keys lie, and their names, are told where they are kept only
    return render_template(
        "custody/closed.html", sentence=sentence, kept=kept, is_sealed=isinstance(trouble, Sealed)
    ), 503


def is_kept_here() -> Verdict:
    """Whether this council keeps the keys that serve every council here, or who does."""
    return kept_here(context.db(), context.council().id, context.today())


def vault() -> Vault:
    """The vault, proved to have the installation's own root key; raises `KeyTrouble` when it has not."""
    return open_vault(context.db(), context.house().settings)


def how_custody_stands() -> Status:
    """Whether custody is open, and why not; the frame around every page asks as well, and one look serves both."""
    if "custody" not in g:
        g.custody = custody_status(context.db(), context.house().settings)
    return cast(Status, g.custody)


def found(credential_id: int) -> tuple[Credential, Account]:
    """The council's live credential with this number, and its account."""
    credential = get_credential(context.db(), context.council().id, credential_id)
    return credential, get_account(context.db(), credential.council_id, credential.account_id)


def my_ticks(account: Account) -> list[Tick]:
    """Why the person at the keyboard may use this account's credentials, or why not."""
    return ticks(standing_of(context.db(), account, context.person_id(), context.today()), context.today())


def may_use(mine: list[Tick], permission: Permission) -> bool:
    """Whether to offer a button: the roles allow it, and so does the gate."""
    return current_user.may(permission) and not any(tick.reason for tick in mine)


def done(account: Account, said: str, warnings: tuple[str, ...] = ()) -> ResponseReturnValue:
    """Back to the account's custody, with what was done and what is weak about it."""
    flash(said, "success")
    if warnings:
        flash(" ".join(("Replace it soon.", *warnings)), "warning")
    return redirect(url_for("custody.account", account_id=account.id))
