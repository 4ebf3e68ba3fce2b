"""Pages about signing in, people and roles."""

from registry.identity.views import demo, people, roles, session
from registry.identity.views.room import room

__all__ = ["demo", "people", "roles", "room", "session"]
