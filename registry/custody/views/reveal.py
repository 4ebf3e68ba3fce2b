"""Seeing a credential: why you may, and a reason; then the value alone on a page, once."""

from typing import Any, NoReturn

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from registry.accounts.models import Account
from registry.core.errors import Conflict, Reason, Refused
from registry.core.wording import long_moment
from registry.custody.actions import reveal as acts
from registry.custody.actions.asking import LASTS, Asked, Asking, ask, pick_up, purpose_of
from registry.custody.envelope import Unreadable
from registry.custody.forms import ask_form
from registry.custody.looks import looked_at, takes_two
from registry.custody.models import Credential, Purpose
from registry.custody.models_looking import CheckOut
from registry.custody.pending import find_check_out, get_look
from registry.custody.rules import NOT_OUT, Looking
from registry.custody.ticks import Tick
from registry.custody.vault import Vault
from registry.custody.views.room import found, log, my_ticks, room, vault
from registry.identity.queries import name_of
from registry.vocabulary.permissions import Permission, Role
from registry.web import context
from registry.web.guard import needs
from registry.web.pages import accepted, show

SECONDS = 30
LONGEST = 120
"""Seconds for which a code of the moment is shown at most, however long it holds."""
NEAR = 10
"""Seconds before its end from which the code after it is shown too."""


@room.route("/custody/<int:credential_id>/reveal", methods=["GET", "POST"])
@needs(Permission.CUSTODY_REVEAL, fresh=True)
def reveal(credential_id: int) -> ResponseReturnValue:
    """Ask to see as much of a credential as usually serves: the password, the code of the moment, the next code."""
    return _ask(credential_id, whole=False)


@room.route("/custody/<int:credential_id>/reveal/whole", methods=["GET", "POST"])
@needs(Permission.CUSTODY_REVEAL, fresh=True)
def reveal_whole(credential_id: int) -> ResponseReturnValue:
    """Ask to see all there is: the seed itself, or the whole list of recovery codes."""
    return _ask(credential_id, whole=True)


def _ask(credential_id: int, *, whole: bool) -> ResponseReturnValue:
    credential, account = found(credential_id)
    vault()  # nobody gives a reason to a closed vault
    council, purpose = context.council(), purpose_of(credential, whole=whole)
    needs_second = takes_two(council, credential.kind, purpose)
    out = find_check_out(context.db(), council.id, credential.id)
    is_mine = out is not None and out.person_id == context.person_id()
    is_taking = not (is_mine or needs_second or purpose is Purpose.CODE)
    form = ask_form(
        checks_out=credential.one_holder and is_taking,
        may_break=needs_second and not council.custody_exception,
        told=f"{council.title(Role.CLERK)} and {council.title(Role.AUDITOR)}",
    )

    def act() -> Asked:
        more = {name: form[name].data for name in ("hours", "cannot_wait") if name in form}
        asking = Asking(form.occasion.data, form.words.data, context.session_id(), whole=whole, **more)
        with context.work() as work:
            return ask(work, credential_id, asking)

    done = accepted(form, act)
    if done is None:
        return show(
            "custody/reveal.html",
            form,
            account=account,
            credential=credential,
            ticks=my_ticks(account) + ([_taken(out)] if out and is_taking else []),
            named=looked_at(credential.kind, purpose),
            needs_second=needs_second,
            by_exception=needs_second and council.custody_exception,
            is_code=purpose is Purpose.CODE,
            roles=Role,
        )
    if done.came.look is not None and not done.came.token:
        return redirect(url_for("custody.look", look_id=done.came.look.id))
    return _ready(credential, account, purpose, done.came.token)


def _taken(out: CheckOut) -> Tick:
    """Said before a reason is asked for: somebody else has it to themselves now."""
    holder = name_of(context.db(), out.person_id)
    until = long_moment(out.due_at, context.council().time_zone)
    looking = Looking(looks=0, most=0, is_counted=False, holder=holder, until=until)
    return Tick("", NOT_OUT.reason(looking, context.today()))


@room.post("/custody/looks/<int:look_id>/pick-up")
@needs(Permission.CUSTODY_REVEAL, fresh=True)
def pick_up_look(look_id: int) -> ResponseReturnValue:
    """Take the leave to which a second person has agreed."""
    look = get_look(context.db(), context.council().id, look_id)
    credential, account = found(look.credential_id)
    vault()
    with context.work() as work:
        taken = pick_up(work, look_id, context.session_id())
    return _ready(credential, account, look.purpose, taken.token)


def _ready(credential: Credential, account: Account, purpose: Purpose, token: str) -> ResponseReturnValue:
    named = looked_at(credential.kind, purpose)
    return show("custody/ready.html", account=account, credential=credential, token=token, lasts=LASTS, named=named)


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
        return show("custody/code.html", code=code, following=following, longest=LONGEST, **given)
    if redeemed.purpose is Purpose.ONE_OF_LIST:
        one = acts.open_one(opened, redeemed)
        if one is None:
            flash("This list holds no more codes. Make a new one on the platform and replace it here.", "warning")
            return redirect(given["done"])
        return show(
            "custody/value.html", value=one.reveal(), lines=None, seconds=SECONDS, nth=redeemed.position, **given
        )
    value = acts.open_value(opened, redeemed).reveal()
    lines = value.split("\n") if "\n" in value else None
    return show("custody/value.html", value=value, lines=lines, seconds=SECONDS, nth=0, **given)


def _refuse_tampered(credential: Credential, fault: Unreadable) -> NoReturn:
    """A sealed value that does not open is entered in the trail, and told to whoever can look into it."""
    log.critical("credential %s does not open: %s", credential.id, fault.reason.name)
    with context.work():
        raise Refused([Reason(str(fault.reason), mend_text="Tell the person who looks after the register today.")])
