"""The second step of signing in, and setting one up at the first sign-in. Nobody is in before it is done."""

from typing import Any

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from registry.core.errors import Conflict, Invalid
from registry.core.tenants import Beyond
from registry.identity.actions import factors, proving
from registry.identity.actions.half import OVER, ask_for_passkey
from registry.identity.actions.sign_in import Admitted
from registry.identity.factors import HalfSignIn, Step
from registry.identity.forms import AppForm, FactorKindForm, PasskeyForm, ProofForm
from registry.identity.models import Person
from registry.identity.passkeys import creation_options, request_options
from registry.identity.queries import count_codes_left, list_factors, passkeys_of
from registry.identity.session_queries import MOST_WRONG, find_half
from registry.identity.totp import address_of, letters_of
from registry.identity.views.browser import enter, wanted_page
from registry.identity.views.guessing import Guess, count_challenge, reserve_asking, reserve_guess
from registry.identity.views.half import (
    HALF,
    any_half,
    go_in,
    let_in,
    means,
    passkey_address,
    the_half,
    whose,
)
from registry.identity.views.room import room
from registry.identity.views.vouching import assert_may_add_way_in
from registry.web import context
from registry.web.filters import plural
from registry.web.forms import Form
from registry.web.guard import Open, needs, public
from registry.web.pages import accepted, show
from registry.web.qr import qr

WRONG = "This is not right, or it was used before. Wait for the next code, then try again"
WRONG_PASSKEY = "This passkey was not accepted. Try again, or use a code"
UNKNOWN_PASSKEY = "This passkey is not known here. Sign in with your password"


@room.route("/sign-in/second-step", methods=["GET", "POST"])
@needs(Open.HALF_IN)
def second_step() -> ResponseReturnValue:
    """Ask for the second step; whoever has none yet sets one up first."""
    half = the_half()
    if not list_factors(context.db(), half.whose_id):
        return _on("identity.enrol")
    form = ProofForm()

    def prove() -> tuple[Step, Admitted]:
        with reserve_guess(Guess.SECOND_STEP, context.db().get_one(Person, half.person_id).email) as place:
            with context.work() as work:
                person = whose(work, half)
                step = proving.prove(work, means(), half, person, proof_of(form))
                came = None if step is None else (step, let_in(work, half, person, step))
            if came is not None:
                place.free()
        if came is None:  # the wrong guess is committed before it is said
            raise Invalid("code", wrong(form))
        return came

    if done := accepted(form, prove):
        step, admitted = done.came
        answer = go_in(admitted)
        if step is Step.RECOVERY_CODE:
            left = plural(count_codes_left(context.db(), half.whose_id), "recovery code")
            flash(f"You have {left} left. See to your two-step sign-in under “Two-step sign-in”.", "notice")
        return answer
    if form.errors and _is_over(half):
        raise Conflict(OVER)
    return show("identity/second_step.html", form, **ways(half.whose_id))


@room.post("/sign-in/passkey/challenge")
@public
def passkey_challenge() -> ResponseReturnValue:
    """What the page's script hands to the browser: to make a passkey, or to ask for one, known or not."""
    party, half = means().party, any_half()
    if party is None:
        raise Conflict("No passkey works at this address.")
    count_challenge()
    with context.work() as work:
        if half is None or (half.person_id and request.args.get("by") == "itself"):
            session[HALF] = token = ask_for_passkey(work)
            work.flush()
            half = find_half(work.session, token, work.now)
        if half is None:
            raise Conflict(OVER)
        challenge = proving.set_challenge(work, half)
        known = passkeys_of(work.session, half.person_id) if half.person_id else []
        if half.person_id is None or list_factors(work.session, half.person_id):
            return dict(request_options(party, challenge, known))
        person = work.session.get_one(Person, half.person_id)
        return creation_for(person, challenge, known)


@room.post("/sign-in/passkey")
@public
def sign_in_by_passkey() -> ResponseReturnValue:
    """Sign in with a passkey alone: it is both steps, since it asks for a finger, a face or a PIN."""
    half, form = any_half(), ProofForm()
    if half is None or half.person_id is not None:
        raise Conflict(OVER)
    with reserve_asking(Guess.PASSKEY) as place, context.work() as work:
        person = proving.who_says(work, means(), half, form.passkey.data or "")
        admitted = None if person is None else let_in(work, half, person, Step.PASSKEY)
    if admitted is not None:
        place.free()
        return go_in(admitted)
    flash(UNKNOWN_PASSKEY, "notice")
    return redirect(url_for("identity.sign_in"))


