"""What the night finds wrong with the trail, or with rows that it tells of."""

from datetime import date
from typing import Any

from sqlalchemy import Select

from registry.audit.models import Finding
from registry.flags.rule import Severity, Tell, finding, flag


@flag(
    Severity.BREACH,
    clause="002 §17.5",
    message="The trail and the register do not agree: {place} is {how}.",
    tell=(Tell.CLERK,),
    mend=("audit.trail", "Look at the trail"),
)
def trail_disagrees(_on: date) -> Select[Any]:
    """The nightly verification found an entry that is not what was written, or a row changed past the register.

    Somebody with access to the database itself has been at work. Keep the database as it is, and tell the auditor.
    """
    return finding("Finding", Finding.council_id, Finding.id, place=Finding.place, how=Finding.kind)
