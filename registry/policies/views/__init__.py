"""Pages about policies, their versions, and signing them."""

from registry.policies.views import policies, signing, versions
from registry.policies.views.room import room

__all__ = ["policies", "room", "signing", "versions"]
