"""What a view may look at in a request, and the one way in which it may change anything."""

from datetime import date, datetime
from typing import Any, cast

from flask import current_app, g, request
from flask_login import current_user
from sqlalchemy.orm import Session

from registry.core.clock import day_in
from registry.core.errors import NotFound
from registry.core.house import House, Place
from registry.core.tenants import Beyond, stand_in
from registry.core.work import Work
from registry.web import once

READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def house() -> House:
    """The house that this request came to."""
    return cast(House, current_app.extensions["house"])


def db() -> Session:
    """The request's session for looking; closed when the request ends.

    At the door it stands in no council and knows only who comes; `enter` lets it stand in the address's.
    """
    if "db" not in g:
        g.db = house().database.reader(Beyond.INSTALLATION)
    return cast(Session, g.db)


def enter(place: Place) -> None:
    """From here on this request is in a council, and sees nothing of any other."""
    g.council = place
    stand_in(db(), place.id)


def close_db(_error: BaseException | None = None) -> None:
    """Give the looking session back."""
    session = g.pop("db", None)
    if session is not None:
        session.close()


def now() -> datetime:
    """The one moment of this request, in UTC."""
    if "now" not in g:
        g.now = house().clock.now()
    return cast(datetime, g.now)


def person_id() -> int:
    """Who is acting; only behind doors that ask for somebody."""
    return int(current_user.person_id)


def session_id() -> int:
    """The sign-in session in which they act."""
    return int(current_user.session_id)


def council() -> Any:
    """The council whose pages these are."""
    if g.get("council") is None:
        raise NotFound
    return g.council


def today() -> date:
    """The day it is in the council's time zone (in UTC outside any council)."""
    place = g.get("council")
    return day_in(place.time_zone if place else "UTC", now())


def work(place: Place | None = None) -> Work:
    """Open a piece of work for whoever is acting, in the council whose pages these are or in another that it is about.

    Looking never changes anything, so on GET this is a fault in the view.
    """
    if request.method in READ_METHODS:
        raise RuntimeError(f"{request.endpoint} tried to change something on {request.method}")
    actor = current_user.person_id if current_user.is_authenticated else None
    piece = house().work(actor, place or g.get("council"), door=request.endpoint or "")
    piece.now = now()
    once.claim(piece)
    return piece
