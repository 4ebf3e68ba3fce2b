"""Pages about signing in, people and roles."""

from registry.identity.views import (
    confirming,
    demo,
    joining,
    outside,
    outside_accounts,
    people,
    resets,
    roles,
    second_step,
    session,
    two_step,
)
from registry.identity.views.room import room

__all__ = [
    "confirming",
    "demo",
    "joining",
    "outside",
    "outside_accounts",
    "people",
    "resets",
    "roles",
    "room",
    "second_step",
    "session",
    "two_step",
]
