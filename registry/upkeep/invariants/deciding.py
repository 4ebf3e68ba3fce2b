"""Nobody decides on their own, and nobody decides twice, unless the council's recorded exception says so."""

from collections.abc import Iterable

from sqlalchemy import func, select

from registry.identity.models import RoleGrant
from registry.requests.models import AccountRequest, Answer, Decision, RequestState
from registry.training.models import TrainingRecord
from registry.upkeep.invariant import Look, Wrong, found, invariant
from registry.upkeep.told import entries_of
from registry.vocabulary.events import Event

AGREED = (Answer.AGREE, Answer.AGREE_WITH_CONDITIONS)
DECIDED = (Event.TRAINING_CONFIRMED, Event.TRAINING_REJECTED)


@invariant("I3", "Nobody agrees to their own request without the council's recorded exception.")
def nobody_agrees_to_their_own(look: Look) -> Iterable[Wrong]:
    """Decisions by whoever asked, which say nothing of an exception."""
    query = (
        select(Decision.id, Decision.council_id, Decision.request_id)
        .join(AccountRequest, AccountRequest.id == Decision.request_id)
        .where(Decision.decider_id == AccountRequest.asker_id, Decision.exception == "", Decision.answer.in_(AGREED))
    )
    return found(look, query, "decision", "agrees to request {request_id}, which is its decider’s own")


@invariant("I3", "Nobody agrees to two steps of one request without the council's recorded exception.")
def nobody_agrees_twice(look: Look) -> Iterable[Wrong]:
    """Deciders with more than one agreement to a version that say nothing of an exception."""
    query = (
        select(Decision.request_id.label("id"), Decision.council_id, Decision.decider_id)
        .where(Decision.answer.in_(AGREED))
        .group_by(Decision.council_id, Decision.request_id, Decision.request_version, Decision.decider_id)
        .having(func.count() > 1, func.max(Decision.exception) == "")
    )
    return found(look, query, "request", "has two steps agreed by person {decider_id}")


@invariant("I3", "An approved request has the agreement of every step of its chain to the version that stands.")
def every_step_agreed(look: Look) -> Iterable[Wrong]:
    """Approved requests whose agreements do not cover their chain."""
    counted = (
        select(Decision.request_id, Decision.request_version, func.count(Decision.step.distinct()).label("steps"))
        .where(Decision.answer.in_(AGREED))
        .group_by(Decision.request_id, Decision.request_version)
        .subquery("agreed")
    )
    query = (
        select(AccountRequest.id, AccountRequest.council_id, AccountRequest.chain, counted.c.steps)
        .outerjoin(
            counted,
            (counted.c.request_id == AccountRequest.id) & (counted.c.request_version == AccountRequest.version),
        )
        .where(AccountRequest.state == RequestState.APPROVED)
    )
    for row in look.session.execute(query):
        if (row.steps or 0) != len(row.chain):
            yield Wrong(
                "request", row.id, f"is approved with {row.steps or 0} of {len(row.chain)} steps agreed", row.council_id
            )


@invariant("I3", "Nobody gave themselves a role.")
def nobody_grants_to_themselves(look: Look) -> Iterable[Wrong]:
    """Hats whose wearer is who granted them."""
    query = select(RoleGrant.id, RoleGrant.council_id, RoleGrant.role, RoleGrant.person_id)
    own = query.where(RoleGrant.granted_by == RoleGrant.person_id)
    return found(look, own, "role", "({role}) was given to person {person_id} by themselves")


@invariant("I3", "Nobody confirmed their own training without the exception standing in the trail.")
def nobody_confirms_their_own_training(look: Look) -> Iterable[Wrong]:
    """Records decided by whom they are about, of which the trail tells no exception."""
    allowed = {entry.id for entry in entries_of(look, *DECIDED) if entry.detail.get("exception")}
    query = select(TrainingRecord.id, TrainingRecord.council_id, TrainingRecord.person_id)
    for row in look.session.execute(query.where(TrainingRecord.decided_by == TrainingRecord.person_id)):
        if row.id not in allowed:
            yield Wrong(
                "training record", row.id, f"was confirmed by person {row.person_id}, whom it is about", row.council_id
            )
