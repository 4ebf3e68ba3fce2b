"""Whoever passed the first step of signing in, and the means of the second: what its pages share."""

from flask import g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from registry.core.errors import NotFound
from registry.core.work import Work
from registry.identity.actions import half as acts
from registry.identity.actions.proving import Means
from registry.identity.actions.sign_in import Admitted
from registry.identity.factors import HalfSignIn, Step
from registry.identity.models import Person
from registry.identity.passkeys import address_for_passkeys, party_at
from registry.identity.session_queries import find_half
from registry.identity.views.browser import browser_name, enter, network_name, wanted_page
from registry.web import context

HALF = "half"
"""Where the cookie keeps the token of a half sign-in."""


def half_in() -> HalfSignIn | None:
    """The half sign-in of this browser, its person known; None if there is none or it is over."""
    half = any_half()
    return half if half is not None and half.person_id else None


def any_half() -> HalfSignIn | None:
    """The half sign-in of this browser, even if nobody has said yet who it is."""
    if "half" not in g:
        token = session.get(HALF)
        g.half = find_half(context.db(), token, context.now()) if isinstance(token, str) else None
    found: HalfSignIn | None = g.half
    return found


def the_half() -> HalfSignIn:
    """The half sign-in; only behind doors that ask for one."""
    half = half_in()
    if half is None:
        raise NotFound
    return half


def whose(work: Work, half: HalfSignIn) -> Person:
    """The person of a half sign-in, who acts from here on."""
    person = work.session.get_one(Person, half.person_id)
    work.actor_id = person.id
    return person


def means() -> Means:
    """With what a second factor is checked on this page."""
    settings = context.house().settings
    return Means(context.house().auth_key, party_at(settings, request.host), settings.codes_beside)


def passkey_address() -> str:
    """Where passkeys work, if not on this page; empty where they do, or nowhere."""
    return "" if means().party else address_for_passkeys(context.house().settings, request.host)


def lead_to_second_step(token: str, wanted: str = "") -> Response:
    """Let a browser whose person passed the first step take the second; `wanted`: where they were going."""
    session[HALF] = token
    wanted = wanted or request.args.get("next", "")
    return redirect(url_for("identity.second_step", next=wanted or None))


def let_in(work: Work, half: HalfSignIn, person: Person, step: Step) -> Admitted:
    """Open the session of somebody who took both steps."""
    return acts.complete(work, half.id, person, step, browser_name(), network_name())


def go_in(admitted: Admitted) -> ResponseReturnValue:
    """On to where the person was going."""
    enter(admitted)
    return redirect(wanted_page())
