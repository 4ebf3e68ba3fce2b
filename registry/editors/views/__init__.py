"""Pages about editors: how people stand, who is named, naming and standing down."""

from registry.editors.views import naming, standing
from registry.editors.views.room import room

__all__ = ["naming", "room", "standing"]
