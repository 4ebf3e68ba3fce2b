"""Somebody drafts a request, submits it, takes it back, or asks again after a refusal."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from registry.accounts.queries import find_namesake
from registry.core.errors import Conflict, NotFound
from registry.core.work import Work
from registry.councils.queries import get_council_by_id
from registry.requests.actions.checking import checked
from registry.requests.lifecycle import REQUEST
from registry.requests.models import AccountRequest, RequestState
from registry.requests.noticing import identity_of
from registry.requests.parts import PARTS, find_part, missing
from registry.requests.queries import get_locked
from registry.requests.questions import Answers, Kind
from registry.requests.rules import MAY_CHANGE, MAY_SUBMIT, Asking
from registry.requests.seen import hash_of
from registry.vocabulary.events import Event


def start(work: Work) -> AccountRequest:
    """Begin a request for a new account; nobody but the one who asks sees it until it is submitted."""
    return _begin(work, {}, None)


def save_part(work: Work, request_id: int, key: str, given: Mapping[str, Any]) -> AccountRequest:
    """Keep the answers to one part of the form; those that another answer makes pointless are dropped.

    Whatever is left out is unanswered. What cannot stand is refused at its field (`Invalid`).
    """
    request = _own(work, request_id)
    REQUEST.move(request, "be_changed")
    part = find_part(key)
    if part is None:
        raise NotFound
    typed = {question.name: _plain(given.get(question.name)) for question in part.questions}
    kept = {question.name: typed[question.name] for question in part.shown(typed) if question.is_given(typed)}
    answers = {name: value for name, value in request.answers.items() if name not in part.names}
    answers |= checked(work, part, kept)
    if answers != request.answers:
        request.answers = answers
        request.service_area_id = answers.get("service_area_id")
        request.version += 1
        work.record(Event.REQUEST_SAVED, request, part=part.title, version=request.version)
    return request


def submit(work: Work, request_id: int, seen_version: int) -> AccountRequest:
    """Send a complete request on its way: the council's chain as it is now, from its first step.

    A request that was returned is a new version, and goes back to the first step (002 §16.1).
    """
    request = _own(work, request_id)
    if request.version != seen_version:
        raise Conflict("You changed this request in another window. Check your answers again, then submit it.")
    identity = identity_of(request.answers)
    is_taken = identity is not None and find_namesake(work.session, work.council, identity) is not None
    asking = Asking(True, unanswered=len(missing(request.answers)), is_taken=is_taken)
    MAY_SUBMIT.judge(asking, work.today).or_refuse()
    request.version += request.state is RequestState.RETURNED
    REQUEST.move(request, "be_submitted")
    request.chain = [role.value for role in get_council_by_id(work.session, work.council).chain_roles]
    request.step, request.content_hash = 0, hash_of(request.answers)
    request.submitted_at = request.waiting_since = work.now
    work.record(
        Event.REQUEST_SUBMITTED,
        request,
        version=request.version,
        content_hash=request.content_hash,
        chain=request.chain,
    )
    return request


def withdraw(work: Work, request_id: int) -> AccountRequest:
    """Take a request back for good, or throw a draft away."""
    request = _own(work, request_id)
    REQUEST.move(request, "be_withdrawn")
    request.waiting_since = None
    work.record(Event.REQUEST_WITHDRAWN, request, version=request.version)
    return request


def ask_again(work: Work, request_id: int) -> AccountRequest:
    """Begin a new draft with the answers of a refused or withdrawn request; what was confirmed is asked afresh."""
    former = _own(work, request_id)
    REQUEST.move(former, "be_asked_again")
    ticks = {question.name for part in PARTS for question in part.questions if question.kind is Kind.TICK}
    return _begin(work, {name: value for name, value in former.answers.items() if name not in ticks}, former)


def _begin(work: Work, answers: Answers, former: AccountRequest | None) -> AccountRequest:
    request = AccountRequest(
        council_id=work.council,
        asker_id=work.actor_id,
        service_area_id=former.service_area_id if former else None,
        state=RequestState.DRAFT,
        answers=dict(answers),
        version=1,
        started_at=work.now,
    )
    work.session.add(request)
    work.flush()
    work.record(Event.REQUEST_STARTED, request, copied_from=former.id if former else None)
    return request


def _own(work: Work, request_id: int) -> AccountRequest:
    """The request, held, for the one who asks; a draft is not there for anybody else."""
    request = get_locked(work.session, work.council, request_id)
    is_asker = request.asker_id == work.actor_id
    if not is_asker and request.submitted_at is None:
        raise NotFound
    MAY_CHANGE.judge(Asking(is_asker), work.today).or_refuse()
    return request


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
