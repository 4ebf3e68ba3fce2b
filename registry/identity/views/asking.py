"""Asking an identity provider who somebody is: the question leaves by a link, and a cookie remembers what was asked."""

from flask import Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.core.errors import Conflict, NotFound
from registry.core.providers import Provider
from registry.identity.actions import outside as acts
from registry.identity.outside import idtoken
from registry.identity.outside.idtoken import Recognised
from registry.identity.outside.knowledge import Knowledge
from registry.identity.outside.question import LASTS, Aim, Question
from registry.identity.outside.troubles import OutsideTrouble, StillDown, Trouble
from registry.identity.views.guessing import Guess, reserve_asking
from registry.web import context
from registry.web.pages import show


def provider_of(key: str) -> Provider:
    """The provider of this key, as its addresses name it."""
    for provider in context.house().settings.providers:
        if provider.key == key:
            return provider
    raise NotFound


def ask(provider: Provider, aim: Aim, **more: object) -> ResponseReturnValue:
    """Send the browser to the provider with a question that it alone can bring back."""
    question = Question.new(provider, aim, context.now(), **more)
    try:
        said = _knowledge().said(provider, context.now())
    except StillDown as no:
        return _shown(provider, no.trouble)  # the trail has it from the first who met it
    except OutsideTrouble as no:
        reserve_asking(Guess.OUTSIDE)  # each of these is entered in the trail, so there may not be too many
        return came_to_nothing(provider, no.trouble)
    answer = redirect(question.address(provider, said, _redirect_address(provider)))
    secure = context.house().settings.is_secure
    sealed = question.sealed(context.house().auth_key)
    answer.set_cookie(_cookie(), sealed, max_age=LASTS, secure=secure, httponly=True, samesite="Lax")
    return answer


def take(provider: Provider) -> tuple[Question, Recognised]:
    """Take an answer apart, once: what was asked, and who it says it is; whatever is not as it should be is an
    `OutsideTrouble`."""
    now, redirected = context.now(), _redirect_address(provider)
    question = asked()
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
    return question, idtoken.read(
        token, lambda kid: _knowledge().key(provider, kid, now), provider, question.nonce, now
    )


def asked() -> Question | None:
    """What this browser was sent to ask, if it was."""
    return Question.opened(context.house().auth_key, request.cookies.get(_cookie(), ""))


def assert_same_session(question: Question) -> None:
    """Refuse an answer to what was asked in another session."""
    if not current_user.is_authenticated or context.session_id() != question.session_id:
        raise OutsideTrouble(Trouble.SESSION)


def came_to_nothing(provider: Provider, trouble: Trouble) -> ResponseReturnValue:
    """Say so, and enter it in the trail: like a refused door also where somebody only looked."""
    with context.house().work(None, None, request.endpoint or "") as work:
        acts.note_trouble(work, provider.name, trouble.why)
    return _shown(provider, trouble)


def without_question(response: Response) -> Response:
    """Have the browser forget what it was sent to ask."""
    response.delete_cookie(_cookie(), secure=context.house().settings.is_secure, httponly=True, samesite="Lax")
    return response


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
