"""Requests that lie on somebody's desk."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Select, func, literal

from registry.activity.cadence import DaysAfter
from registry.flags.rule import Severity, Tell, finding, flag
from registry.identity.models import Person
from registry.requests.models import AccountRequest, RequestState

PATIENCE = timedelta(days=7)


@flag(
    Severity.WARNING,
    clause="002 §6.3, §16.1",
    message="{asker}’s request for “{account}” has waited for the next decision since {waiting_on}.",
    tell=(Tell.COMMS, Tell.CLERK),
    mend=("requests.request_page", "Decide on the request"),
)
def request_waiting(on: date) -> Select[Any]:
    """A request for an account has lain at one step of the approval chain for more than 7 days."""
    moment = func.coalesce(AccountRequest.waiting_since, AccountRequest.submitted_at, AccountRequest.started_at)
    waiting_on = func.date(moment, type_=Date)
    return (
        finding(
            "AccountRequest",
            AccountRequest.council_id,
            AccountRequest.id,
            DaysAfter(waiting_on, literal(PATIENCE.days + 1)),
            person_id=AccountRequest.asker_id,
            asker=Person.name,
            account=AccountRequest.answers["name"].as_string(),
            waiting_on=waiting_on,
        )
        .join(Person, Person.id == AccountRequest.asker_id)
        .where(AccountRequest.state == RequestState.SUBMITTED, waiting_on < on - PATIENCE)
    )
