"""Pages of the room."""

from registry.reviews.views import answering, ending, listing
from registry.reviews.views.room import room

__all__ = ["answering", "ending", "listing", "room"]
