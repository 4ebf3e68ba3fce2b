"""The recovery shares of the installation's root key, flagged in the council that keeps it."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Select, func, literal

from registry.activity.cadence import DaysAfter
from registry.core.clock import start_of
from registry.councils.models import Installation
from registry.custody.models_keys import RecoverySet, RecoveryShare
from registry.flags.rule import Severity, Tell, finding, flag
from registry.identity.models import Employment, Person

REHEARSED_FOR = timedelta(days=365)


@flag(
    Severity.WARNING,
    clause="002 §19.2",
    message="{name} left on {left_on} and still holds a recovery share of the root key.",
    tell=(Tell.CLERK,),
    mend=("custody.keys", "Rotate the root key and make new shares"),
)
def share_holder_left(on: date) -> Select[Any]:
    """Somebody whose last day has passed holds one of the recovery shares that count.

    Together with other holders and a backup it opens all of custody, and a share of somebody who is gone is one fewer
    on the day it is needed. A paper cannot be called back: only a new root key with new shares makes it void.
    """
    return (
        _counting(
            "RecoveryShare",
            RecoveryShare.id,
            DaysAfter(Employment.ends_on, literal(1)),
            person_id=RecoveryShare.person_id,
            name=Person.name,
            left_on=Employment.ends_on,
        )
        .join(Person, Person.id == RecoveryShare.person_id)
        .where(Employment.ends_on < on)
    )


@flag(
    Severity.WARNING,
    clause="002 §19.2",
    message="The recovery shares of the root key were not rehearsed since {seen_on}.",
    tell=(Tell.CLERK,),
    mend=("custody.keys", "Ask each holder to type theirs back"),
)
def shares_not_rehearsed(on: date) -> Select[Any]:
    """For over a year nobody made sure that the recovery shares are still there and can be read.

    Papers fade, move house and are thrown away; on the day they are needed it is too late to find out.
    """
    seen_at = func.coalesce(RecoverySet.rehearsed_at, RecoverySet.made_at)
    seen_on = func.date(seen_at, type_=Date)
    since = DaysAfter(seen_on, literal(REHEARSED_FOR.days + 1))
    late = seen_at < start_of(on - REHEARSED_FOR)
    return _counting("RecoverySet", RecoverySet.id, since, seen_on=seen_on).where(late).distinct()


def _counting(kind: str, subject_id: Any, since_on: Any, **told: Any) -> Select[Any]:
    """The shares that count, in the council that keeps them; where none is named, wherever their holders came from."""
    keeper = func.coalesce(Installation.keeping_council_id, Employment.council_id)
    return (
        finding(kind, Employment.council_id, subject_id, since_on, **told)
        .select_from(Employment)
        .join(Installation, keeper == Employment.council_id)
        .join(RecoveryShare, RecoveryShare.person_id == Employment.person_id)
        .join(RecoverySet, RecoverySet.id == RecoveryShare.set_id)
        .where(RecoverySet.confirmed_at.is_not(None), RecoverySet.retired_at.is_(None))
    )
