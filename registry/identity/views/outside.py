"""Signing in by an identity provider: the question leaves by a link, the answer comes back and is posted to us.

The provider sends the browser back by GET, which here never changes anything: that page posts the answer on.
"""

from collections.abc import Callable

from flask import Response, after_this_request, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.core.errors import Conflict, NotFound
from registry.core.providers import Provider
from registry.identity.actions import outside as acts
from registry.identity.actions.half import after_first_step
from registry.identity.actions.sign_in import admit
from registry.identity.factors import FirstStep
from registry.identity.link_queries import find_link
from registry.identity.models import LinkPurpose, Person
from registry.identity.outside import idtoken
from registry.identity.outside.idtoken import LEEWAY, Recognised
from registry.identity.outside.knowledge import Knowledge
from registry.identity.outside.question import LASTS, LONGEST_ANSWER, Aim, Question
from registry.identity.outside.ticket import is_good, ticket_for
from registry.identity.outside.troubles import OutsideTrouble, StillDown, Trouble
from registry.identity.queries import list_identities, slugs_of
from registry.identity.views.browser import browser_name, carry, enter, is_fresh, network_name, wanted_page
from registry.identity.views.guessing import Guess, reserve_asking
from registry.identity.views.half import lead_to_second_step
from registry.identity.views.room import room
from registry.identity.views.two_step import my_session
from registry.web import context
from registry.web.guard import Open, needs, public
from registry.web.pages import show

ANSWERED = ("state", "code", "error", "iss")


@room.get("/sign-in/with/<provider>")
@public
def outside_sign_in(provider: str) -> ResponseReturnValue:
    """Go to a provider to sign in."""
    return _ask(_provider(provider), Aim.SIGN_IN, wanted=wanted_page())


@room.get("/new-password/<token>/with/<provider>")
@public
def outside_set_up(token: str, provider: str) -> ResponseReturnValue:
    """Go to a provider to connect one's account there by a set-up link, in place of a password."""
    link = find_link(context.db(), token, context.now())
    if link is None or link.purpose is not LinkPurpose.SET_UP:
        raise NotFound
    return _ask(_provider(provider), Aim.SET_UP, link=token)


@room.get("/me/accounts/connect/<provider>")
@needs(Open.SIGNED_IN)
def outside_connect(provider: str) -> ResponseReturnValue:
    """Go to a provider to connect one's account there, with the ticket of the page that asks for fresh proof: a link
    on another site, which has none, leads to that page."""
    chosen, ticket = _provider(provider), request.args.get("ticket", "")
    if not is_fresh() or not is_good(context.house().auth_key, context.session_id(), chosen.key, ticket, context.now()):
        return redirect(url_for("identity.outside_accounts"))
    return _ask(chosen, Aim.CONNECT, session_id=context.session_id())


@room.get("/confirm/with/<provider>")
@needs(Open.SIGNED_IN)
def outside_confirm(provider: str) -> ResponseReturnValue:
    """Go to a provider whose two steps count here, to prove by signing in there again that it is still you."""
    chosen = _provider(provider)
    if not _proves_both(chosen, context.person_id()):
        raise NotFound
    return _ask(chosen, Aim.CONFIRM, session_id=context.session_id(), wanted=wanted_page())


@room.route("/sign-in/from/<provider>", methods=["GET", "POST"])
@public
def outside_answer(provider: str) -> ResponseReturnValue:
    """Where a provider sends the browser back to: the page posts the answer on, and then it is taken, once.

    By itself, but where it connects an account by a set-up link: a link on another site, with somebody else's token,
    would have whoever follows it sign in as them from then on. There they are shown as whom, and press.
    """
    chosen = _provider(provider)
    if request.method == "GET":
        fields = {name: request.args[name][:LONGEST_ANSWER] for name in ANSWERED if name in request.args}
        return show("identity/outside_answer.html", provider=chosen, fields=fields, becomes=_becomes())
    after_this_request(_without_question)
    with reserve_asking(Guess.OUTSIDE) as place:
        try:
            answer = _take(chosen)
        except OutsideTrouble as no:
            return _came_to_nothing(chosen, no.trouble)
        place.free()
        return answer


@room.get("/me/accounts")
@needs(Open.SIGNED_IN, fresh=True)
def outside_accounts() -> ResponseReturnValue:
    """One's accounts at the council's identity providers, to connect and to disconnect."""
    connected = {identity.issuer: identity for identity in list_identities(context.db(), context.person_id())}
    mine = slugs_of(context.db(), context.person_id(), context.now().date())
    known = context.house().settings.providers
    providers = {one.issuer: one for one in known if one.lets_in(mine) or one.issuer in connected}
    key, session_id, now = context.house().auth_key, context.session_id(), context.now()
    tickets = {issuer: ticket_for(key, session_id, one.key, now) for issuer, one in providers.items()}
    return show("identity/outside_accounts.html", connected=connected, providers=providers, tickets=tickets)


@room.post("/me/accounts/<int:identity_id>/end")
@needs(Open.SIGNED_IN, fresh=True)
def outside_disconnect(identity_id: int) -> ResponseReturnValue:
    """Disconnect one's account: nobody signs in by it any more."""
    names = {provider.issuer: provider.name for provider in context.house().settings.providers}
    with context.work() as work:
        acts.disconnect(work, context.person_id(), identity_id, names)
    flash("That account is disconnected. Nobody signs in here by it any more.", "success")
    return redirect(url_for("identity.outside_accounts"))


def _proves_both(provider: Provider, person_id: int) -> bool:
    """Whether two steps there count as two here: not for whoever works for a council that it does not speak for too."""
    return provider.proves_both(slugs_of(context.db(), person_id, context.now().date()))


