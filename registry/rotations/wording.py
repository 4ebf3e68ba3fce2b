"""The checklist of a rotation in words: what is done on the platform, and why a new value alone is not enough."""

from typing import NamedTuple

from registry.rotations.models import Cause, Item


class Words(NamedTuple):
    """An item of the checklist: its title, and how and why."""

    title: str
    hint: str


ITEMS = {
    Item.SESSIONS: Words(
        "Other sessions are signed out",
        "In the platform’s security settings, sign out every other device. Phones stay signed in for months after "
        "the password changes.",
    ),
    Item.STRANGERS: Words(
        "Unknown apps and administrators are removed",
        "Look through connected apps, delegated users and administrators. Remove whoever nobody here answers for.",
    ),
    Item.RECOVERY: Words(
        "Recovery email, phone and codes are checked",
        "They must be the council’s own. Make new recovery codes if the old ones were seen, and keep them here.",
    ),
}

CAUSES = {
    Cause.LEFT: "left the council",
    Cause.SUSPENDED: "suspended",
    Cause.NOT_NAMED: "no longer an editor for it",
    Cause.UNTRAINED: "training lapsed",
    Cause.UNSIGNED: "policy not signed",
    Cause.DEVICE_LOST: "lost a device",
    Cause.USED_UP: "opened for one occasion",
}
