"""Pages of the room."""

from registry.closures.views import beginning, closure, listing, resting, steps
from registry.closures.views.room import room

__all__ = ["beginning", "closure", "listing", "resting", "room", "steps"]
