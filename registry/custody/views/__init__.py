"""Pages of custody."""

from registry.custody.views import account, keeping, reveal
from registry.custody.views.room import room

__all__ = ["account", "keeping", "reveal", "room"]
