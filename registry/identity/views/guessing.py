"""Whoever proves who they are takes a place among the attempts first: strangers' tries are counted apart from those
made in a browser that its owner is known by, so nobody can lock the Clerk out of their own."""

from datetime import timedelta
from enum import StrEnum

from flask import Response, after_this_request, current_app, request
from flask_login import current_user

from registry.identity.actions import sign_in as acts
from registry.identity.actions.devices import add_device, note_device
from registry.identity.models import SignInSession
from registry.identity.passwords import Passwords
from registry.identity.queries import find_device
from registry.identity.tokens import new_token
from registry.throttle.lanes import Lane, lane_key, network_of
from registry.throttle.place import Place, reserve
from registry.web import context

FIVE_MINUTES, ONE_MINUTE = timedelta(minutes=5), timedelta(minutes=1)
GUESSES = 10
"""Wrong guesses at one person in five minutes (Cyber Essentials)."""
FROM_ONE_NETWORK, IN_ALL = 100, 200
"""Wrong guesses from one network in five minutes, and by all strangers together in one."""
LASTS = timedelta(days=400)
"""How long a device is known after its last sign-in; no browser keeps a cookie for longer."""


class Guess(StrEnum):
    """What may be guessed at. Each kind is counted for itself."""

    PASSWORD = "password"  # noqa: S105
    SECOND_STEP = "second step"
    LINK = "link"
    RESET = "asking for a reset"
    OUTSIDE = "outside sign-in"


def reserve_guess(what: Guess, email: str) -> Place:
    """Take a place for a guess at the person of this address, known here or not; raises `Throttled` (429).

        with reserve_guess(Guess.SECOND_STEP, person.email) as place:
            …compare, then do the work…
            if right: place.free()

    Outside any open piece of work: it has one of its own.
    """
    device = find_device(context.db(), email, _device_hash(_device_token()))
    name = email.strip().lower()
    if device is not None:
        known = Lane("a known device", _key(what, "device", name, str(device.id)), GUESSES, FIVE_MINUTES)
        return reserve(context.house(), what, [known])
    unknown = Lane("unknown devices", _key(what, "unknown", name), GUESSES, FIVE_MINUTES)
    return reserve(context.house(), what, [unknown, *_of_strangers(what)])


def reserve_asking(what: Guess) -> Place:
    """Take a place for something that is nobody's in particular: counted by network and in all."""
    return reserve(context.house(), what, _of_strangers(what))


def prove_password(password: str) -> bool:
    """Whether this is the password of whoever is signed in.

    A wrong one counts as a guess, as it does at the sign-in: a session left open is not a place to try without end.
    """
    with reserve_guess(Guess.PASSWORD, current_user.email) as place:
        checked = acts.check(context.db(), passwords(), current_user.email, password)
        with context.work() as work:
            is_known = acts.is_own(work, checked)
        if is_known:
            place.free()
        return is_known


def remember_device(session_id: int) -> None:
    """After a sign-in that is complete: let its person be known by this browser."""
    token = _device_token()
    with context.work() as work:
        person_id = work.session.get_one(SignInSession, session_id).person_id
        if not token or not note_device(work, person_id, _device_hash(token)):
            token = new_token()
            add_device(work, person_id, _device_hash(token))
    after_this_request(lambda response: _with_device(response, token))


def passwords() -> Passwords:
    """What makes and checks password hashes."""
    made: Passwords = current_app.extensions["passwords"]
    return made


def _of_strangers(what: Guess) -> list[Lane]:
    network = network_of(request.remote_addr)
    return [
        Lane("one network", _key(what, "network", network), FROM_ONE_NETWORK, FIVE_MINUTES),
        Lane("everybody together", _key(what, "all"), IN_ALL, ONE_MINUTE),
    ]


def _key(what: Guess, *parts: str) -> str:
    return lane_key(context.house().auth_key.for_purpose("throttle"), what.value, *parts)


def _cookie() -> str:
    return "__Host-register-device" if context.house().settings.is_secure else "register-device"


def _device_token() -> str:
    return request.cookies.get(_cookie(), "")[:100]


def _device_hash(token: str) -> str:
    """Keyed, so that whoever can only write to the database cannot make themselves a known device."""
    return lane_key(context.house().auth_key.for_purpose("devices"), token)


def _with_device(response: Response, token: str) -> Response:
    secure = context.house().settings.is_secure
    response.set_cookie(_cookie(), token, max_age=LASTS, secure=secure, httponly=True, samesite="Lax")
    return response
