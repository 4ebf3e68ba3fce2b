"""Seeing a credential: why you may, a reason and your password; then the value alone on a page, once."""

from typing import Any, NoReturn

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.core.errors import Conflict, Invalid, Reason, Refused
from registry.custody.actions import reveal as acts
from registry.custody.envelope import Unreadable
from registry.custody.forms import AskForm
from registry.custody.models import Credential, Kind, Purpose
from registry.custody.vault import Vault
from registry.custody.views.room import found, log, my_ticks, room, vault
from registry.identity.views.guessing import prove_password
from registry.vocabulary.permissions import Permission
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import accepted, show

SECONDS = 30
NEAR = 10
"""Seconds before its end from which the code after it is shown too."""


@room.route("/custody/<int:credential_id>/reveal", methods=["GET", "POST"])
@needs(Permission.CUSTODY_REVEAL)
def reveal(credential_id: int) -> ResponseReturnValue:
    """Ask to see a credential; with a reason and one's own password there is leave for one look within a minute."""
    credential, account = found(credential_id)
    vault()  # nobody gives a reason to a closed vault
    form, tokens = AskForm(), list[str]()

    def ask() -> None:
        if not prove_password(form.password.data):
            raise Invalid("password", "This is not your password")
        asking = acts.Asking(form.occasion.data, form.words.data, context.session_id())
        with context.work() as work:
            tokens.append(acts.ask_reveal(work, credential_id, asking))

    if accepted(form, ask):
        return show("custody/ready.html", account=account, credential=credential, token=tokens[0], lasts=acts.LASTS)
    return show("custody/reveal.html", form, account=account, credential=credential, ticks=my_ticks(account))


@room.post("/custody/<int:credential_id>/show")
@needs(Permission.CUSTODY_REVEAL)
def show_once(credential_id: int) -> ResponseReturnValue:
    """Show what there is leave to see. The trail is committed before the vault is asked."""
    credential, account = found(credential_id)
    opened = vault()
    try:
        with context.work() as work:
            redeemed = acts.redeem(work, credential_id, request.form.get("token", ""), context.session_id())
        return _value_page(opened, redeemed, credential, account)
    except Conflict as over:
        return render_template("custody/over.html", account=account, credential=credential, sentence=over.sentence), 409
    except Unreadable as fault:
        _refuse_tampered(credential, fault)


def _value_page(
    opened: Vault, redeemed: acts.Redeemed, credential: Credential, account: Account
) -> ResponseReturnValue:
    given: dict[str, Any] = {
        "credential": credential,
        "account": account,
        "done": url_for("custody.account", account_id=account.id),
    }
    if redeemed.purpose is Purpose.CODE:
        code = acts.open_code(opened, redeemed, context.now())
        following = code.next_digits if code.seconds_left <= NEAR else None
        return show("custody/code.html", code=code, following=following, **given)
    value = acts.open_value(opened, redeemed).reveal()
    lines = value.split("\n") if redeemed.kind is Kind.RECOVERY_CODES else None
    return show("custody/value.html", value=value, lines=lines, seconds=SECONDS, **given)


def _refuse_tampered(credential: Credential, fault: Unreadable) -> NoReturn:
    """A sealed value that does not open is entered in the trail, and told to whoever can look into it."""
    log.critical("credential %s does not open: %s", credential.id, fault.reason.name)
    with context.work():
        raise Refused([Reason(str(fault.reason), mend_text="Tell the person who looks after the register today.")])
