"""On whose desk a request is: who holds each step today, and what waits for one person."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from registry.accounts.models import ServiceArea
from registry.councils.models import Council
from registry.identity.models import Employment, Person, RoleGrant
from registry.identity.queries import at_work, worn
from registry.requests.models import AccountRequest, Decision, RequestState
from registry.requests.queries import list_waiting
from registry.requests.rules import MAY_DECIDE, Holder, Turn, who_decides
from registry.vocabulary.permissions import Permission, Role, roles_with

DECIDERS = roles_with(Permission.REQUEST_DECIDE)
Holders = Mapping[Role, Sequence[Holder]]


def holders(session: Session, council_id: int, on: date) -> Holders:
    """Everybody who wears a deciding hat in the council today and works for it, by hat and name; one statement."""
    query = (
        select(RoleGrant.role, Person.id, Person.name, RoleGrant.ends_on)
        .join(Person, Person.id == RoleGrant.person_id)
        .join(Employment, and_(Employment.council_id == RoleGrant.council_id, Employment.person_id == Person.id))
        .where(
            RoleGrant.council_id == council_id,
            RoleGrant.role.in_(DECIDERS),
            worn(on),
            at_work(on),
        )
        .order_by(Person.name, Person.id, RoleGrant.ends_on.is_not(None))
    )
    found: dict[Role, dict[int, Holder]] = defaultdict(dict)
    for role, person_id, name, ends_on in session.execute(query):
        found[role].setdefault(person_id, Holder(person_id, name, is_deputy=ends_on is not None))
    return {role: tuple(people.values()) for role, people in found.items()}


def turn_of(session: Session, council: Council, request: AccountRequest, person_id: int, on: date) -> Turn:
    """How a person stands toward the step of this request whose turn it is."""
    if request.state is not RequestState.SUBMITTED:
        return Turn("", False, False, request.asker_id == person_id, False, False, False)
    area = session.get(ServiceArea, request.service_area_id) if request.service_area_id else None
    decided = select(Decision.id).where(
        Decision.council_id == council.id,
        Decision.request_id == request.id,
        Decision.request_version == request.version,
        Decision.decider_id == person_id,
    )
    has_decided = session.scalar(decided.limit(1)) is not None
    held = holders(session, council.id, on)
    return _turn(council, request, area.manager_id if area else None, held, person_id, has_decided)


def deputises(held: Holders, role: Role, person_id: int) -> bool:
    """Whether somebody wears a hat only until a day, in another's place."""
    return any(holder.is_deputy for holder in held.get(role, ()) if holder.person_id == person_id)


def _turn(
    council: Council, request: Any, manager_id: int | None, held: Holders, person_id: int, has_decided: bool
) -> Turn:
    """`request` is a request or a row of a list of them, and is waiting."""
    role = Role(request.chain[request.step])
    theirs = who_decides(role, manager_id, request.asker_id, held.get(role, ()))
    has_minute = bool(council.exception_minute)
    return Turn(
        office=council.title(role),
        is_waiting=True,
        holds_step=any(holder.person_id == person_id for holder in theirs),
        is_asker=request.asker_id == person_id,
        own_allowed=council.own_request_exception and has_minute,
        has_decided=has_decided,
        twice_allowed=council.two_steps_exception and has_minute,
    )


@dataclass(frozen=True)
class Waiting:
    """A request that waits for one person's decision, and since when."""

    request_id: int
    name: str
    platform: str
    asker: str
    area: str
    office: str
    since: datetime


def waiting_for(session: Session, council: Council, person_id: int, roles: Collection[Role], on: date) -> list[Waiting]:
    """What this person may decide today, the longest waiting first; three statements however much waits."""
    if not set(roles) & set(DECIDERS):
        return []
    rows = session.execute(list_waiting(council.id)).all()
    held = holders(session, council.id, on) if rows else {}
    decided = _decided_by(session, council.id, person_id) if rows else set()
    found = []
    for row in rows:
        turn = _turn(council, row, row.manager_id, held, person_id, (row.id, row.version) in decided)
        if MAY_DECIDE.judge(turn, on):
            found.append(
                Waiting(row.id, row.name, row.platform, row.asker, row.area or "", turn.office, row.waiting_since)
            )
    return sorted(found, key=lambda waiting: (waiting.since, waiting.request_id))


def _decided_by(session: Session, council_id: int, person_id: int) -> set[tuple[int, int]]:
    query = (
        select(Decision.request_id, Decision.request_version)
        .join(AccountRequest, AccountRequest.id == Decision.request_id)
        .where(
            Decision.council_id == council_id,
            Decision.decider_id == person_id,
            AccountRequest.state == RequestState.SUBMITTED,
        )
    )
    return set(session.execute(query))
