"""Signing in and out, passwords, and where one is signed in."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from registry.core.errors import Conflict, Invalid
from registry.core.providers import Provider
from registry.councils.queries import find_installation
from registry.identity.actions import links
from registry.identity.actions import sign_in as acts
from registry.identity.actions.half import after_first_step
from registry.identity.factors import FirstStep, Step
from registry.identity.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm, SignInForm
from registry.identity.link_queries import find_link
from registry.identity.models import LinkPurpose, Person, SignInSession
from registry.identity.offer_queries import offers_to
from registry.identity.queries import councils_of, list_identities, slugs_of
from registry.identity.session_queries import list_live_sessions, wrong_in_halves, wrong_in_sessions
from registry.identity.views.guessing import (
    Guess,
    passwords,
    prove_password,
    reserve_asking,
    reserve_guess,
)
from registry.identity.views.half import lead_to_second_step, passkey_address
from registry.identity.views.room import room
from registry.web import context
from registry.web.filters import plural
from registry.web.guard import Open, needs, public
from registry.web.pages import accepted, show

REMEMBERED = timedelta(days=30)
"""How long somebody is shown on their own page that a first step of theirs was right and the second was not."""
FIRST_STEPS = {
    FirstStep.PASSWORD: "password",
    FirstStep.OUTSIDE: "the council’s own sign-in",
    FirstStep.PASSKEY: "passkey",
    FirstStep.CHOSEN: "chosen from the list",
}
SECOND_STEPS = {Step.PASSKEY: "passkey", Step.APP: "authenticator app", Step.RECOVERY_CODE: "recovery code"}


@room.get("/")
@public
def start() -> ResponseReturnValue:
    """Lead people to their council's first page, past what another asks of them; or to the door."""
    if not current_user.is_authenticated:
        return redirect(url_for("identity.sign_in"))
    councils = councils_of(context.db(), current_user.person_id, context.today())
    offers = offers_to(context.db(), current_user.person_id, context.now().date())
    if len(councils) == 1 and not offers:
        return redirect(url_for("home.index", council=councils[0].slug))
    return show("identity/councils.html", councils=councils, offers=offers)


@room.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in by name and password; in a demonstration, by choosing a person instead."""
    installation = find_installation(context.db())
    form = SignInForm()
    if form.validate_on_submit():
        with reserve_guess(Guess.PASSWORD, form.email.data) as place:
            checked = acts.check(context.db(), passwords(), form.email.data, form.password.data)
            with context.work() as work:
                person = acts.sign_in(work, checked)
                token = after_first_step(work, person, FirstStep.PASSWORD) if person else None
        if token:
            place.free()
            return lead_to_second_step(token)
        form.refuse("password", "The email address or the password is wrong")
    return show(
        "identity/sign_in.html",
        form,
        is_demo=bool(installation and installation.is_demo),
        is_set_up=installation is not None,
        passkey_address=passkey_address(),
        wanted=request.args.get("next"),
        providers=context.house().settings.providers,
    )


@room.post("/sign-out")
@needs(Open.SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """End this session here and on the server."""
    with context.work() as work:
        acts.sign_out(work, context.session_id(), context.person_id())
    logout_user()
    session.clear()
    flash("You are signed out.", "success")
    answer = redirect(url_for("identity.sign_in"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@room.route("/forgotten-password", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Ask for a link to choose a new password; the answer is the same whoever asks."""
    form = ForgottenForm()
    if form.validate_on_submit():
        reserve_asking(Guess.RESET)
        with context.work() as work:
            links.ask_reset(work, form.email.data, link_address())
        return show("identity/reset_sent.html", mail=context.house().settings.mail)
    return show("identity/forgotten.html", form)


def link_address() -> str:
    """The address of the page that sets a password, with `{token}` where the token goes."""
    path = url_for("identity.new_password", token="TOKEN").replace("TOKEN", "{token}")  # noqa: S106 (a placeholder)
    return context.house().settings.base_url + path


