"""How pages name an account's platform and state: a word and a colour."""

from flask import Flask

from registry.accounts.models import AccountState
from registry.accounts.platforms import find_platform

STATES = {
    AccountState.PROPOSED: ("Proposed", "yellow"),
    AccountState.AUTHORISED: ("Authorised", "blue"),
    AccountState.LIVE: ("Live", "green"),
    AccountState.MOTHBALLED: ("Mothballed", "purple"),
    AccountState.CLOSED: ("Closed", "grey"),
    AccountState.HANDED_OVER: ("Handed over", "grey"),
}


def platform_name(key: str) -> str:
    """A platform's name for people: X (formerly Twitter)."""
    platform = find_platform(key)
    return platform.name if platform else key


def state_name(state: AccountState) -> str:
    """A state's word."""
    return STATES[state][0]


def state_colour(state: AccountState) -> str:
    """A state's colour, never shown without its word."""
    return STATES[state][1]


def init_app(app: Flask) -> None:
    """Give the templates these words."""
    for each in (platform_name, state_name, state_colour):
        app.jinja_env.filters[each.__name__] = each
