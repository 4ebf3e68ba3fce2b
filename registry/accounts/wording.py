"""How pages name an account's platform, state and facts: a word, a colour, a label."""

from flask import Flask

from registry.accounts.models import AccountState
from registry.accounts.platforms import AccessModel, find_platform
from registry.councils.models import Risk

STATES = {
    AccountState.PROPOSED: ("Proposed", "yellow"),
    AccountState.AUTHORISED: ("Authorised", "blue"),
    AccountState.LIVE: ("Live", "green"),
    AccountState.MOTHBALLED: ("Mothballed", "purple"),
    AccountState.CLOSED: ("Closed", "grey"),
    AccountState.HANDED_OVER: ("Handed over", "grey"),
}

RISKS = {Risk.LOW: "Low", Risk.NORMAL: "Normal", Risk.HIGH: "High"}

ACCESS = {
    AccessModel.SHARED_LOGIN: "One shared login: its password and codes belong in custody.",
    AccessModel.ROLES: "People’s own logins hold roles: the register keeps who has which role.",
    AccessModel.BOTH: "A shared login, or roles held by people’s own logins.",
}
ACCESS_NAMES = {
    AccessModel.SHARED_LOGIN: "Shared login",
    AccessModel.ROLES: "Roles of people’s own logins",
    AccessModel.BOTH: "Either",
}

FACTS = {
    "name": "Name",
    "service_area_id": "Service area",
    "responsible_id": "Responsible person",
    "purpose": "Purpose",
    "audience": "Audience",
    "for_children": "Speaks to under-18s",
    "language": "Language",
    "engagement": "Engagement",
    "cadence_days": "Days between posts",
    "resources": "Resources",
    "benchmarks": "Benchmarks",
    "risk": "Risk",
    "authorised_on": "Authorised on",
    "trial_ends_on": "Trial ends on",
    "planned_end_on": "Planned end",
    "two_step_on": "Two-step sign-in is on",
    "linked_from_website": "Linked from the council’s website",
    "branded": "Carries the council’s name and logo",
    "public_note": "Public note",
    "notes": "Notes",
    "platform_uid": "Permanent number on the platform",
}
"""The facts of an account that people keep, by column, in the order of their importance."""


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


def risk_name(risk: Risk) -> str:
    """A risk's word."""
    return RISKS[risk]


def access_name(model: AccessModel) -> str:
    """How people get in to accounts of a platform, in few words."""
    return ACCESS_NAMES[model]


def access_sentence(model: AccessModel) -> str:
    """How people get in to accounts of a platform, in a sentence."""
    return ACCESS[model]


def init_app(app: Flask) -> None:
    """Give the templates these words."""
    for each in (platform_name, state_name, state_colour, risk_name, access_name, access_sentence):
        app.jinja_env.filters[each.__name__] = each
