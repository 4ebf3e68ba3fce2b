"""Pages of the room."""

from registry.register.views import account, listing
from registry.register.views.room import room

__all__ = ["account", "listing", "room"]