@room.route("/sign-in/set-up", methods=["GET", "POST"])
@needs(Open.HALF_IN)
def enrol() -> ResponseReturnValue:
    """Choose the second step to set up, at the first sign-in."""
    half = _half_without_factor()
    form = FactorKindForm()
    if form.validate_on_submit():
        if form.kind.data is Step.PASSKEY:
            return _on("identity.enrol_passkey")
        with context.work() as work:
            factors.begin_app(work, means().key, half, half.whose_id)
        return _on("identity.enrol_app")
    return show("identity/enrol.html", form, passkey_address=passkey_address())


@room.route("/sign-in/set-up/app", methods=["GET", "POST"])
@needs(Open.HALF_IN)
def enrol_app() -> ResponseReturnValue:
    """Show the seed to an authenticator app, and take its first code."""
    half = _half_without_factor()
    form = AppForm(name="My phone")

    def add() -> tuple[list[str], Admitted]:
        with context.work() as work:
            person = whose(work, half)
            factors.add_app(work, means(), half, person, form.code.data, form.name.data)
            return factors.make_codes(work, person), let_in(work, half, person, Step.APP)

    if done := accepted(form, add):
        return _codes_page(*done.came)
    person = context.db().get_one(Person, half.person_id)
    seed = factors.open_new_seed(means().key, half, person.id)
    if not seed and form.errors:
        raise Conflict(factors.NO_SEED)
    if not seed:
        return _on("identity.enrol")
    return show("identity/enrol_app.html", form, cancel_url=url_for("identity.enrol"), **drawing(seed, person))


@room.route("/sign-in/set-up/passkey", methods=["GET", "POST"])
@needs(Open.HALF_IN)
def enrol_passkey() -> ResponseReturnValue:
    """Have the browser make a passkey."""
    half = _half_without_factor()
    form = PasskeyForm(name="This device")

    def add() -> tuple[list[str], Admitted]:
        with context.work() as work:
            person = whose(work, half)
            made = factors.add_passkey(work, means(), half, person, form.passkey.data or "", form.name.data)
            if made is not None:
                return factors.make_codes(work, person), let_in(work, half, person, Step.PASSKEY)
        raise Invalid("name", "The passkey was not made. Try again")

    if done := accepted(form, add):
        return _codes_page(*done.came)
    return show(
        "identity/enrol_passkey.html",
        form,
        cancel_url=url_for("identity.enrol"),
        options_url=url_for("identity.passkey_challenge"),
        passkey_address=passkey_address(),
    )


def drawing(seed: bytes, person: Person) -> dict[str, Any]:
    """What the page of a new app shows: the seed as a picture and in letters."""
    label = "QR code for your authenticator app; the same key stands below in letters"
    return {"picture": qr(address_of(seed, person.email), label), "letters": letters_of(seed)}


def creation_for(person: Person, challenge: bytes, known: list[bytes]) -> dict[str, Any]:
    """What the browser needs to make a passkey for somebody."""
    given = means()
    assert given.party is not None  # noqa: S101 (who asks has looked)
    return creation_options(given.party, challenge, proving.handle_of(given.key, person.id), person.email, known)


def proof_of(form: Form) -> proving.Proof:
    """What was offered on a page that asks for a second factor."""
    return proving.Proof(form["passkey"].data or "", form["code"].data or "")


def wrong(form: Form) -> str:
    """What is said of a second factor that was not right."""
    return WRONG_PASSKEY if form["passkey"].data else WRONG


def ways(person_id: int) -> dict[str, Any]:
    """With what somebody can prove that it is them, for the page that asks."""
    kinds = {factor.kind for factor in list_factors(context.db(), person_id)}
    return {
        "has_passkey": Step.PASSKEY in kinds,
        "has_app": Step.APP in kinds,
        "passkey_address": passkey_address(),
    }


def _half_without_factor() -> HalfSignIn:
    """Only whoever has no second step sets one up while half in: another would be a way around it."""
    half = the_half()
    if list_factors(context.db(), half.whose_id):
        raise Conflict("You have a second step already. Sign in with it, then add another under your name.")
    assert_may_add_way_in(half)
    return half


def _is_over(half: HalfSignIn) -> bool:
    with context.house().reading(Beyond.INSTALLATION) as fresh:
        found = fresh.get(HalfSignIn, half.id)
        return found is None or found.wrong >= MOST_WRONG


def _on(endpoint: str) -> Response:
    wanted = request.args.get("next")
    return redirect(url_for(endpoint, next=wanted or None))


def _codes_page(codes: list[str], admitted: Admitted) -> ResponseReturnValue:
    enter(admitted)
    return show("identity/codes.html", codes=codes, onward=wanted_page())
