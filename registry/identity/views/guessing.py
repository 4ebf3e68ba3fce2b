"""Whoever proves who they are takes a place among the attempts first: strangers' tries are counted apart from those
made in a browser that its owner is known by, so nobody can lock the Clerk out of their own."""

from datetime import timedelta
from enum import StrEnum

from flask import Response, after_this_request, current_app, request
from flask_login import current_user

from registry.identity.actions import sign_in as acts
from registry.identity.actions.devices import add_device, note_device
from registry.identity.models import KnownDevice, SignInSession
from registry.identity.passwords import Passwords
from registry.identity.queries import find_device
from registry.identity.tokens import new_token
from registry.throttle.lanes import Lane, lane_key, network_of, site_of
from registry.throttle.place import Place, reserve
from registry.web import context

FIVE_MINUTES, ONE_MINUTE, ONE_DAY = timedelta(minutes=5), timedelta(minutes=1), timedelta(days=1)
GUESSES = 10
"""Wrong guesses at one person in five minutes (Cyber Essentials)."""
CODES_A_DAY = 50
"""Wrong second steps of one person in a day: six digits give way to nobody who has only so many tries at them."""
FROM_ONE_NETWORK, FROM_ONE_SITE = 100, 400
"""Wrong guesses from one network in five minutes; and from an IPv6 site, which may have very many networks."""
CHALLENGES = 60
"""How often in a minute a network, or a known device, may ask for a passkey's challenge, which is written down."""
LASTS = timedelta(days=400)
"""How long a device is known after its last sign-in; no browser keeps a cookie for longer."""

SHARED_BY, APART = 5, "."
"""By how many people one browser is known at most, and what stands between their tokens in its cookie."""


class Guess(StrEnum):
    """What may be guessed at. Each kind is counted for itself."""

    PASSWORD = "password"  # noqa: S105
    SECOND_STEP = "second step"
    LINK = "link"
    RESET = "asking for a reset"
    OUTSIDE = "outside sign-in"
    PASSKEY = "passkey alone"


CANNOT_BE_GUESSED = frozenset({Guess.LINK, Guess.OUTSIDE, Guess.PASSKEY})
"""Of 128 random bits or more, or signed: no number of tries finds one. They are counted for what they cost alone, so
that no crowd of strangers fills a lane in which somebody with the right answer would have to wait."""


def reserve_guess(what: Guess, email: str) -> Place:
    """Take a place for a guess at the person of this address, known here or not; raises `Throttled` (429).

        with reserve_guess(Guess.SECOND_STEP, person.email) as place:
            …compare, then do the work…
            if right: place.free()

    Outside any open piece of work: it has one of its own.
    """
    device, name = _device(email), email.strip().lower()
    if device is not None:
        return reserve(context.house(), what, _at_one(what, "a known device", "device", name, str(device.id)))
    unknown = _at_one(what, "unknown devices", "unknown", name)
    return reserve(context.house(), what, [*unknown, *_of_networks(what), _of_all(what)])


def reserve_asking(what: Guess) -> Place:
    """Take a place for something of which nobody knows yet whose it is: by the device, if it is anybody's known one;
    else by network, and where there is something to guess or to waste, in all."""
    device = _device()
    if device is not None:
        return reserve(context.house(), what, _at_one(what, "a known device", "device", str(device.id)))
    in_all = [] if what in CANNOT_BE_GUESSED else [_of_all(what)]
    return reserve(context.house(), what, [*_of_networks(what), *in_all])


def count_challenge() -> None:
    """Count a browser's asking for a passkey's challenge; raises `Throttled` (429). In memory: a row for each would
    cost as much as what it is to spare."""
    device = _device()
    whose = f"device {device.id}" if device else network_of(request.remote_addr)
    current_app.extensions["challenges"].look(whose, context.now())


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
    """After a sign-in that is complete: let its person be known by this browser, and tell them where it is a new one.

    A browser that several people share has a token of each, so that none is new there whenever another was in between.
    """
    tokens = _device_tokens()
    with context.work() as work:
        entry = work.session.get_one(SignInSession, session_id)
        mine = next((one for one in tokens if note_device(work, entry.person_id, _device_hash(one))), None)
        if mine is None:
            mine = new_token()
            add_device(work, entry, _device_hash(mine))
    kept = [mine, *(one for one in tokens if one != mine)][:SHARED_BY]
    after_this_request(lambda response: _with_device(response, APART.join(kept)))


def passwords() -> Passwords:
    """What makes and checks password hashes."""
    made: Passwords = current_app.extensions["passwords"]
    return made


def _at_one(what: Guess, name: str, *parts: str) -> list[Lane]:
    """The lanes of guesses at one person. Whoever tries second steps has taken the first, so nobody else can fill
    the lane of the day; and the owner's known devices have one each, should it be filled all the same."""
    lanes = [Lane(name, _key(what, *parts), GUESSES, FIVE_MINUTES)]
    if what is Guess.SECOND_STEP:
        lanes.append(Lane(f"{name} in a day", _key(what, "day", *parts), CODES_A_DAY, ONE_DAY))
    return lanes


def _of_networks(what: Guess) -> list[Lane]:
    network, site = network_of(request.remote_addr), site_of(request.remote_addr)
    lanes = [Lane("one network", _key(what, "network", network), FROM_ONE_NETWORK, FIVE_MINUTES)]
    if site is not None:
        lanes.append(Lane("one site", _key(what, "site", site), FROM_ONE_SITE, FIVE_MINUTES))
    return lanes


def _of_all(what: Guess) -> Lane:
    return Lane("everybody together", _key(what, "all"), context.house().settings.strangers_a_minute, ONE_MINUTE)


def _device(email: str | None = None) -> KnownDevice | None:
    """The known device that this browser is, of anybody or of the person with this address."""
    return find_device(context.db(), [_device_hash(token) for token in _device_tokens()], email)


def _key(what: Guess, *parts: str) -> str:
    return lane_key(context.house().auth_key.for_purpose("throttle"), what.value, *parts)


def _cookie() -> str:
    return "__Host-register-device" if context.house().settings.is_secure else "register-device"


def _device_tokens() -> list[str]:
    return [token[:100] for token in request.cookies.get(_cookie(), "").split(APART)[:SHARED_BY] if token]


def _device_hash(token: str) -> str:
    """Keyed, so that whoever can only write to the database cannot make themselves a known device."""
    return lane_key(context.house().auth_key.for_purpose("devices"), token)


def _with_device(response: Response, token: str) -> Response:
    secure = context.house().settings.is_secure
    response.set_cookie(_cookie(), token, max_age=LASTS, secure=secure, httponly=True, samesite="Lax")
    return response
