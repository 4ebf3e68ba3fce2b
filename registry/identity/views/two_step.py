"""One's own second steps: what there is, adding, naming and removing; and new recovery codes."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from registry.core.errors import Conflict, Invalid, NotFound
from registry.identity.actions import factors, proving, resets
from registry.identity.forms import AppForm, FactorNameForm, PasskeyForm
from registry.identity.models import Person, SignInSession
from registry.identity.passkeys import request_options
from registry.identity.queries import councils_resetting, count_codes_left, list_factors, passkeys_of
from registry.identity.views.browser import wanted_page
from registry.identity.views.half import means, passkey_address
from registry.identity.views.room import room
from registry.identity.views.second_step import creation_for, drawing
from registry.identity.views.vouching import assert_may_add_way_in
from registry.web import context
from registry.web.guard import Open, needs
from registry.web.pages import accepted, show

FEW = 3


@room.get("/me/two-step")
@needs(Open.SIGNED_IN)
def two_step() -> ResponseReturnValue:
    """With what one takes the second step, and how many recovery codes are left."""
    session, person_id = context.db(), context.person_id()
    return show(
        "identity/two_step.html",
        factors=list_factors(session, person_id),
        codes_left=count_codes_left(session, person_id),
        few=FEW,
        is_being_reset=bool(councils_resetting(session, person_id)),
        passkey_address=passkey_address(),
    )


@room.post("/me/passkey/challenge")
@needs(Open.SIGNED_IN)
def my_passkey_challenge() -> ResponseReturnValue:
    """What the page's script hands to the browser: to ask for one of one's passkeys, or to make another."""
    given = means()
    if given.party is None:
        raise Conflict("No passkey works at this address.")
    with context.work() as work:
        challenge = proving.set_challenge(work, my_session())
        known = passkeys_of(work.session, context.person_id())
        if request.args.get("make"):
            return creation_for(work.session.get_one(Person, context.person_id()), challenge, known)
    return dict(request_options(given.party, challenge, known))


@room.post("/me/two-step/app/begin")
@needs(Open.SIGNED_IN, fresh=True)
def begin_app() -> ResponseReturnValue:
    """Make the seed of another app."""
    assert_may_add_way_in(my_session())
    with context.work() as work:
        factors.begin_app(work, means().key, my_session(), context.person_id())
    return redirect(url_for("identity.add_app"))


@room.route("/me/two-step/app", methods=["GET", "POST"])
@needs(Open.SIGNED_IN, fresh=True)
def add_app() -> ResponseReturnValue:
    """Show the seed to an authenticator app, and take its first code."""
    assert_may_add_way_in(my_session())
    form = AppForm(name="My phone")

    def add() -> None:
        with context.work() as work:
            person = work.session.get_one(Person, context.person_id())
            factors.add_app(work, means(), my_session(), person, form.code.data, form.name.data)

    if accepted(form, add):
        flash("The authenticator app is added.", "success")
        return redirect(url_for("identity.two_step"))
    person = context.db().get_one(Person, context.person_id())
    seed = factors.open_new_seed(means().key, my_session(), person.id)
    if not seed and form.errors:
        raise Conflict(factors.NO_SEED)
    if not seed:
        return redirect(url_for("identity.two_step"))
    return show("identity/enrol_app.html", form, cancel_url=url_for("identity.two_step"), **drawing(seed, person))


@room.route("/me/two-step/passkey", methods=["GET", "POST"])
@needs(Open.SIGNED_IN, fresh=True)
def add_passkey() -> ResponseReturnValue:
    """Have the browser make another passkey."""
    assert_may_add_way_in(my_session())
    form = PasskeyForm(name="This device")

    def add() -> None:
        with context.work() as work:
            person = work.session.get_one(Person, context.person_id())
            made = factors.add_passkey(work, means(), my_session(), person, form.passkey.data or "", form.name.data)
            if made is not None:
                work.session.get_one(SignInSession, context.session_id()).by_passkey = True
        if made is None:
            raise Invalid("name", "The passkey was not made. Try again")

    if accepted(form, add):
        flash("The passkey is added.", "success")
        return redirect(wanted_page() if "next" in request.args else url_for("identity.two_step"))
    return show(
        "identity/enrol_passkey.html",
        form,
        cancel_url=url_for("identity.two_step"),
        options_url=url_for("identity.my_passkey_challenge", make=1),
        passkey_address=passkey_address(),
    )


@room.get("/me/passkey-needed")
@needs(Open.SIGNED_IN)
def passkey_needed() -> ResponseReturnValue:
    """Say that a council wants a passkey of somebody with their roles, and lead on to using or making one."""
    return show(
        "identity/passkey_needed.html",
        has_passkey=bool(passkeys_of(context.db(), context.person_id())),
        target=wanted_page(),
        passkey_address=passkey_address(),
    )


@room.get("/me/another-way")
@needs(Open.SIGNED_IN)
def another_way() -> ResponseReturnValue:
    """Say that a council does not take the word of the provider that let somebody in, and how they come in there."""
    return show(
        "identity/another_way.html",
        has_passkey=bool(passkeys_of(context.db(), context.person_id())),
        target=wanted_page(),
        passkey_address=passkey_address(),
    )


@room.route("/me/two-step/<int:factor_id>", methods=["GET", "POST"])
@needs(Open.SIGNED_IN, fresh=True)
def rename_factor(factor_id: int) -> ResponseReturnValue:
    """Give one of one's factors another name."""
    factor = next((one for one in list_factors(context.db(), context.person_id()) if one.id == factor_id), None)
    if factor is None:
        raise NotFound
    form = FactorNameForm(obj=factor)

    def rename() -> None:
        with context.work() as work:
            factors.rename(work, context.person_id(), factor_id, form.name.data)

    if accepted(form, rename):
        flash("The name is changed.", "success")
        return redirect(url_for("identity.two_step"))
    return show("identity/rename_factor.html", form, cancel_url=url_for("identity.two_step"))


@room.post("/me/two-step/<int:factor_id>/remove")
@needs(Open.SIGNED_IN, fresh=True)
def remove_factor(factor_id: int) -> ResponseReturnValue:
    """Remove one of one's factors."""
    with context.work() as work:
        factors.remove(work, work.session.get_one(Person, context.person_id()), factor_id)
    flash("It is removed.", "success")
    return redirect(url_for("identity.two_step"))


@room.post("/me/two-step/keep")
@needs(Open.SIGNED_IN, fresh=True)
def keep_factors() -> ResponseReturnValue:
    """Stop others from taking one's second step off one: whoever can still show it has lost nothing."""
    stop_resets()
    flash("It is stopped. Your two-step sign-in stays as it is.", "success")
    return redirect(url_for("identity.two_step"))


@room.post("/me/two-step/codes")
@needs(Open.SIGNED_IN, fresh=True)
def new_codes() -> ResponseReturnValue:
    """Make ten new recovery codes and show them once."""
    assert_may_add_way_in(my_session())
    with context.work() as work:
        codes = factors.make_codes(work, work.session.get_one(Person, context.person_id()))
    return show("identity/codes.html", codes=codes, onward=url_for("identity.two_step"))


def stop_resets() -> None:
    """Stop what any council asked about one's own second step."""
    for council in councils_resetting(context.db(), context.person_id()):
        with context.work(council) as work:
            resets.stop_own(work, context.person_id())


def my_session() -> SignInSession:
    """The sign-in session in which one acts."""
    return context.db().get_one(SignInSession, context.session_id())
