"""The door-keeper: every view says per method what it needs, one hook asks for it, silence means no.

A view without a mark keeps the application from starting. HEAD needs what GET needs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, request
from flask.typing import ResponseReturnValue

from registry.vocabulary.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])


class Open(StrEnum):
    """Doors that ask for no permission: to anyone, to whoever passed the first step of signing in, or to anyone who
    is signed in."""

    PUBLIC = "public"
    HALF_IN = "half signed in"
    SIGNED_IN = "signed in"


Need = Permission | Open
Stay = Callable[..., ResponseReturnValue | None]
"""Answers in place of a view that may not be reached yet; never by acting."""
MARK, FRESH, STAY = "__needs__", "__fresh__", "__stay__"


@dataclass(frozen=True)
class Unmarked(Exception):
    """A door without a mark."""

    doors: tuple[str, ...]

    def __str__(self) -> str:
        return f"these doors do not say what they need: {', '.join(self.doors)}"


def needs(
    every: Need | None = None,
    *,
    get: Need | None = None,
    post: Need | None = None,
    fresh: bool = False,
    stay: Stay | None = None,
) -> Callable[[View], View]:
    """Mark a view with what it needs: the same for every method, or one for each.

    `fresh`: whoever passes must have proved within the last minutes that it is still them. `stay`: the page on which
    whoever posts a form too late is asked so, where going to another page would lose what must not be lost; or None.
    """

    def mark(view: View) -> View:
        reads, writes = get or every, post or every
        setattr(view, MARK, {"GET": reads, "HEAD": reads, "OPTIONS": reads, "POST": writes})
        setattr(view, FRESH, fresh)
        setattr(view, STAY, stay)
        return view

    return mark


def public(view: View) -> View:
    """Mark a view as open to anyone."""
    return needs(Open.PUBLIC)(view)


def need_of(app: Flask, endpoint: str, method: str) -> Need | None:
    """What a door needs for a method; None where it has no mark."""
    marks = getattr(app.view_functions.get(endpoint), MARK, {})
    need: Need | None = marks.get(method)
    return need


def is_fresh(app: Flask, endpoint: str) -> bool:
    """Whether a door asks to prove afresh that it is still you."""
    return bool(getattr(app.view_functions.get(endpoint), FRESH, False))


def stay_at(app: Flask, endpoint: str) -> Stay | None:
    """What answers a form that comes too late to a door that asks for fresh proof, if it has something of its own."""
    stay: Stay | None = getattr(app.view_functions.get(endpoint), STAY, None)
    return stay


def unmarked_doors(app: Flask) -> tuple[str, ...]:
    """Every route and method without a mark."""
    return tuple(
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
        if need_of(app, rule.endpoint, method) is None
    )


def init_app(
    app: Flask,
    keep_the_door: Callable[[Need], ResponseReturnValue | None],
    ask_again: Callable[[], ResponseReturnValue | None],
) -> None:
    """Ask `keep_the_door` before every request that found a route, and `ask_again` at doors that want fresh proof;
    each answers, raises, or lets pass."""

    @app.before_request
    def ask() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # no such page: the error page follows
        need = need_of(app, request.endpoint, request.method)
        if need is None or need is Open.PUBLIC:
            return None
        stopped = keep_the_door(need)
        return ask_again() if stopped is None and is_fresh(app, request.endpoint) else stopped


def assert_marked(app: Flask) -> None:
    """Refuse to start while a door has no mark."""
    doors = unmarked_doors(app)
    if doors:
        raise Unmarked(doors)
