"""The checklist of a security review: common questions, then those of the platform (004 §6.5)."""

from dataclasses import replace

from registry.reviews.hints import HINTS
from registry.reviews.items import COMMON, Item
from registry.reviews.items_large import LARGE_NETWORKS
from registry.reviews.items_small import SMALL_NETWORKS

__all__ = ["CHECKLIST_VERSION", "COMMON", "PLATFORM_ITEMS", "Item", "checklist_for", "find_item"]

PLATFORM_ITEMS = LARGE_NETWORKS + SMALL_NETWORKS

# Kept with every review. Raised whenever a question is added, removed or means something else.
CHECKLIST_VERSION = "2026.1"

# The catalogue's name for a page, where the questions tell a page from a group.
_CALLED_HERE = {"facebook": "facebook_page"}


def checklist_for(platform_key: str) -> tuple[Item, ...]:
    """List what a review of an account on this platform asks, with where to look it up there.

    A platform the council has added itself is asked the common questions.
    """
    platform = _CALLED_HERE.get(platform_key, platform_key)
    hints = HINTS.get(platform, {})
    own = (item for item in PLATFORM_ITEMS if platform in item.applies_to)
    common = (replace(item, how=hints.get(item.key, item.how)) for item in COMMON)
    return (*common, *own)


def find_item(platform_key: str, key: str) -> Item | None:
    """Find a question by the key its answer keeps; None if this version no longer asks it."""
    return next((item for item in checklist_for(platform_key) if item.key == key), None)
