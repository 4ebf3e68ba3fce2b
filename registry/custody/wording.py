"""How custody names its kinds and occasions, on pages and in the trail."""

from enum import StrEnum

from registry.custody.generator import WEAK, Weakness
from registry.custody.models import ExposureKind, Kind, SecretVersion
from registry.custody.models_recovery import DetailKind

KINDS = {
    Kind.PASSWORD: "password",
    Kind.TOTP: "two-step seed",
    Kind.RECOVERY_CODES: "recovery codes",
    Kind.API_TOKEN: "API token",
}
"""What is deposited."""

TITLES = {
    Kind.PASSWORD: "Password",
    Kind.TOTP: "Two-step code",
    Kind.RECOVERY_CODES: "Recovery codes",
    Kind.API_TOKEN: "API token",
}
"""What is asked for: of a two-step seed nobody sees more than the code of the moment."""

NEEDS_LABEL = "Enter a label that tells this one from what is in custody already"
"""What is said where a second of a kind comes without a name."""

HOW_KNOWN = {
    ExposureKind.TYPED: "deposited it",
    ExposureKind.REVEALED: "saw it",
    ExposureKind.BREAK_GLASS: "broke the glass to see it",
    ExposureKind.CHECKED_OUT: "gave it back after having it checked out",
}

DETAILS = {
    DetailKind.EMAIL: "email address",
    DetailKind.PHONE: "phone number",
    DetailKind.SIM: "SIM card",
    DetailKind.DEVICE: "device",
}
"""The recovery details a platform knows."""


def weak_points(version: SecretVersion) -> list[str]:
    """What was weak about a value when it came, in sentences that never show it."""
    return [WEAK[Weakness(code)] for code in version.weaknesses.split()]


class Occasion(StrEnum):
    """What somebody needs a credential for; the reason in the trail begins with it."""

    POST = "post"
    REPLY = "reply"
    DEVICE = "device"
    SETTINGS = "settings"
    HANDOVER = "handover"
    URGENT = "urgent"


OCCASIONS = {
    Occasion.POST: "Posting or scheduling",
    Occasion.REPLY: "Answering residents",
    Occasion.DEVICE: "Signing in on a new device",
    Occasion.SETTINGS: "Checking or changing settings",
    Occasion.HANDOVER: "Cover or handing over",
    Occasion.URGENT: "Something urgent",
}

SHORTEST_REASON, LONGEST_REASON = 10, 200
"""Characters of the words that follow the occasion."""

HOURS, USUAL_HOURS = (1, 2, 4, 8, 24), 4
"""For how long a credential can be checked out."""
