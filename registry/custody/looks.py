"""What of a credential is shown: usually the least that serves, on request the whole of it."""

from registry.councils.models import Council
from registry.custody.models import Kind, Purpose
from registry.vocabulary.looks import Look, Way

USUAL = {
    Kind.PASSWORD: Purpose.VALUE,
    Kind.TOTP: Purpose.CODE,
    Kind.RECOVERY_CODES: Purpose.ONE_OF_LIST,
    Kind.API_TOKEN: Purpose.VALUE,
}
"""Of a two-step seed nobody needs more than the code of the moment, and of a list of codes no more than the next."""

_LOOKS = {
    (Kind.PASSWORD, Purpose.VALUE): Look.PASSWORD,
    (Kind.API_TOKEN, Purpose.VALUE): Look.API_TOKEN,
    (Kind.TOTP, Purpose.VALUE): Look.SEED,
    (Kind.RECOVERY_CODES, Purpose.ONE_OF_LIST): Look.RECOVERY_CODE,
    (Kind.RECOVERY_CODES, Purpose.VALUE): Look.RECOVERY_LIST,
}

LOOKS = {
    Look.PASSWORD: "password",
    Look.API_TOKEN: "API token",
    Look.RECOVERY_CODE: "next recovery code",
    Look.RECOVERY_LIST: "whole list of recovery codes",
    Look.SEED: "two-step seed itself",
}
"""How a sentence names what is looked at: the …"""


def look_at(kind: Kind, purpose: Purpose) -> Look | None:
    """What is looked at; none for the code of the moment, which anybody whom the gate lets may have at any time."""
    return _LOOKS.get((kind, purpose))


def looked_at(kind: Kind, purpose: Purpose) -> str:
    """The same in words."""
    look = look_at(kind, purpose)
    return LOOKS[look] if look else "code of the moment"


def takes_two(council: Council, kind: Kind, purpose: Purpose) -> bool:
    """Whether the council has a second person agree before this is seen."""
    look = look_at(kind, purpose)
    return look is not None and council.way_to(look) is Way.APPROVAL


def has_whole(kind: Kind) -> bool:
    """Whether there is more to see of this kind than is usually shown."""
    return USUAL[kind] is not Purpose.VALUE
