"""The trail: what happened, told in sentences, each with its proof, and what people outside keep of it."""

from registry.audit.views import checkpoints, trail
from registry.audit.views.room import room

__all__ = ["checkpoints", "room", "trail"]
