"""The checklist in short sections, so that a review is done in sittings (004 §6.5). Data, and how it is cut."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry.reviews.checklists import checklist_for
from registry.reviews.items import Item

TITLES: Mapping[str, tuple[str, ...]] = {
    "Signing in": (
        *("mailbox", "mailbox_protected", "two_step", "two_step_method"),
        *("recovery_codes", "password_unique", "password_changed"),
    ),
    "People and ways in": (
        *("people_match", "two_admins", "no_leavers", "sessions", "apps", "recovery_routes", "devices"),
    ),
    "What the public sees": ("profile", "links", "badge", "audience", "adverts", "following"),
    "Comments, rules and help": ("comments", "privacy", "terms", "help_contacts"),
}
LAST = "On this platform"
"""The title over what only this platform is asked."""


@dataclass(frozen=True)
class Section:
    """A few questions that are looked up in the same place."""

    key: str
    title: str
    items: tuple[Item, ...]


def sections_for(platform_key: str) -> tuple[Section, ...]:
    """Cut a platform's checklist into sections; every question stands in exactly one."""
    asked = {item.key: item for item in checklist_for(platform_key)}
    cut = [(title, tuple(asked.pop(key) for key in keys if key in asked)) for title, keys in TITLES.items()]
    cut.append((LAST, tuple(asked.values())))
    return tuple(Section(f"part-{number}", title, items) for number, (title, items) in enumerate(cut, 1) if items)
