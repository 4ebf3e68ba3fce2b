"""Pages about asking for an account and deciding on it."""

from registry.requests.views import deciding, drafting, lists, reading
from registry.requests.views.room import room

__all__ = ["deciding", "drafting", "lists", "reading", "room"]
