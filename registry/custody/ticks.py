"""The gate as a list of ticks and crosses: why somebody may use an account's credentials, or why not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from registry.core.errors import Reason
from registry.core.wording import long_day
from registry.editors.rules import EMPLOYED, GATE, NAMED, SIGNED, TRAINED, USABLE
from registry.editors.standing import Standing


@dataclass(frozen=True)
class Tick:
    """One condition of the gate: met, in these words, or not, for this reason."""

    text: str
    reason: Reason | None = None


def _signed(standing: Standing) -> str:
    if standing.signed_until == date.max:
        return "You have signed the policy in force."
    return f"You have until {long_day(standing.signed_until)} to sign the new version of the policy."


MET: dict[object, Callable[[Standing], str]] = {
    EMPLOYED: lambda _: "You work for this council.",
    NAMED: lambda s: (
        "You are named as an editor for its service area."
        if s.is_named
        else "Your role lets you act for every account."
    ),
    TRAINED: lambda s: f"Your editor training is good until {long_day(s.trained_until)}.",
    SIGNED: _signed,
    USABLE: lambda _: "The account is in use.",
}


def ticks(standing: Standing, on: date) -> list[Tick]:
    """Every condition of the gate for this person and account on a day, in the gate's own order."""
    return [
        Tick(MET[condition](standing)) if condition.test(standing, on) else Tick("", condition.reason(standing, on))
        for condition in GATE.conditions
    ]
