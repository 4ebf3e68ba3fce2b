"""What there is to see in custody, and how a council lets it be seen: alone, or when a second person agrees."""

from enum import StrEnum


class Look(StrEnum):
    """One thing to see. The code of the moment is not among them: it is worth nothing a minute later."""

    PASSWORD = "password"  # noqa: S105
    API_TOKEN = "api_token"  # noqa: S105
    RECOVERY_CODE = "recovery_code"
    RECOVERY_LIST = "recovery_list"
    SEED = "seed"


class Way(StrEnum):
    """How something may be seen: by one person for a reason, or once another has agreed to it."""

    ALONE = "alone"
    APPROVAL = "approval"


WAYS = {Way.ALONE: "One person, for a reason", Way.APPROVAL: "When a second person agrees"}
"""The ways in words."""

DEFAULT_WAYS: dict[Look, Way] = {
    Look.PASSWORD: Way.ALONE,
    Look.API_TOKEN: Way.ALONE,
    Look.RECOVERY_CODE: Way.APPROVAL,
    Look.RECOVERY_LIST: Way.APPROVAL,
    Look.SEED: Way.APPROVAL,
}
"""What a council begins with: whatever lets its holder take the account over for good takes two people."""
