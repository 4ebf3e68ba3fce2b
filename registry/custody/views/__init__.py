"""Pages of custody."""

from registry.custody.views import account, keeping, keys, reveal
from registry.custody.views.room import room

__all__ = ["account", "keeping", "keys", "reveal", "room"]
