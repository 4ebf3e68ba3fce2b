"""Who may acknowledge a flag, and for how long: a finding may be put aside for a reason, never for good."""

from dataclasses import dataclass
from datetime import date, timedelta

from registry.core.rule import Condition, Rule
from registry.flags.rule import Severity

LONGEST = {Severity.NOTICE: 90, Severity.WARNING: 90, Severity.BREACH: 14}
"""Days for which a finding may be acknowledged at most."""


def latest_day(severity: Severity, on: date) -> date:
    """The last day until which a finding of this severity may be acknowledged on a day."""
    return on + timedelta(days=LONGEST[severity])


@dataclass(frozen=True)
class Reach:
    """How somebody stands toward a flag: they keep the whole register, or manage the service area it is about."""

    keeps_register: bool
    manages_area: bool


ANSWERS_FOR_IT = Condition(
    lambda reach, _on: reach.keeps_register | reach.manages_area,
    otherwise="You can acknowledge flags about the service areas you manage. This one is about another.",
    clause="002 §16.2",
    mend="flags.index",
    mend_text="See the flags that are yours",
)

MAY_ACKNOWLEDGE = Rule((ANSWERS_FOR_IT,))