@room.route("/new-password/<token>", methods=["GET", "POST"])
@public
def new_password(token: str) -> ResponseReturnValue:
    """Choose a password by a single-use link; looking does not use it, and it does not sign in."""
    if request.method == "GET" and find_link(context.db(), token, context.now()) is None:
        return render_template("identity/link_over.html"), 404
    form = NewPasswordForm()

    def use() -> None:
        with reserve_asking(Guess.LINK) as place:
            link = find_link(context.db(), token, context.now())
            if link is None:
                raise Conflict(links.OVER)
            place.free()
            hashed = links.hashed_for(passwords(), context.db().get_one(Person, link.person_id), form.password.data)
            with context.work() as work:
                links.use_link(work, token, hashed)

    if accepted(form, use):
        flash("Your password is set. Sign in with it.", "success")
        return redirect(url_for("identity.sign_in"))
    return show("identity/new_password.html", form, token=token, providers=_instead_of_password(token))


def _instead_of_password(token: str) -> tuple[Provider, ...]:
    """The providers whose account somebody new may connect in place of a password; a reset is for a password."""
    link = find_link(context.db(), token, context.now())
    if link is None or link.purpose is not LinkPurpose.SET_UP:
        return ()
    councils = slugs_of(context.db(), link.person_id, context.now().date())
    return tuple(one for one in context.house().settings.providers if one.lets_in(councils))


@room.route("/me/password", methods=["GET", "POST"])
@needs(Open.SIGNED_IN, fresh=True)
def change_password() -> ResponseReturnValue:
    """Change one's own password; every other session ends."""
    form = ChangePasswordForm()

    def change() -> None:
        if not prove_password(form.old.data):
            raise Invalid("old", "This is not your present password")
        hashed = links.hashed_for(passwords(), context.db().get_one(Person, context.person_id()), form.password.data)
        with context.work() as work:
            links.change_password(work, context.person_id(), hashed, context.session_id())

    if accepted(form, change):
        flash("Your password is changed. You are signed out everywhere else.", "success")
        return redirect(url_for("identity.sessions"))
    return show("identity/change_password.html", form)


@room.get("/me/sessions")
@needs(Open.SIGNED_IN)
def sessions() -> ResponseReturnValue:
    """Where one is signed in, with a way to end each."""
    settings = context.house().settings
    lasting = settings.sign_in_idle, settings.sign_in_longest
    found = list_live_sessions(context.db(), context.person_id(), context.now(), *lasting)
    has_accounts = bool(settings.providers or list_identities(context.db(), context.person_id()))
    lately = context.person_id(), context.now() - REMEMBERED
    return show(
        "identity/sessions.html",
        sessions=found,
        here=context.session_id(),
        ways=_ways_of,
        has_accounts=has_accounts,
        guessed=wrong_in_halves(context.db(), *lately),
        guessed_within=wrong_in_sessions(context.db(), *lately),
    )


def _ways_of(entry: SignInSession) -> str:
    """How somebody came in, in a few words."""
    said = [FIRST_STEPS[entry.first_step]]
    if entry.second_step is not None and entry.first_step is not FirstStep.PASSKEY:
        said.append(SECOND_STEPS[entry.second_step])
    return " and ".join(said).capitalize()


@room.post("/me/sessions/end-others")
@needs(Open.SIGNED_IN, fresh=True)
def end_other_sessions() -> ResponseReturnValue:
    """End every session of one's own but this one."""
    with context.work() as work:
        ended = acts.end_all_sessions(work, context.person_id(), "ended by its owner", besides=context.session_id())
    flash(f"Ended: {plural(ended, 'session')}." if ended else "You are signed in nowhere else.", "success")
    return redirect(url_for("identity.sessions"))


@room.post("/me/sessions/<int:session_id>/end")
@needs(Open.SIGNED_IN, fresh=True)
def end_session(session_id: int) -> ResponseReturnValue:
    """End one of one's own sessions."""
    with context.work() as work:
        acts.end_session(work, session_id, context.person_id())
    flash("That session is ended.", "success")
    return redirect(url_for("identity.sessions"))