def _provider(key: str) -> Provider:
    for provider in context.house().settings.providers:
        if provider.key == key:
            return provider
    raise NotFound


def _ask(provider: Provider, aim: Aim, **more: object) -> ResponseReturnValue:
    """Send the browser to the provider with a question that it alone can bring back."""
    question = Question.new(provider, aim, context.now(), **more)
    try:
        said = _knowledge().said(provider, context.now())
    except StillDown as no:
        return _shown(provider, no.trouble)  # the trail has it from the first who met it
    except OutsideTrouble as no:
        reserve_asking(Guess.OUTSIDE)  # each of these is entered in the trail, so there may not be too many
        return _came_to_nothing(provider, no.trouble)
    answer = redirect(question.address(provider, said, _redirect_address(provider)))
    secure = context.house().settings.is_secure
    sealed = question.sealed(context.house().auth_key)
    answer.set_cookie(_cookie(), sealed, max_age=LASTS, secure=secure, httponly=True, samesite="Lax")
    return answer


def _take(provider: Provider) -> ResponseReturnValue:
    """Take an answer apart and do what it was for; whatever is not as it should be is an `OutsideTrouble`."""
    now, redirected = context.now(), _redirect_address(provider)
    question = Question.opened(context.house().auth_key, request.cookies.get(_cookie(), ""))
    if question is None:
        raise OutsideTrouble(Trouble.FORGED)
    said = _knowledge().said(provider, now)
    code = question.code_of(provider, said, request.form.to_dict(), now)
    try:
        with context.work() as work:
            acts.take_answer(work, question.state)
    except Conflict:
        raise OutsideTrouble(Trouble.USED) from None
    token = question.redeem(provider, said, code, redirected)
    who = idtoken.read(token, lambda kid: _knowledge().key(provider, kid, now), provider, question.nonce, now)
    return DONE[question.aim](provider, question, who)


def _sign_in(provider: Provider, question: Question, who: Recognised) -> ResponseReturnValue:
    with context.work() as work:
        person = acts.recognise(work, who, provider)
        if not (who.in_two_steps and _proves_both(provider, person.id)):
            half = after_first_step(work, person, FirstStep.OUTSIDE)
            return lead_to_second_step(half, question.wanted)
        admitted = admit(work, person, browser_name(), confirmed=True, first=FirstStep.OUTSIDE, network=network_name())
    enter(admitted)
    return redirect(question.wanted)


def _connect(provider: Provider, question: Question, who: Recognised) -> ResponseReturnValue:
    _assert_same_session(question)
    with context.work() as work:
        acts.connect(work, context.person_id(), who, provider)
    flash(f"Your account at {provider.name} is connected. You can sign in with it from now on.", "success")
    return redirect(url_for("identity.outside_accounts"))


def _set_up(provider: Provider, question: Question, who: Recognised) -> ResponseReturnValue:
    with context.work() as work:
        acts.connect_by_link(work, question.link, who, provider)
    flash(f"Your account at {provider.name} is connected. Sign in with it.", "success")
    return redirect(url_for("identity.sign_in"))


def _confirm(provider: Provider, question: Question, who: Recognised) -> ResponseReturnValue:
    _assert_same_session(question)
    if who.signed_in_at is None or who.signed_in_at.timestamp() < question.asked_at - LEEWAY.total_seconds():
        raise OutsideTrouble(Trouble.NOT_AGAIN)
    if not (who.in_two_steps and _proves_both(provider, context.person_id())):
        raise OutsideTrouble(Trouble.ONE_STEP)
    with context.work() as work:
        token = acts.confirm_outside(work, my_session(), current_user.token, who, provider.name)
    carry(token or current_user.token)
    return redirect(question.wanted)


DONE: dict[Aim, Callable[[Provider, Question, Recognised], ResponseReturnValue]] = {
    Aim.SIGN_IN: _sign_in,
    Aim.CONNECT: _connect,
    Aim.SET_UP: _set_up,
    Aim.CONFIRM: _confirm,
}


def _becomes() -> str:
    """The address of whoever the answer's account will stand for, where it is to be connected by their link."""
    question = Question.opened(context.house().auth_key, request.cookies.get(_cookie(), ""))
    link = find_link(context.db(), question.link, context.now()) if question and question.link else None
    return context.db().get_one(Person, link.person_id).email if link else ""


def _assert_same_session(question: Question) -> None:
    if not current_user.is_authenticated or context.session_id() != question.session_id:
        raise OutsideTrouble(Trouble.SESSION)


def _came_to_nothing(provider: Provider, trouble: Trouble) -> ResponseReturnValue:
    """Say so, and enter it in the trail: like a refused door also where somebody only looked."""
    with context.house().work(None, None, request.endpoint or "") as work:
        acts.note_trouble(work, provider.name, trouble.why)
    return _shown(provider, trouble)


def _shown(provider: Provider, trouble: Trouble) -> ResponseReturnValue:
    return show("identity/outside_trouble.html", provider=provider, trouble=trouble, status_code=trouble.status)


def _knowledge() -> Knowledge:
    found: Knowledge = current_app.extensions["providers"]
    return found


def _redirect_address(provider: Provider) -> str:
    """The address that the provider must know, letter by letter."""
    return context.house().settings.base_url + url_for("identity.outside_answer", provider=provider.key)


def _cookie() -> str:
    return "__Host-register-outside" if context.house().settings.is_secure else "register-outside"


def _without_question(response: Response) -> Response:
    response.delete_cookie(_cookie(), secure=context.house().settings.is_secure, httponly=True, samesite="Lax")
    return response
