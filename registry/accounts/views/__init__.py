"""Pages that keep the register: accounts, service areas, platforms, and the import."""

from registry.accounts.views import areas, entries, imports, platforms
from registry.accounts.views.room import room

__all__ = ["areas", "entries", "imports", "platforms", "room"]
