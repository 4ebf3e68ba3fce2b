"""Pages of custody."""

from registry.custody.views import account, depositing, details, holding, keeping, keys, looks, reveal, shares
from registry.custody.views.room import room

__all__ = ["account", "depositing", "details", "holding", "keeping", "keys", "looks", "reveal", "room", "shares"]
