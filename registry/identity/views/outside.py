"""Signing in by an identity provider, and proving by it that it is still you.

The provider sends the browser back by GET, which here never changes anything: that page posts the answer on.
"""

from collections.abc import Callable

from flask import after_this_request, redirect, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from registry.core.errors import NotFound
from registry.core.providers import Provider
from registry.identity.actions import outside as acts
from registry.identity.actions.half import after_first_step
from registry.identity.factors import FirstStep
from registry.identity.outside.idtoken import LEEWAY, Recognised
from registry.identity.outside.question import LONGEST_ANSWER, Aim, Question
from registry.identity.outside.troubles import OutsideTrouble, Trouble
from registry.identity.queries import slugs_of
from registry.identity.views.asking import (
    ask,
    assert_same_session,
    came_to_nothing,
    provider_of,
    take,
    without_question,
)
from registry.identity.views.browser import browser_name, carry, enter, network_name, wanted_page
from registry.identity.views.guessing import Guess, reserve_asking
from registry.identity.views.half import lead_to_second_step
from registry.identity.views.outside_accounts import becomes, connect, set_up
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
    return ask(provider_of(provider), Aim.SIGN_IN, wanted=wanted_page())


@room.get("/confirm/with/<provider>")
@needs(Open.SIGNED_IN)
def outside_confirm(provider: str) -> ResponseReturnValue:
    """Go to a provider whose two steps count here, to prove by signing in there again that it is still you."""
    chosen = provider_of(provider)
    if not _proves_both(chosen, context.person_id()):
        raise NotFound
    return ask(chosen, Aim.CONFIRM, session_id=context.session_id(), wanted=wanted_page())


@room.route("/sign-in/from/<provider>", methods=["GET", "POST"])
@public
def outside_answer(provider: str) -> ResponseReturnValue:
    """Where a provider sends the browser back to: the page posts the answer on, and then it is taken, once.

    By itself, but where it connects an account by a set-up link: a link on another site, with somebody else's token,
    would have whoever follows it sign in as them from then on. There they are shown as whom, and press.
    """
    chosen = provider_of(provider)
    if request.method == "GET":
        fields = {name: request.args[name][:LONGEST_ANSWER] for name in ANSWERED if name in request.args}
        return show("identity/outside_answer.html", provider=chosen, fields=fields, becomes=becomes())
    after_this_request(without_question)
    with reserve_asking(Guess.OUTSIDE) as place:
        try:
            question, who = take(chosen)
            answer = DONE[question.aim](chosen, question, who)
        except OutsideTrouble as no:
            return came_to_nothing(chosen, no.trouble)
        place.free()
        return answer


def _sign_in(provider: Provider, question: Question, who: Recognised) -> ResponseReturnValue:
    with context.work() as work:
        person = acts.recognise(work, who, provider)
        if not (who.in_two_steps and _proves_both(provider, person.id)):
            half = after_first_step(work, person, FirstStep.OUTSIDE, provider.issuer)
            return lead_to_second_step(half, question.wanted)
        where = browser_name(), network_name()
        admitted = acts.admit_vouched(work, person, *where, provider)
    enter(admitted)
    return redirect(question.wanted)


def _confirm(provider: Provider, question: Question, who: Recognised) -> ResponseReturnValue:
    assert_same_session(question)
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
    Aim.CONNECT: connect,
    Aim.SET_UP: set_up,
    Aim.CONFIRM: _confirm,
}


def _proves_both(provider: Provider, person_id: int) -> bool:
    """Whether two steps there count as two here: not for whoever works for a council that it does not speak for too."""
    return provider.proves_both(slugs_of(context.db(), person_id, context.now().date()))
