"""A person's standing as a list of ticks and crosses: each fact of the gate, how it stands, and what mends it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.core.rule import Condition
from registry.core.wording import long_day
from registry.editors.rules import EMPLOYED, NAMED, SIGNED, TRAINED
from registry.web.filters import away


@dataclass(frozen=True)
class Tick:
    """One fact: whether it holds, in words that fit oneself and others, its clause, and the door that mends it."""

    text: str
    ok: bool
    detail: str
    clause: str
    mend: str = ""
    mend_text: str = ""


@dataclass(frozen=True)
class Line:
    """How one person stands: for a service area, or by their role (then there is no editorship)."""

    person_id: int
    name: str
    is_cleared: bool
    ticks: tuple[Tick, ...]
    job_title: str = ""
    area: str = ""
    area_id: int | None = None
    editorship_id: int | None = None


def line_of(row: Any, on: date, hats: str = "") -> Line:
    """The line of a row of `list_editors`, or of `list_acting_by_role` with the hats that let them act."""
    editorship_id = getattr(row, "editorship_id", None)
    entitled = by_role(hats) if editorship_id is None else named_since(row.starts_on, on)
    employed = () if row.is_employed else (_tick(EMPLOYED, row, on, "Left the council:", "they are still named"),)
    return Line(
        row.person_id,
        row.name,
        bool(row.is_cleared),
        (entitled, *employed, trained(row, on), signed(row, on)),
        getattr(row, "job_title", ""),
        getattr(row, "area", ""),
        getattr(row, "service_area_id", None),
        editorship_id,
    )


def named_since(starts_on: date, on: date) -> Tick:
    """That somebody is named for a service area."""
    return Tick("Named", ok=True, detail=f"since {away(starts_on, on)}", clause=NAMED.clause)


def by_role(hats: str) -> Tick:
    """That somebody acts for every account by their role."""
    return Tick("Acts for every account", ok=True, detail=f"as {hats}", clause=f"{NAMED.clause}; 003")


def trained(facts: Any, on: date) -> Tick:
    """Until when somebody is trained."""
    if facts.trained_until == date.min:
        return _tick(TRAINED, facts, on, "Not trained:", "no confirmed editor training")
    if not TRAINED.test(facts, on):
        return _tick(TRAINED, facts, on, "Not trained:", f"lapsed on {away(facts.trained_until, on)}")
    return _tick(TRAINED, facts, on, "Trained", f"until {away(facts.trained_until, on)}")


def signed(facts: Any, on: date) -> Tick:
    """Whether somebody is signed up to the policy in force, or how long they may still take."""
    if facts.signed_until == date.max:
        return _tick(SIGNED, facts, on, "Signed", "up to the policy in force")
    if facts.signed_until == date.min:
        return _tick(SIGNED, facts, on, "Not signed:", "no signature under the policy in force")
    if not SIGNED.test(facts, on):
        return _tick(SIGNED, facts, on, "Not signed:", f"days of grace ended on {long_day(facts.signed_until)}")
    grace = f"an earlier version; to sign the new one by {away(facts.signed_until, on)}"
    return Tick("Signed", ok=True, detail=grace, clause=SIGNED.clause, mend=SIGNED.mend, mend_text=SIGNED.mend_text)


def _tick(condition: Condition, facts: Any, on: date, text: str, detail: str) -> Tick:
    if condition.test(facts, on):
        return Tick(text, ok=True, detail=detail, clause=condition.clause)
    return Tick(text, False, detail, condition.clause, condition.mend, condition.mend_text)
