"""Proving that it is still you, before a door that asks for it; then on to where you were going."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from registry.core.errors import Invalid
from registry.core.providers import Provider
from registry.identity.actions.proving import step_up
from registry.identity.actions.sign_in import prove_fresh
from registry.identity.factors import FirstStep
from registry.identity.forms import ConfirmForm, ProofForm
from registry.identity.queries import list_identities, slugs_of
from registry.identity.views.browser import carry, wanted_page
from registry.identity.views.guessing import Guess, prove_password, reserve_guess
from registry.identity.views.half import means
from registry.identity.views.room import room
from registry.identity.views.second_step import proof_of, ways, wrong
from registry.identity.views.two_step import my_session
from registry.web import context
from registry.web.forms import Form
from registry.web.guard import Open, needs
from registry.web.pages import accepted, show

PREFIX = "carried-"
NEVER_CARRIED = frozenset(
    {"csrf_token", "form_key", "value", "again", "password", "old", "code", "token", "passkey", "passphrase", "share"}
)
"""Fields that may hold a secret: they are typed again."""

Pairs = Iterable[tuple[str, str]]


def carried(posted: MultiDict[str, str]) -> list[tuple[str, str]]:
    """What somebody typed into the form that brought them here, besides secrets."""
    return [(name, text) for name, text in posted.items(multi=True) if name not in NEVER_CARRIED]


def show_confirm(target: str, fields: Pairs | None, form: Form | None = None) -> ResponseReturnValue:
    """The page that asks; `fields` travel along to the form at `target` where one was on its way."""
    kept = [] if fields is None else [(PREFIX, "form"), *((PREFIX + name, text) for name, text in fields)]
    form = form or (_has_second_step() and ProofForm(formdata=None)) or ConfirmForm(formdata=None)
    return show(
        "identity/confirm.html", form, target=target, kept=kept, outside=_outside(), **ways(context.person_id())
    )


@room.route("/confirm", methods=["GET", "POST"])
@needs(Open.SIGNED_IN)
def confirm() -> ResponseReturnValue:
    """Prove that it is still you. Where a form was interrupted, it is sent on with what was typed.

    By a second factor; whoever came in without one, as only a demonstration allows, by the password.
    """
    form = ProofForm() if _has_second_step() else ConfirmForm()
    fields = _interrupted()
    prove = _by_factor if isinstance(form, ProofForm) else _by_password
    if not accepted(form, lambda: prove(form)):
        return show_confirm(wanted_page(), fields, form)
    if fields is not None:
        return show("identity/carry_on.html", target=wanted_page(), fields=fields)
    if _is_file(wanted_page()):
        return show("identity/carry_on.html", target=wanted_page(), fields=None)
    return redirect(wanted_page())


@room.get("/confirm/done")
@needs(Open.SIGNED_IN)
def confirmed() -> ResponseReturnValue:
    """Where it ends for whoever confirmed beside a page that waits for them in another tab."""
    return show("identity/confirmed.html")


def _is_file(address: str) -> bool:
    """Whether a browser saves what is there instead of showing it, and so would stay on the page that asked."""
    return "." in urlsplit(address).path.rpartition("/")[2]


def _has_second_step() -> bool:
    """Or came in by a provider that asked for both: a password alone proves less than that."""
    session = my_session()
    return session.second_step is not None or session.first_step is FirstStep.OUTSIDE


def _outside() -> list[Provider]:
    """The providers by which whoever is signed in can prove that it is still them: those whose two steps count."""
    providers = context.house().settings.providers
    councils = slugs_of(context.db(), context.person_id(), context.now().date()) if providers else frozenset()
    trusted = {one.issuer: one for one in providers if one.proves_both(councils)}
    mine = list_identities(context.db(), context.person_id()) if trusted else []
    return [trusted[identity.issuer] for identity in mine if identity.issuer in trusted]


def _by_factor(form: Form) -> None:
    with reserve_guess(Guess.SECOND_STEP, current_user.email) as place:
        with context.work() as work:
            token = step_up(work, means(), my_session(), proof_of(form), current_user.token)
        if token is not None:
            place.free()
    if token is None:
        raise Invalid("code", wrong(form))
    carry(token)


def _by_password(form: Form) -> None:
    if not prove_password(form["password"].data):
        raise Invalid("password", "This is not your password")
    with context.work() as work:
        token = prove_fresh(work, context.session_id(), current_user.token)
    carry(token or current_user.token)


def _interrupted() -> list[tuple[str, str]] | None:
    """The fields of the form that was on its way; None where none was."""
    if PREFIX not in request.form:
        return None
    return [
        (name.removeprefix(PREFIX), text)
        for name, text in request.form.items(multi=True)
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in NEVER_CARRIED | {""}
    ]
