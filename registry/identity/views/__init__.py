"""Pages about signing in, people and roles."""

from registry.identity.views import confirming, demo, people, roles, session
from registry.identity.views.room import room

__all__ = ["confirming", "demo", "people", "roles", "room", "session"]
