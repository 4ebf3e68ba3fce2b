"""Finding requests, always within one council, and telling who may see them."""

from collections.abc import Collection

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from registry.accounts.models import ServiceArea
from registry.core.database import Rows, get_one
from registry.core.errors import NotFound
from registry.identity.models import Person
from registry.requests.models import AccountRequest, Decision, RequestState
from registry.requests.rules import SEE_ALL
from registry.vocabulary.permissions import Role

NAME = AccountRequest.answers["name"].as_string()
PLATFORM = AccountRequest.answers["platform"].as_string()


def get_request(session: Session, council_id: int, request_id: int) -> AccountRequest:
    """The council's request with this number."""
    return get_one(session, _numbered(council_id, request_id))


def get_visible(
    session: Session, council_id: int, request_id: int, viewer_id: int, roles: Collection[Role]
) -> AccountRequest:
    """A request that this person may see: their own, or any that was submitted if their role decides or audits.

    What was never submitted is not there for anybody but the person who drafts it.
    """
    request = get_request(session, council_id, request_id)
    if not sees_request(request.asker_id, viewer_id, roles if request.submitted_at is not None else ()):
        raise NotFound
    return request


def sees_request(asker_id: int, viewer_id: int, roles: Collection[Role]) -> bool:
    """Whether somebody may see a request that was submitted: their own, or any if their role decides or audits."""
    return asker_id == viewer_id or not SEE_ALL.isdisjoint(roles)


def get_locked(session: Session, council_id: int, request_id: int) -> AccountRequest:
    """The same, held so that whoever else wants to change it waits, and then sees what was changed."""
    held = _numbered(council_id, request_id).with_for_update().execution_options(populate_existing=True)
    return get_one(session, held)


def _numbered(council_id: int, request_id: int) -> Select[AccountRequest]:
    return select(AccountRequest).where(AccountRequest.council_id == council_id, AccountRequest.id == request_id)


def list_decisions(session: Session, request: AccountRequest) -> list[Decision]:
    """Every decision on a request, the first first."""
    query = select(Decision).where(Decision.council_id == request.council_id, Decision.request_id == request.id)
    return list(session.scalars(query.order_by(Decision.id)))


def requests_listed(council_id: int) -> Rows:
    """The few columns a list of requests shows, with the names of the asker and the service area: for paging by id."""
    return (
        select(
            AccountRequest.id,
            AccountRequest.state,
            AccountRequest.asker_id,
            AccountRequest.chain,
            AccountRequest.step,
            AccountRequest.version,
            AccountRequest.waiting_since,
            AccountRequest.started_at,
            AccountRequest.submitted_at,
            NAME.label("name"),
            PLATFORM.label("platform"),
            Person.name.label("asker"),
            ServiceArea.name.label("area"),
            ServiceArea.manager_id,
        )
        .join(Person, Person.id == AccountRequest.asker_id)
        .outerjoin(
            ServiceArea,
            and_(
                ServiceArea.council_id == AccountRequest.council_id,
                ServiceArea.id == AccountRequest.service_area_id,
            ),
        )
        .where(AccountRequest.council_id == council_id)
    )


def asked_by(query: Rows, person_id: int) -> Rows:
    """Of these requests, those of one person, drafts too."""
    return query.where(AccountRequest.asker_id == person_id)


def ever_submitted(query: Rows) -> Rows:
    """Of these requests, those that were ever submitted."""
    return query.where(AccountRequest.submitted_at.is_not(None))


def list_waiting(council_id: int) -> Rows:
    """Every request that waits for a decision, with `waiting_since`: for flags and for whose desk it is on."""
    return requests_listed(council_id).where(AccountRequest.state == RequestState.SUBMITTED)
